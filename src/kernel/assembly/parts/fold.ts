import { BINS, COLUMN, COLUMNS, RESIDUES } from './layout';

/** Bytes that go to one column together. */
const GRANULE: usize = 8;
/** Granules of the longest period, 768 bytes; every shorter one divides it. */
const LONGEST: u32 = 96;

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

/** Sums the residues to the `count` columns of a period of 8·count bytes; count divides 96. */
export function makeColumns(count: u32): void {
  memory.copy(COLUMNS, RESIDUES, count * 512);
  for (let r = count; r < LONGEST; r++) addBins(COLUMNS + (r % count) * 512, RESIDUES + r * 512);
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
  let squares: u32 = 0;
  let bytes: u32 = 0;
  for (let i: usize = 0; i < 512; i += 2) {
    const bin: u32 = load<u16>(BINS + i);
    squares += bin * bin;
    bytes += bin;
  }
  store<u32>(COLUMN, squares);
  store<u32>(COLUMN, bytes, 4);
}
