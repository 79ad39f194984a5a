import { BINS, C_LOG_C, LOGS, OTHER_TOTAL, PRINTABLE, QUARTERS, SQUARES, UNIFORM_TOTAL, ZEROS } from './layout';

const BLOCK: u32 = 4096;

/**
 * Measures `length` bytes from `from`, at most 256 blocks, each block into its slot of SQUARES, PRINTABLE, ZEROS, LOGS.
 * A block whose Σc² lies in [lowest, highest] counts as uniform.
 */
export function measure(from: usize, length: u32, lowest: u32, highest: u32): void {
  memory.fill(UNIFORM_TOTAL, 0, 2048);
  let slot: usize = 0;
  while (length > 0) {
    const size = min(length, BLOCK);
    if (isConstant(from, size)) countConstant(from, size);
    else count(from, size);
    reduce(slot, lowest, highest);
    from += size;
    length -= size;
    slot++;
  }
}

// Long fills are common (sparse files, free pages), and the slowest case for the counters.
function isConstant(from: usize, size: u32): bool {
  if (size < BLOCK) return false;
  const value = i8x16.splat(load<i8>(from));
  const end = from + size;
  for (; from < end; from += 64) {
    const a = v128.and(i8x16.eq(v128.load(from), value), i8x16.eq(v128.load(from, 16), value));
    const b = v128.and(i8x16.eq(v128.load(from, 32), value), i8x16.eq(v128.load(from, 48), value));
    if (!i8x16.all_true(v128.and(a, b))) return false;
  }
  return true;
}

function countConstant(from: usize, size: u32): void {
  store<u16>(QUARTERS + (<usize>load<u8>(from) << 1), size);
}

// @ts-ignore: decorator
@inline
function tally(word: u64, shift: u64, quarter: usize): void {
  const bin = QUARTERS + quarter * 512 + ((<usize>(<u32>(word >> shift) & 0xff)) << 1);
  store<u16>(bin, load<u16>(bin) + 1);
}

// @ts-ignore: decorator
@inline
function tallyWord(word: u64): void {
  tally(word, 0, 0);
  tally(word, 8, 1);
  tally(word, 16, 2);
  tally(word, 24, 3);
  tally(word, 32, 0);
  tally(word, 40, 1);
  tally(word, 48, 2);
  tally(word, 56, 3);
}

// Four tables, since a repeated byte would otherwise wait for the store of the one before it.
function count(from: usize, size: u32): void {
  const end = from + size;
  const wholeWords = from + (size & ~15);
  while (from < wholeWords) {
    const a = load<u64>(from);
    const b = load<u64>(from, 8);
    tallyWord(a);
    tallyWord(b);
    from += 16;
  }
  while (from < end) tally(load<u8>(from++), 0, 0);
}

// @ts-ignore: decorator
@inline
function sumOfLanes(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

function reduce(slot: usize, lowest: u32, highest: u32): void {
  let squares = i32x4.splat(0);
  let printable = i32x4.splat(0);
  const zero = i32x4.splat(0);
  const ones = i16x8.splat(1);
  for (let i: usize = 0; i < 512; i += 16) {
    const a = i16x8.add(v128.load(QUARTERS + i), v128.load(QUARTERS + i, 512));
    const b = i16x8.add(v128.load(QUARTERS + i, 1024), v128.load(QUARTERS + i, 1536));
    const bins = i16x8.add(a, b);
    v128.store(QUARTERS + i, zero);
    v128.store(QUARTERS + i, zero, 512);
    v128.store(QUARTERS + i, zero, 1024);
    v128.store(QUARTERS + i, zero, 1536);
    v128.store(BINS + i, bins);
    squares = i32x4.add(squares, i32x4.dot_i16x8_s(bins, bins));
    if (i >= 64 && i < 256) printable = i32x4.add(printable, i32x4.dot_i16x8_s(bins, ones));
  }
  const sum = sumOfLanes(squares);
  store<u32>(SQUARES + (slot << 2), sum);
  store<u32>(PRINTABLE + (slot << 2), sumOfLanes(printable) + whiteSpace() - load<u16>(BINS + 254));
  store<u32>(ZEROS + (slot << 2), load<u16>(BINS));
  addTo(sum >= lowest && sum <= highest ? UNIFORM_TOTAL : OTHER_TOTAL);
  store<f64>(LOGS + (slot << 3), sumOfLogs());
}

// Tab, line feed, carriage return.
function whiteSpace(): u32 {
  return <u32>load<u16>(BINS + 18) + <u32>load<u16>(BINS + 20) + <u32>load<u16>(BINS + 26);
}

function addTo(total: usize): void {
  for (let i: usize = 0; i < 512; i += 16) {
    const bins = v128.load(BINS + i);
    const at = total + (i << 1);
    v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_u(bins)));
    v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_u(bins)), 16);
  }
}

function sumOfLogs(): f64 {
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  for (let i: usize = 0; i < 512; i += 8) {
    a += load<f64>(C_LOG_C + (<usize>load<u16>(BINS + i) << 3));
    b += load<f64>(C_LOG_C + (<usize>load<u16>(BINS + i, 2) << 3));
    c += load<f64>(C_LOG_C + (<usize>load<u16>(BINS + i, 4) << 3));
    d += load<f64>(C_LOG_C + (<usize>load<u16>(BINS + i, 6) << 3));
  }
  return a + b + (c + d);
}
