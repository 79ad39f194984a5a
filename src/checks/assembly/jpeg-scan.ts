// Entropy decoding of JPEG scans (ITU-T T.81) without reconstruction: symbols are decoded and their values held
// against what samples of the frame's precision can give. About 4 bytes of state a symbol, no allocation.
//
// The caller copies file bytes to RAW and calls `unstuff`, which appends them to CLEAN without stuffed zeros.
// CLEAN is kept as 64-bit words whose bytes are reversed, so that a load gives the bits in the order of the scan.

const RAW: usize = 0x10000;
const RAW_SIZE: usize = 0x10000;
const CLEAN: usize = 0x20000;
const CLEAN_SIZE: usize = 0x20000;
/** Room for what a decoder may read beyond the end of the data before the overrun is noticed. */
const SLACK: usize = 0xc40;
const TABLES: usize = 0x44000;
const TABLE_SIZE: usize = 0x1400;
const LONG_CODES: usize = 0x1000;
const VALUES: usize = 0x1100;
const QUANT: usize = 0x4f000;
const BLOCKS: usize = 0x4f800;
const PREDICTIONS: usize = 0x4f900;
const SCRATCH: usize = 0x4fa00;
const EXTRA: usize = 0x50000;

const FAST_BITS: i32 = 10;

// Outcomes of `decode`.
const MORE: i32 = 0;
const DONE: i32 = 1;
const EARLY_END: i32 = 2;
const BAD_CODE: i32 = 3;
const BAD_RUN: i32 = 4;
const BAD_RANGE: i32 = 5;
const BAD_SYMBOL: i32 = 6;

// Kinds of scan.
const SEQUENTIAL: i32 = 0;
const DC_FIRST: i32 = 1;
const DC_REFINE: i32 = 2;
const AC_FIRST: i32 = 3;
const AC_REFINE: i32 = 4;
const LOSSLESS: i32 = 5;

let kind: i32 = 0;
let first: i32 = 0;
let last: i32 = 0;
let low: i32 = 0;
let blocks: i32 = 0;
let range: i64 = 0;
let predictor: i32 = 0;
let width: i32 = 0;

let mcusLeft: i32 = 0;
let eobRun: i32 = 0;
let block: i32 = 0;
let column: i32 = 0;
let firstLine: bool = true;

let bit: u32 = 0;
let length: u32 = 0;
let symbolBits: i32 = 0;

export function rawAddress(): usize {
  return RAW;
}

export function rawSize(): usize {
  return RAW_SIZE;
}

export function scratchAddress(): usize {
  return SCRATCH;
}

export function extraAddress(): usize {
  return EXTRA;
}

/** Makes room for `bytes` of history or sample rows at EXTRA. */
export function reserve(bytes: u32): bool {
  const wanted = <i32>((EXTRA + bytes + 0xffff) >> 16);
  const missing = wanted - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}

/**
 * Builds table `slot` (0–3 DC, 4–7 AC) from 16 counts and the values at SCRATCH (T.81 annex C).
 * False where the counts ask for more codes than there are.
 */
export function buildTable(slot: i32): bool {
  const table = TABLES + <usize>slot * TABLE_SIZE;
  memory.fill(table, 0, TABLE_SIZE);
  let code: u32 = 0;
  let index: u32 = 0;
  for (let bits: i32 = 1; bits <= 16; bits++) {
    const count = <u32>load<u8>(SCRATCH + bits - 1);
    if (code + count > <u32>1 << bits) return false;
    const row = table + LONG_CODES + (<usize>bits << 3);
    store<u32>(row, code + count);
    store<i32>(row, <i32>index - <i32>code, 4);
    for (let i: u32 = 0; i < count; i++, code++, index++) {
      const value = load<u8>(SCRATCH + 16 + (index & 255));
      store<u8>(table + VALUES + (index & 255), value);
      if (bits > FAST_BITS) continue;
      const spare = FAST_BITS - bits;
      fillFast(table, code << spare, 1 << spare, (<u32>value << 8) | bits);
    }
    code <<= 1;
  }
  return true;
}

function fillFast(table: usize, from: u32, count: u32, entry: u32): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(table + ((from + i) << 2), entry);
}

