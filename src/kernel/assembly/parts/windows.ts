import { CONTRAST_LOWER, CONTRAST_UPPER, QUARTERS, WINDOWS, WINDOW_SQUARES } from './layout';

const STRETCH: u32 = 4096;
const NARROWEST: u32 = 64;
const WIDTHS: u32 = 6;

/**
 * The smallest window, in bytes, all of which contrast in this stretch; 0 where none does.
 * `length` is at least 64 and at most 8191. `phase`: offset of `from` in the file, modulo 2048, so that windows stand
 * on multiples of their width; one more begins at the start and one ends at the end where these are no multiples.
 */
export function contrastWidth(from: usize, length: u32, phase: u32): u32 {
  if (length === STRETCH && phase === 0) return widthOfWhole(from);
  for (let i: u32 = 0; i < WIDTHS; i++) {
    const width = NARROWEST << i;
    if (width > length) return 0;
    if (allContrast(from, length, width, i, phase)) return width;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function contrasts(squares: u32, i: u32): bool {
  return squares >= load<u32>(CONTRAST_UPPER + (i << 2)) || squares <= load<u32>(CONTRAST_LOWER + (i << 2));
}

function allContrast(from: usize, length: u32, width: u32, i: u32, phase: u32): bool {
  if (!contrasts(squaresOf(from, width), i)) return false;
  if (!contrasts(squaresOf(from + length - width, width), i)) return false;
  const first = (width - (phase & (width - 1))) & (width - 1);
  for (let at = first; at + width <= length; at += width) {
    if (!contrasts(squaresOf(from + at, width), i)) return false;
  }
  return true;
}

/** Σc² of at most 4096 bytes. Each byte adds 2c + 1, c being how often it was there before. */
export function squaresOf(from: usize, length: u32): u32 {
  memory.fill(QUARTERS, 0, 512);
  let sum: u32 = 0;
  for (const end = from + length; from < end; from++) {
    const bin = QUARTERS + (<usize>load<u8>(from) << 1);
    const before: u32 = load<u16>(bin);
    sum += before;
    store<u16>(bin, before + 1);
  }
  memory.fill(QUARTERS, 0, 512);
  return 2 * sum + length;
}

// Histograms of 64 bytes are made once; each wider window is the sum of two narrower ones.
function widthOfWhole(from: usize): u32 {
  memory.fill(WINDOWS, 0, 64 * 256);
  let failed: u32 = 0;
  for (let w: u32 = 0; w < 64; w++) {
    const squares = countNarrowest(from + w * NARROWEST, WINDOWS + w * 256);
    store<u32>(WINDOW_SQUARES + (w << 2), squares);
    failed |= <u32>!contrasts(squares, 0);
  }
  if (!failed) return NARROWEST;
  for (let i: u32 = 1; i < WIDTHS; i++) {
    if (mergePairs(64 >> i, i)) return NARROWEST << i;
  }
  return 0;
}

function countNarrowest(from: usize, bins: usize): u32 {
  let sum: u32 = 0;
  for (let i: usize = 0; i < 64; i += 8) {
    const word = load<u64>(from + i);
    for (let shift: u64 = 0; shift < 64; shift += 8) {
      const bin = bins + (<usize>(word >> shift) & 0xff);
      const before: u32 = load<u8>(bin);
      sum += before;
      store<u8>(bin, before + 1);
    }
  }
  return 2 * sum + 64;
}

/** Makes the `count` windows of the next width; whether all of them contrast. */
function mergePairs(count: u32, i: u32): bool {
  let failed: u32 = 0;
  for (let w: u32 = 0; w < count; w++) {
    const squares = merge(WINDOWS + w * 512, WINDOWS + w * 256);
    failed |= <u32>!contrasts(squares, i);
  }
  return !failed;
}

// A count stops at 255, whose square alone is beyond every limit: the sum then is too small, the decision is the same.
function merge(pair: usize, into: usize): u32 {
  let sum = i32x4.splat(0);
  for (let b: usize = 0; b < 256; b += 16) {
    const bins = i8x16.add_sat_u(v128.load(pair + b), v128.load(pair + b, 256));
    v128.store(into + b, bins);
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_low_i8x16_u(bins, bins)));
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_high_i8x16_u(bins, bins)));
  }
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
}
