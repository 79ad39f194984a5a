/** The largest prime below 2^16 (RFC 1950 §8.2). */
const MODULUS = 65521;
/** So many bytes can be summed before the second sum leaves 32 bits. */
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
    for (; at < end; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  return ((b << 16) | a) >>> 0;
}
