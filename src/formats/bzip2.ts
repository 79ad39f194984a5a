import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { decodeBzip2 } from '../checks/bzip2.ts';
import { drain, type Pieces } from '../checks/pieces.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineContent, PackedContent } from './packed-content.ts';
import { accountTail } from './tail.ts';

export const bzip2: Format = {
  id: 'bzip2',
  title: 'bzip2',
  extensions: ['bz2', 'tbz', 'tbz2', 'tb2'],
  signatures: [
    { at: 0, hex: '425a6830314159265359', mask: 'fffffff0ffffffffffff' },
    { at: 0, hex: '425a6830177245385090', mask: 'fffffff0ffffffffffff' },
  ],
  spec: 'bzip2 1.0.8 source, compress.c and decompress.c',
  proof: 'CRC-32 of every block and of the whole',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const content = new PackedContent();
    const end = drain(
      decodeFile(reader, (start, end) => accountStream(ledger, start, end)),
      content.add,
    )!;
    accountTail(reader, ledger, end);
    examineContent({ reader, ledger, context, start: 0, end }, content, (again) => decodeFile(again));
  },
};

/** Streams follow each other, as parallel packers write them. Gives the end of the last. */
function* decodeFile(reader: Reader, tell: (start: number, end: number) => void = () => {}): Pieces<number> {
  let at = 0;
  do {
    reader.meter.step();
    const run = yield* decodeBzip2({ reader, start: at, end: reader.size });
    tell(at, at + run.consumed);
    at += run.consumed;
  } while (isStream(reader, at));
  return at;
}

/** @throws Broken where a stream's magic bytes are followed by no block */
function isStream(reader: Reader, at: number): boolean {
  if (!reader.has(at, 'BZh')) return false;
  const level = reader.u8(at + 3, 'bzip2 level');
  if (level < 0x31 || level > 0x39) throw new Broken(at + 3, 'bzip2 level', '1 to 9', level);
  return true;
}

function accountStream(ledger: Ledger, start: number, end: number): void {
  ledger.account(start, start + 4, 'structure', 'bzip2 magic and level');
  ledger.account(start + 4, end, 'checksum', 'CRC-32 of the blocks and of the whole');
}
