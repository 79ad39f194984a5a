import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { crc32 } from '../checks/crc32.ts';
import { decodeLzma } from '../checks/lzma.ts';
import { drain, type Pieces, watched } from '../checks/pieces.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineContent, PackedContent } from './packed-content.ts';
import { accountTail } from './tail.ts';

const MAGIC = 'LZIP';
const HEADER = 6;
/** lc 3, lp 0, pb 2: lzip has no others. */
const PROPERTIES = 93;

export const lzip: Format = {
  id: 'lzip',
  title: 'lzip',
  extensions: ['lz', 'tlz'],
  signatures: [{ at: 0, hex: '4c5a495000', mask: 'fffffffffe' }],
  spec: 'lzip manual, File format',
  proof: 'CRC-32 and length of the content, length of the member',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const content = new PackedContent();
    const end = drain(
      decodeFile(reader, (start, end) => accountMember(ledger, start, end)),
      content.add,
    )!;
    accountTail(reader, ledger, end);
    examineContent({ reader, ledger, context, start: 0, end }, content, (again) => decodeFile(again));
  },
};

/** Members follow each other. Gives the end of the last. */
function* decodeFile(reader: Reader, tell: (start: number, end: number) => void = () => {}): Pieces<number> {
  let at = 0;
  do {
    const end: number = yield* decodeMember(reader, at);
    tell(at, end);
    at = end;
  } while (reader.has(at, MAGIC));
  return at;
}

function* decodeMember(reader: Reader, start: number): Pieces<number> {
  reader.expect(start, MAGIC, 'lzip magic');
  const version = reader.u8(start + 4, 'lzip version');
  if (version > 1) throw new Broken(start + 4, 'lzip version', '0 or 1', version);
  const dictionary = readDictionary(reader, start + 5);
  let computed = 0;
  const { consumed, produced } = yield* watched(
    decodeLzma(
      { reader, start: start + HEADER, end: reader.size },
      { properties: PROPERTIES, dictionary, size: null },
    ),
    (piece) => {
      computed = crc32(piece, computed);
    },
  );
  const at = start + HEADER + consumed;
  const end = at + (version === 0 ? 12 : 20);
  if (end > reader.size) throw new Truncated(reader.size, 'lzip trailer', end - reader.size);
  expect(at, 'CRC-32 of the content', reader.u32le(at), computed);
  expect(at + 4, 'length of the content', reader.u64le(at + 4), produced);
  if (version === 1) expect(at + 12, 'length of the member', reader.u64le(at + 12), end - start);
  return end;
}

/** A power of two, less some sixteenths of it. */
function readDictionary(reader: Reader, at: number): number {
  const code = reader.u8(at, 'lzip dictionary');
  const base = 2 ** (code & 31);
  const size = base - (base / 16) * (code >> 5);
  if (size < 4096 || (code & 31) > 29) throw new Broken(at, 'lzip dictionary', '4 KiB to 512 MiB', size);
  return size;
}

function expect(at: number, what: string, stored: number, computed: number): void {
  if (stored !== computed) throw new Broken(at, what, stored, computed);
}

/** A dictionary larger than the one written decodes the same: its byte stays unaccounted. */
function accountMember(ledger: Ledger, start: number, end: number): void {
  ledger.account(start, start + 5, 'structure', 'lzip magic and version');
  ledger.account(start + HEADER, end, 'checksum', 'CRC-32 and length of the content');
}
