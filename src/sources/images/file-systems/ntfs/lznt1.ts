import { Broken } from '../../../../bytes/errors.ts';
import { u16 } from './little-endian.ts';

/** What one piece of the compressed data unpacks to, in bytes. */
const CHUNK = 4096;
const PACKED = 0x8000;

/**
 * LZNT1 ([MS-XCA] §2.5): chunks of up to 4,096 bytes, each with a header of two bytes; a header of zero ends them.
 * A chunk that gives less than 4,096 bytes, and what no chunk gives, is filled up with zeros.
 * @throws Broken
 */
export function decodeLznt1(packed: Uint8Array, into: Uint8Array): void {
  let at = 0;
  let out = 0;
  while (out < into.length && at + 2 <= packed.length) {
    const header = u16(packed, at);
    if (header === 0) break;
    const end = at + 3 + (header & 0xfff);
    if (end > packed.length) throw new Broken(at, 'LZNT1 chunk', `an end at ${packed.length}`, end);
    const limit = Math.min(out + CHUNK, into.length);
    const reached =
      (header & PACKED) === 0
        ? copyChunk(packed.subarray(at + 2, end), into, out, limit)
        : decodeChunk(packed, at + 2, end, into, out, limit);
    into.fill(0, reached, limit);
    out = limit;
    at = end;
  }
  into.fill(0, out);
}

function copyChunk(stored: Uint8Array, into: Uint8Array, out: number, limit: number): number {
  const part = stored.subarray(0, limit - out);
  into.set(part, out);
  return out + part.length;
}

function decodeChunk(
  packed: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  out: number,
  limit: number,
): number {
  let at = start;
  let to = out;
  while (at < end && to < limit) {
    let flags = packed[at++]! | 0x100;
    for (; flags > 1 && at < end && to < limit; flags >>= 1) {
      if ((flags & 1) === 0) {
        into[to++] = packed[at++]!;
        continue;
      }
      const distanceBits = bitsOfDistance(to - out);
      const token = u16(packed, at);
      at += 2;
      const distance = (token >> (16 - distanceBits)) + 1;
      const length = (token & (0xffff >> distanceBits)) + 3;
      if (distance > to - out || at > end)
        throw new Broken(at - 2, 'LZNT1 distance', `at most ${to - out}`, distance);
      const stop = Math.min(to + length, limit);
      for (; to < stop; to++) into[to] = into[to - distance]!;
    }
  }
  return to;
}

/** The farther into the chunk, the more of a token's 16 bits are its distance: 4 for the first 16 bytes, up to 12. */
function bitsOfDistance(done: number): number {
  return done <= 16 ? 4 : 32 - Math.clz32(done - 1);
}
