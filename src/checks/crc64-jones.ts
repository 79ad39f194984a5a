import { lendEngine } from './crc-engine.ts';

/**
 * The CRC-64 of Redis (crc64.c): polynomial of Jones, reflected, nothing inverted.
 * @param seed what a call over the bytes before gave
 */
export function crc64Jones(bytes: Uint8Array, seed = 0n): bigint {
  const { engine, input } = lendEngine();
  let state = seed;
  for (let at = 0; at < bytes.length; at += input.length) {
    const part = bytes.subarray(at, at + input.length);
    input.set(part);
    state = engine.crc64(part.length, state);
  }
  return BigInt.asUintN(64, state);
}
