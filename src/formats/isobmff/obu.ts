import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** AV1 section 5.3.2: types 1–8 and 15; the others are reserved. */
const known = new Set([1, 2, 3, 4, 5, 6, 7, 8, 15]);

/**
 * Follows the open bitstream units of a sample (AV1 section 5.3): reserved bits are zero, sizes end exactly with it;
 * only the last may leave out its size. Returns the longest unit in bytes. @throws Broken
 */
export function walkObus(reader: Reader, start: number, end: number): number {
  let longest = 0;
  for (let at = start; at < end; ) {
    reader.meter.step();
    const header = reader.u8(at);
    const type = (header >> 3) & 15;
    if ((header & 0x81) !== 0 || !known.has(type)) throw new Broken(at, 'OBU header', 'a known type', header);
    const sizeAt = at + ((header & 4) === 0 ? 1 : 2);
    if ((header & 2) === 0) return Math.max(longest, end - at);
    const { value, length } = readLeb128(reader, sizeAt, end);
    const next = sizeAt + length + value;
    if (next > end) throw new Broken(sizeAt, 'OBU size', `at most ${end - sizeAt - length}`, value);
    longest = Math.max(longest, next - at);
    at = next;
  }
  return longest;
}

/** AV1 section 4.10.5: seven bits a byte, the lowest first, eight bytes at most. */
function readLeb128(reader: Reader, at: number, end: number): { value: number; length: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    if (at + i >= end) break;
    const byte = reader.u8(at + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, length: i + 1 };
  }
  throw new Broken(at, 'OBU size', 'at most 8 bytes', 'more');
}
