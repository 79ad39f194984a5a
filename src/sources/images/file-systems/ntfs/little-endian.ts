/**
 * Numbers of NTFS, little-endian. What lies beyond the end of `bytes` reads as zero: a record is checked as a whole,
 * and a hostile field that points out of it must not throw.
 */
export function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** The number of a file reference: its lower 48 bits; the sequence number stands in the upper 16. */
export function u48(bytes: Uint8Array, at: number): number {
  return u32(bytes, at) + u16(bytes, at + 4) * 2 ** 32;
}

/** Not exact from 2^53 on; check with `Number.isSafeInteger`. */
export function u64(bytes: Uint8Array, at: number): number {
  return u32(bytes, at) + u32(bytes, at + 4) * 2 ** 32;
}

const TICKS = 10_000;
/** Milliseconds from 1601 to 1970. */
const EPOCH = 11_644_473_600_000;

/** A FILETIME, 100 ns since 1601, as milliseconds since 1970; null where it was never set. */
export function fileTime(bytes: Uint8Array, at: number): number | null {
  const low = u32(bytes, at);
  const high = u32(bytes, at + 4);
  if (low === 0 && high === 0) return null;
  // 2^32 ticks are 429,496 ms and 7,296 ticks: the sum stays exact.
  return high * 429_496 + Math.floor((high * 7_296 + low) / TICKS) - EPOCH;
}