/** Quantiser `slot` from 64 16-bit values in zigzag order at SCRATCH; `bound` limits the energy of one block. */
export function setQuantiser(slot: i32, bound: f64): void {
  memory.copy(QUANT + (<usize>slot << 7), SCRATCH, 128);
  store<i64>(SCRATCH + 0x180 + (<usize>slot << 3), <i64>(bound * bound));
}

export function beginScan(
  scanKind: i32,
  from: i32,
  to: i32,
  pointTransform: i32,
  blocksOfMcu: i32,
  precision: i32,
): void {
  kind = scanKind;
  first = from;
  last = to;
  predictor = from;
  low = pointTransform;
  blocks = blocksOfMcu;
  range = kind == LOSSLESS ? <i64>1 << (precision - pointTransform) : <i64>1 << (precision + 2);
  block = 0;
  length = 0;
  bit = 0;
}

/** Width in samples of the rows of a lossless scan. */
export function setRow(samples: i32): void {
  width = samples;
}

/** Block `i` of the MCU: its component (0–3) and tables. */
export function setBlock(i: i32, component: i32, dc: i32, ac: i32, quantiser: i32): void {
  store<u32>(BLOCKS + (<usize>i << 2), component | (dc << 8) | (ac << 16) | (quantiser << 24));
}

/** Starts at a byte border with predictions of zero: the beginning of a scan, or after RSTm. */
export function beginInterval(mcus: i32): void {
  mcusLeft = mcus;
  eobRun = 0;
  column = 0;
  firstLine = true;
  length = 0;
  bit = 0;
  for (let i: usize = 0; i < 4; i++) store<i32>(PREDICTIONS + (i << 2), 0);
}

/**
 * Appends RAW's bytes from `start` to `count` to CLEAN; returns up to where they were taken: `count`, or the 0xFF of
 * a marker, or where CLEAN is full.
 */
export function unstuff(start: u32, count: u32): u32 {
  compact();
  let taken = start;
  let to = length;
  while (taken < count && to < <u32>CLEAN_SIZE) {
    const byte = load<u8>(RAW + taken);
    if (byte == 0xff) {
      if (taken + 1 >= count || load<u8>(RAW + taken + 1) != 0) break;
      taken++;
    }
    taken++;
    store<u8>(CLEAN + (to ^ 7), byte);
    to++;
  }
  length = to;
  return taken;
}

/** Drops the words that were decoded. */
function compact(): void {
  const words = bit >> 6;
  if (words == 0) return;
  const bytes = words << 3;
  const kept = length > bytes ? length - bytes : 0;
  memory.copy(CLEAN, CLEAN + bytes, (kept + 7) & ~7);
  length = kept;
  bit -= words << 6;
}

/** Bits of CLEAN that aren't decoded yet; negative after an overrun. */
export function bitsLeft(): i32 {
  return <i32>(length << 3) - <i32>bit;
}

/** Decoded bytes of CLEAN, the last one perhaps in part. */
export function bytesDecoded(): u32 {
  return (bit + 7) >> 3;
}

/** The next `count` bits (1–32), not taken. */
export function peekBits(count: i32): u32 {
  return <u32>(peek() >> (64 - count));
}

// @ts-ignore: decorator
@inline
function peek(): u64 {
  const at = CLEAN + ((bit >> 6) << 3);
  const shift = <u64>(bit & 63);
  return (load<u64>(at) << shift) | ((load<u64>(at, 8) >> 1) >> (63 - shift));
}

/** A symbol of the table for the bits in `w`, its length in `symbolBits`; −1 where no code is like that. */
// @ts-ignore: decorator
@inline
function symbol(table: usize, w: u64): i32 {
  const entry = load<u32>(table + (<usize>(w >> (64 - FAST_BITS)) << 2));
  if (entry != 0) {
    symbolBits = entry & 0xff;
    return entry >> 8;
  }
  return longSymbol(table, w);
}

function longSymbol(table: usize, w: u64): i32 {
  for (let bits: i32 = FAST_BITS + 1; bits <= 16; bits++) {
    const code = <u32>(w >> (64 - bits));
    const row = table + LONG_CODES + (<usize>bits << 3);
    if (code < load<u32>(row)) {
      symbolBits = bits;
      return load<u8>(table + VALUES + ((code + load<i32>(row, 4)) & 255));
    }
  }
  return -1;
}

