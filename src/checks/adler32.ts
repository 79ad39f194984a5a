import { lendSums } from './sums.ts';

/**
 * Adler-32 (RFC 1950 §8.2).
 * @param seed what a call over the bytes before gave
 */
export function adler32(bytes: Uint8Array, seed = 1): number {
  const { engine, memory } = lendSums();
  const most = engine.inputSize();
  let sum = seed >>> 0;
  for (let at = 0; at < bytes.length; at += most) {
    const part = bytes.subarray(at, at + most);
    memory.set(part, engine.inputAt());
    sum = engine.addAdler32(part.length, sum) >>> 0;
  }
  return sum;
}
