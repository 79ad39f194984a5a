import { BACKGROUND, QUARTERS, RUN, SCORES } from './layout';

const WINDOW: u32 = 512;
/** Nats that the sum must fall below its peak before a run ends, in 1/1024. */
const FALL: i64 = 25 * 1024;

/**
 * Adds windows of 512 bytes to BACKGROUND, except those whose Σc² lies in [lowest, highest] as that of random bytes
 * does; a last window shorter than that is left out. Returns bytes added.
 */
export function gatherBackground(from: usize, length: u32, lowest: u32, highest: u32): u32 {
  let added: u32 = 0;
  for (const end = from + length; from + WINDOW <= end; from += WINDOW) {
    const squares = count(from);
    if (squares < lowest || squares > highest) added += addBins();
  }
  memory.fill(QUARTERS, 0, 512);
  return added;
}

function count(from: usize): u32 {
  memory.fill(QUARTERS, 0, 512);
  let sum: u32 = 0;
  for (const end = from + WINDOW; from < end; from++) {
    const bin = QUARTERS + (<usize>load<u8>(from) << 1);
    const before: u32 = load<u16>(bin);
    sum += before;
    store<u16>(bin, before + 1);
  }
  return 2 * sum + WINDOW;
}

function addBins(): u32 {
  for (let i: usize = 0; i < 512; i += 16) {
    const bins = v128.load(QUARTERS + i);
    const at = BACKGROUND + (i << 1);
    v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_u(bins)));
    v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_u(bins)), 16);
  }
  return WINDOW;
}

/** Fills BACKGROUND anew with those windows of 64 bytes whose scores sum to less than zero. Returns bytes added. */
export function refineBackground(from: usize, length: u32): u32 {
  memory.fill(BACKGROUND, 0, 1024);
  let added: u32 = 0;
  for (const end = from + length; from + 64 <= end; from += 64) {
    if (scoreOf(from) >= 0) continue;
    for (let i: usize = 0; i < 64; i++) {
      const bin = BACKGROUND + (<usize>load<u8>(from + i) << 2);
      store<u32>(bin, load<u32>(bin) + 1);
    }
    added += 64;
  }
  return added;
}

function scoreOf(from: usize): i32 {
  let sum: i32 = 0;
  for (let i: usize = 0; i < 64; i++) sum += load<i32>(SCORES + (<usize>load<u8>(from + i) << 2));
  return sum;
}

let sum: i64 = 0;
let peak: i64 = 0;
let start: i64 = 0;
let peakAt: i64 = 0;

/** Forgets what was swept before. The next byte is at `position` of the file. */
export function beginSweep(position: f64): void {
  sum = 0;
  peak = 0;
  start = <i64>position;
}

/**
 * Adds the scores of `length` bytes, never falling below zero (CUSUM), until a run ends whose peak is above
 * `threshold` (1/1024 nat). Returns bytes swept until then, and RUN holds start, end and peak; `length` + 1: no run ended.
 */
export function sweep(from: usize, length: u32, position: f64, threshold: f64): u32 {
  const least = <i64>threshold;
  const shift = <i64>position - <i64>from;
  const end = from + length;
  for (let at = from; at < end; at++) {
    sum += <i64>load<i32>(SCORES + (<usize>load<u8>(at) << 2));
    if (sum > peak) {
      peak = sum;
      peakAt = <i64>at + shift + 1;
    } else if (sum <= 0 || peak - sum >= FALL) {
      const found = peak > least;
      if (found) storeRun();
      sum = 0;
      peak = 0;
      start = <i64>at + shift + 1;
      if (found) return <u32>(at + 1 - from);
    }
  }
  return length + 1;
}

/** Ends the sweep at the end of the data: whether a run was still open, which then is in RUN. */
export function endSweep(threshold: f64): bool {
  if (peak <= <i64>threshold) return false;
  storeRun();
  return true;
}

function storeRun(): void {
  store<f64>(RUN, <f64>start);
  store<f64>(RUN, <f64>peakAt, 8);
  store<f64>(RUN, <f64>peak / 1024, 16);
}