/** EXTEND of T.81 F.2.2.1 for the first `size` bits of `w`. */
// @ts-ignore: decorator
@inline
function extend(w: u64, size: i32): i32 {
  const v = <i32>(w >> (64 - size));
  return v < 1 << (size - 1) ? v - (1 << size) + 1 : v;
}

// @ts-ignore: decorator
@inline
function tableOf(entry: u32, shift: u32): usize {
  return TABLES + <usize>((entry >> shift) & 0xff) * TABLE_SIZE;
}

// @ts-ignore: decorator
@inline
function quantiserOf(entry: u32): usize {
  return QUANT + ((entry >> 24) << 7);
}

/** Decodes until the interval is done, the data run short (`ended` = 0), or they contradict the frame. */
export function decode(ended: i32): i32 {
  const reserved: i32 = ended ? -0x7fffffff : 0xc00 << 3;
  if (ended) padEnd();
  while (mcusLeft > 0) {
    if (bitsLeft() < reserved) return MORE;
    const outcome = decodeMcu();
    if (bitsLeft() < 0) return EARLY_END;
    if (outcome != DONE) return outcome;
    mcusLeft--;
    block++;
  }
  return DONE;
}

function padEnd(): void {
  for (let at = length; (at & 7) != 0; at++) store<u8>(CLEAN + (at ^ 7), 0);
  memory.fill(CLEAN + ((length + 7) & ~7), 0, SLACK);
}

/** MCUs of the interval that are still to come. */
export function remaining(): i32 {
  return mcusLeft;
}

function decodeMcu(): i32 {
  if (kind == AC_FIRST) return decodeAcFirst();
  if (kind == AC_REFINE) return decodeAcRefine();
  if (kind == DC_REFINE) {
    bit += blocks;
    return DONE;
  }
  if (kind == LOSSLESS) return decodeSamples();
  for (let i: i32 = 0; i < blocks; i++) {
    const entry = load<u32>(BLOCKS + (<usize>i << 2));
    const outcome = kind == SEQUENTIAL ? decodeBlock(entry) : decodeDc(entry);
    if (outcome != DONE) return outcome;
  }
  return DONE;
}

/** T.81 F.2.2.1 and G.1.2.1; the dequantised prediction must stay within the range of a mean. */
function decodeDc(entry: u32): i32 {
  const w = peek();
  const size = symbol(tableOf(entry, 8), w);
  if (size < 0) return BAD_CODE;
  if (size > 16) return BAD_SYMBOL;
  bit += symbolBits + size;
  const at = PREDICTIONS + ((entry & 0xff) << 2);
  let value = load<i32>(at);
  if (size != 0) value += extend(w << symbolBits, size);
  store<i32>(at, value);
  const step = <i64>load<u16>(quantiserOf(entry)) << low;
  const level = <i64>value * step;
  return level > range + step || level < -range - step ? BAD_RANGE : DONE;
}

/** T.81 F.2.2. By Parseval the energy of a block is that of its samples. */
function decodeBlock(entry: u32): i32 {
  const outcome = decodeDc(entry);
  if (outcome != DONE) return outcome;
  const quantiser = quantiserOf(entry);
  const dc = <i64>load<i32>(PREDICTIONS + ((entry & 0xff) << 2)) * <i64>load<u16>(quantiser);
  const table = tableOf(entry, 16);
  const most = load<i64>(SCRATCH + 0x180 + (<usize>(entry >> 24) << 3));
  let energy = dc * dc;
  for (let k: i32 = 1; k <= last; k++) {
    const w = peek();
    const rs = symbol(table, w);
    if (rs < 0) return BAD_CODE;
    const size = rs & 15;
    bit += symbolBits + size;
    if (size == 0) {
      if (rs == 0) break;
      if (rs != 0xf0) return BAD_SYMBOL;
      k += 15;
      if (k >= last) return BAD_RUN;
      continue;
    }
    k += rs >> 4;
    if (k > last) return BAD_RUN;
    const value = <i64>extend(w << symbolBits, size) * <i64>load<u16>(quantiser + (<usize>k << 1));
    energy += value * value;
    if (energy > most) return BAD_RANGE;
  }
  return DONE;
}

