/** The largest prime below 2^16 (RFC 1950 §8.2). */
const MODULUS = 65521;
/** So many bytes, a multiple of 8, can be summed before the second sum leaves 32 bits. */
const MOST_BETWEEN_MODULI = 5552;

/**
 * Adler-32 (RFC 1950 §8.2).
 * @param seed what a call over the bytes before gave
 */
export function adler32(bytes: Uint8Array, seed = 1): number {
  let a = seed & 0xffff;
  let b = seed >>> 16;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + MOST_BETWEEN_MODULI, bytes.length);
    // Eight bytes a turn: the sums are the same, with a third of the additions depending on each other.
    for (const last = end - 8; at <= last; at += 8) {
      const b0 = bytes[at]!;
      const b1 = bytes[at + 1]!;
      const b2 = bytes[at + 2]!;
      const b3 = bytes[at + 3]!;
      const b4 = bytes[at + 4]!;
      const b5 = bytes[at + 5]!;
      const b6 = bytes[at + 6]!;
      const b7 = bytes[at + 7]!;
      b += 8 * a + 8 * b0 + 7 * b1 + 6 * b2 + 5 * b3 + 4 * b4 + 3 * b5 + 2 * b6 + b7;
      a += b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7;
    }
    for (; at < end; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  return ((b << 16) | a) >>> 0;
}
