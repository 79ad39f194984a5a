import { BYTE_COUNTS, PAIR_COUNTS, BIT_COUNTS } from './layout';

export function clearTraits(): void {
  memory.fill(BYTE_COUNTS, 0, 2048);
  memory.fill(BIT_COUNTS, 0, 16);
}

/**
 * Adds an even number of bytes to the histogram of bytes, to that of the high nibbles of neighbours (pairs do not
 * overlap), and counts one bits and places where a bit differs from the one before it, most significant bit first.
 */
export function addTraits(from: usize, length: u32): void {
  let ones: u32 = 0;
  let changes: u32 = 0;
  let last: u32 = load<u8>(from) >> 7;
  for (const end = from + length; from < end; from += 2) {
    const a: u32 = load<u8>(from);
    const b: u32 = load<u8>(from, 1);
    increment(BYTE_COUNTS + (a << 2));
    increment(BYTE_COUNTS + (b << 2));
    increment(PAIR_COUNTS + (((a & 0xf0) | (b >> 4)) << 2));
    const bits = (a << 8) | b;
    ones += popcnt<u32>(bits);
    changes += popcnt<u32>(bits ^ ((bits >> 1) | (last << 15)));
    last = bits & 1;
  }
  store<u32>(BIT_COUNTS, load<u32>(BIT_COUNTS) + ones);
  store<u32>(BIT_COUNTS, load<u32>(BIT_COUNTS, 4) + changes, 4);
}

// @ts-ignore: decorator
@inline
function increment(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}