/** T.81 G.1.2.2, one block of one component; where coefficients became non-zero is kept for the refinements. */
function decodeAcFirst(): i32 {
  if (eobRun > 0) {
    eobRun--;
    return DONE;
  }
  const entry = load<u32>(BLOCKS);
  const table = tableOf(entry, 16);
  const quantiser = quantiserOf(entry);
  const historyAt = EXTRA + (<usize>block << 3);
  let history = load<u64>(historyAt);
  for (let k: i32 = first; k <= last; k++) {
    const w = peek();
    const rs = symbol(table, w);
    if (rs < 0) return BAD_CODE;
    const size = rs & 15;
    const run = rs >> 4;
    bit += symbolBits + size;
    if (size == 0) {
      if (run == 15) {
        k += 15;
        if (k >= last) return BAD_RUN;
        continue;
      }
      if (!beginEobRun(run)) return BAD_RUN;
      break;
    }
    k += run;
    if (k > last) return BAD_RUN;
    const step = <i64>load<u16>(quantiser + (<usize>k << 1));
    const value = (<i64>extend(w << symbolBits, size) << low) * step;
    const bound = range + (range >> 2) + step;
    if (value > bound || value < -bound) return BAD_RANGE;
    history |= <u64>1 << k;
  }
  store<u64>(historyAt, history);
  return DONE;
}

/** Takes the bits of EOBn; false where the run is longer than the interval. */
function beginEobRun(size: i32): bool {
  let run: i32 = 1 << size;
  if (size > 0) {
    run += <i32>peekBits(size);
    bit += size;
  }
  eobRun = run - 1;
  return run <= mcusLeft;
}

/** T.81 G.1.2.3. Correction bits are legal whatever they are; new coefficients and runs aren't. */
function decodeAcRefine(): i32 {
  const historyAt = EXTRA + (<usize>block << 3);
  let history = load<u64>(historyAt);
  let k: i32 = first;
  if (eobRun > 0) eobRun--;
  else {
    const table = tableOf(load<u32>(BLOCKS), 16);
    let ended = false;
    while (k <= last) {
      const rs = symbol(table, peek());
      if (rs < 0) return BAD_CODE;
      const size = rs & 15;
      let run = rs >> 4;
      bit += symbolBits + size;
      if (size > 1) return BAD_SYMBOL;
      if (size == 0 && run < 15) {
        if (!beginEobRun(run)) return BAD_RUN;
        ended = true;
        break;
      }
      for (; k <= last; k++) {
        if ((history >> k) & 1) bit++;
        else if (--run < 0) break;
      }
      if (k > last) return BAD_RUN;
      if (size == 1) history |= <u64>1 << k;
      k++;
    }
    store<u64>(historyAt, history);
    if (!ended) return DONE;
  }
  const upTo = last == 63 ? ~(<u64>0) : ((<u64>1 << (last + 1)) - 1);
  const from = k > 63 ? 0 : (~(<u64>0)) << k;
  bit += <u32>popcnt(history & upTo & from);
  return DONE;
}

/** T.81 H.1.2: one sample of each component. EXTRA holds a row of 16-bit samples a component. */
function decodeSamples(): i32 {
  for (let i: i32 = 0; i < blocks; i++) {
    const w = peek();
    const size = symbol(tableOf(load<u32>(BLOCKS + (<usize>i << 2)), 8), w);
    if (size < 0) return BAD_CODE;
    if (size > 16) return BAD_SYMBOL;
    bit += symbolBits + (size == 16 ? 0 : size);
    const difference = size == 0 ? 0 : size == 16 ? 32768 : extend(w << symbolBits, size);
    const at = EXTRA + (<usize>(i * width + column) << 1);
    const corner = PREDICTIONS + (<usize>i << 2);
    const sample = (predict(at, load<i32>(corner)) + difference) & 0xffff;
    if (<i64>sample >= range) return BAD_RANGE;
    store<i32>(corner, load<u16>(at));
    store<u16>(at, <u16>sample);
  }
  if (++column == width) {
    column = 0;
    firstLine = false;
  }
  return DONE;
}

/** Table H.1. At `at` still stands the sample above, before it the one to the left. */
// @ts-ignore: decorator
@inline
function predict(at: usize, corner: i32): i32 {
  if (firstLine) return column == 0 ? <i32>(range >> 1) : load<u16>(at - 2);
  const above = <i32>load<u16>(at);
  if (column == 0) return above;
  const left = <i32>load<u16>(at - 2);
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    default:
      return (left + above) >> 1;
  }
}
