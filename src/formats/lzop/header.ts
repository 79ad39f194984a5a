import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { adler32 } from '../../checks/adler32.ts';
import { crc32 } from '../../checks/crc32.ts';

/** Which sums stand with each block: of its content, of what it's packed to. */
export interface LzopHeader extends Range {
  readonly flags: number;
  readonly method: number;
}

export const LZOP_MAGIC = '\x89LZO\0\r\n\x1a\n';
export const flags = {
  adlerContent: 1,
  adlerPacked: 2,
  extra: 0x40,
  crcContent: 0x100,
  crcPacked: 0x200,
  filter: 0x800,
  crcHeader: 0x1000,
} as const;

/** Since this version there are a level, a version needed, and the upper half of the time. */
const NEWER = 0x0940;

/** lzop 1.04, lzop.c, read_header. @throws Broken, Truncated */
export function readLzopHeader(reader: Reader, start: number): LzopHeader {
  reader.expect(start, LZOP_MAGIC, 'lzop magic');
  const version = reader.u16be(start + 9, 'lzop version');
  let at = start + 13 + (version >= NEWER ? 2 : 0);
  const method = reader.u8(at, 'lzop method');
  at += version >= NEWER ? 2 : 1;
  const bits = reader.u32be(at, 'lzop flags');
  at += 4 + ((bits & flags.filter) !== 0 ? 4 : 0);
  at += 4 + (version >= NEWER ? 8 : 4);
  at += 1 + reader.u8(at, 'lzop name');
  compareHeader(reader, start + LZOP_MAGIC.length, at, bits);
  at += 4;
  if ((bits & flags.extra) !== 0) {
    const end = at + 4 + reader.u32be(at, 'lzop extra field');
    compareHeader(reader, at, end, bits);
    at = end + 4;
  }
  return { start, end: at, flags: bits, method };
}

function compareHeader(reader: Reader, start: number, end: number, bits: number): void {
  const bytes = reader.bytes(start, end - start, 'lzop header');
  const computed = (bits & flags.crcHeader) !== 0 ? crc32(bytes) : adler32(bytes);
  const stored = reader.u32be(end, 'sum of the lzop header');
  if (stored !== computed) throw new Broken(end, 'sum of the lzop header', stored, computed);
}
