import { lendEngine } from './crc-engine.ts';

/**
 * CRC-32C of RFC 3720 §12.1 (Castagnoli), as databases and log files use it.
 * @param seed what a call over the bytes before gave
 */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  const { engine, input } = lendEngine();
  let state = ~seed;
  for (let at = 0; at < bytes.length; at += input.length) {
    const part = bytes.subarray(at, at + input.length);
    input.set(part);
    state = engine.crc32c(part.length, state);
  }
  return ~state >>> 0;
}

/** A CRC-32C as LevelDB and Snappy store it, so that sums of data that hold sums stay strong (LevelDB, util/crc32c.h). */
export function maskCrc32c(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
