import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { drain, type Pieces } from '../checks/pieces.ts';
import { decodeUnixLzw, type UnixLzw } from '../checks/unix-lzw.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineContent, PackedContent } from './packed-content.ts';
import { LONG_RUN } from './stored-parts.ts';

const HEADER = 3;

export const unixCompress: Format = {
  id: 'compress',
  title: 'compress (.Z)',
  extensions: ['z', 'taz'],
  signatures: [{ at: 0, hex: '1f9d' }],
  spec: 'ncompress source, compress.c',
  proof: 'its LZW codes are in the table as it is then, and each stands for the longest string that it could',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    reader.expect(0, '\x1f\x9d', 'compress magic');
    const content = new PackedContent();
    const run = drain(decode(reader), content.add);
    ledger.account(0, HEADER, 'structure', 'compress magic and width of codes');
    const floor = Math.min(run?.floor ?? LONG_RUN, LONG_RUN);
    if (floor === LONG_RUN) ledger.oddity(HEADER, 'codes that end before their string does');
    ledger.account(HEADER, reader.size, 'decoder', 'LZW codes of a greedy writer', floor);
    examineContent({ reader, ledger, context, start: 0, end: reader.size }, content, (again) =>
      decode(again),
    );
  },
};

function decode(reader: Reader): Pieces<UnixLzw> {
  const flags = reader.u8(2, 'width of codes');
  const widest = flags & 31;
  if (widest < 9 || widest > 16 || (flags & 0x60) !== 0)
    throw new Broken(2, 'width of codes', '9 to 16', flags);
  return decodeUnixLzw({ reader, start: HEADER, end: reader.size }, widest, (flags & 0x80) !== 0);
}
