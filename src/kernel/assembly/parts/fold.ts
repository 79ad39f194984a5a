import { BINS, COLUMN, COLUMNS, RESIDUES } from './layout';

/** Bytes that go to one column together. */
const GRANULE: usize = 8;
/** Granules of the longest period, 1,536 bytes; every shorter one divides it. */
const LONGEST: u32 = 192;

export function clearFold(): void {
  memory.fill(RESIDUES, 0, LONGEST * 512);
}

/** Adds the whole granules of at most 64 KiB in all. `granule`: number of the first one, counted from the file's start. */
export function addFold(from: usize, length: u32, granule: u32): void {
  let residue = granule % LONGEST;
  for (const end = from + (length & ~7); from < end; from += GRANULE) {
    addGranule(load<u64>(from), RESIDUES + residue * 512);
    if (++residue === LONGEST) residue = 0;
  }
}

// @ts-ignore: decorator
@inline
function addGranule(word: u64, bins: usize): void {
  for (let shift: u64 = 0; shift < 64; shift += 8) {
    const bin = bins + ((<usize>(word >> shift) & 0xff) << 1);
    store<u16>(bin, load<u16>(bin) + 1);
  }
}

/** Makes each residue a column: a period of 192 granules. */
export function beginColumns(): void {
  memory.copy(COLUMNS, RESIDUES, LONGEST * 512);
}

/** Sums `parts` columns each, `count` apart, so that `count` columns are left. */
export function narrowColumns(count: u32, parts: u32): void {
  for (let c = count; c < count * parts; c++) addBins(COLUMNS + (c % count) * 512, COLUMNS + c * 512);
}

function addBins(into: usize, from: usize): void {
  for (let i: usize = 0; i < 512; i += 16) {
    v128.store(into + i, i16x8.add(v128.load(into + i), v128.load(from + i)));
  }
}

/** Σc² of `width` neighbouring columns from `first` (round the period) goes to COLUMN (u32), and bytes in them (u32). */
export function measureColumns(first: u32, width: u32, count: u32): void {
  memory.copy(BINS, COLUMNS + first * 512, 512);
  for (let i: u32 = 1; i < width; i++) addBins(BINS, COLUMNS + ((first + i) % count) * 512);
  let squares = i32x4.splat(0);
  let bytes = i32x4.splat(0);
  for (let i: usize = 0; i < 512; i += 16) {
    const bins = v128.load(BINS + i);
    squares = i32x4.add(squares, i32x4.extmul_low_i16x8_u(bins, bins));
    squares = i32x4.add(squares, i32x4.extmul_high_i16x8_u(bins, bins));
    bytes = i32x4.add(bytes, i32x4.extadd_pairwise_i16x8_u(bins));
  }
  store<u32>(COLUMN, sumOfLanes(squares));
  store<u32>(COLUMN, sumOfLanes(bytes), 4);
}

// @ts-ignore: decorator
@inline
function sumOfLanes(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
