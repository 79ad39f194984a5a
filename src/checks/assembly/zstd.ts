// Zstandard decoder (RFC 8878), compiled to WASM by scripts/build-wasm.mjs. See ../zstd.ts for its host.
//
// It decodes the blocks of one frame, each whole: the host has read the frame's header and reads its checksum.

// What `run` returns.
const NEED_INPUT: i32 = 0;
const PIECE: i32 = 1;
/** Bytes follow that stand in the output as they are: a raw block, raw literals. */
const STORED: i32 = 2;
const DONE: i32 = 3;
/** Used inside only. */
const GO_ON: i32 = 4;
const BAD_BLOCK_TYPE: i32 = 16;
const BAD_BLOCK_SIZE: i32 = 17;
const BAD_LITERALS: i32 = 18;
const BAD_WEIGHTS: i32 = 19;
const BAD_HUFFMAN_STREAM: i32 = 20;
const NO_TREE: i32 = 21;
const BAD_DISTRIBUTION: i32 = 22;
const BAD_SEQUENCE_HEADER: i32 = 23;
const NO_TABLE: i32 = 24;
const BAD_SEQUENCE: i32 = 25;
const BAD_OFFSET: i32 = 26;
const ENDED_EARLY: i32 = 27;
const BAD_SEQUENCE_STREAM: i32 = 28;
const BAD_CONTENT_SIZE: i32 = 29;

const MOST_BLOCK: usize = 1 << 17;
const SLACK: usize = 64;

// Where things lie in memory. Bit streams are read backwards, and hostile ones beyond their start: up to 48 KiB below.
const TREE: usize = 16384;
const TREE_BITS: u32 = 11;
const COUNTS: usize = TREE + 4096;
const NEXT: usize = COUNTS + 512;
const WEIGHTS: usize = NEXT + 1024;
const SPREAD: usize = WEIGHTS + 512;
/** Tables of states: 8 bytes each: base of the value, base of the next state, its bits, bits of the value. */
const LITERAL_LENGTHS: usize = SPREAD + 1024;
const OFFSETS: usize = LITERAL_LENGTHS + 4096;
const MATCH_LENGTHS: usize = OFFSETS + 4096;
const WEIGHT_STATES: usize = MATCH_LENGTHS + 4096;
const INPUT: usize = 131072;
const INPUT_SIZE: usize = 1 << 18;
const LITERALS: usize = INPUT + INPUT_SIZE + SLACK;
const OUTPUT: usize = (LITERALS + MOST_BLOCK + SLACK * 2 + 63) & ~<usize>63;

// Phases.
const HEADER: i32 = 0;
const COPYING: i32 = 1;
const LITERALS_READ: i32 = 2;
const FINISHED: i32 = 3;

let input: usize = INPUT;
let inputEnd: usize = INPUT;
let isLastInput: bool = false;
let phase: i32 = HEADER;
let isLastBlock: bool = false;
let blockEnd: usize = 0;
let blockMost: usize = 0;
let storedLeft: u32 = 0;
let window: usize = 0;
let output: usize = OUTPUT;
let outputEnd: usize = OUTPUT;
let pieceStart: usize = OUTPUT;
let literals: usize = 0;
let literalCount: usize = 0;
let sequencesAt: usize = 0;
let hasTree: bool = false;
let treeBits: u32 = 0;
let literalLengthLog: i32 = -1;
let offsetLog: i32 = -1;
let matchLengthLog: i32 = -1;
let rep0: usize = 1;
let rep1: usize = 4;
let rep2: usize = 8;

export function inputAt(): usize { return INPUT; }
export function inputSize(): usize { return INPUT_SIZE; }
export function pieceAt(): usize { return pieceStart; }
export function pieceEnd(): usize { return output; }
export function taken(): usize { return input - INPUT; }
export function storedLength(): u32 { return storedLeft; }

/** `windowSize` bounds offsets; `room` is what the output needs at most at once, the window included. */
export function begin(windowSize: u32, room: u32): void {
  window = windowSize;
  outputEnd = OUTPUT + room;
  const pages = <i32>((outputEnd + MOST_BLOCK + SLACK + 65535) >> 16);
  if (memory.size() < pages) memory.grow(pages - memory.size());
  input = inputEnd = INPUT;
  output = pieceStart = OUTPUT;
  blockMost = min<usize>(max<usize>(windowSize, 1024), MOST_BLOCK);
  isLastInput = isLastBlock = hasTree = false;
  literalLengthLog = offsetLog = matchLengthLog = -1;
  rep0 = 1;
  rep1 = 4;
  rep2 = 8;
  phase = HEADER;
}

export function makeRoom(): usize {
  const unread = inputEnd - input;
  memory.copy(INPUT, input, unread);
  input = INPUT;
  inputEnd = INPUT + unread;
  return unread;
}

export function appended(length: usize, isLast: bool): void {
  inputEnd += length;
  isLastInput = isLast;
}

export function run(): i32 {
  if (output > outputEnd) {
    memory.copy(OUTPUT, output - window, window);
    output = OUTPUT + window;
  }
  pieceStart = output;
  let status: i32 = GO_ON;
  while (status == GO_ON) {
    if (phase == HEADER) status = readBlock();
    else if (phase == COPYING) status = copyRaw();
    else if (phase == LITERALS_READ) status = decodeSequences();
    else return DONE;
  }
  return status;
}

/** RFC 8878 §3.1.1.2. */
function readBlock(): i32 {
  if (isLastBlock) {
    phase = FINISHED;
    return DONE;
  }
  if (inputEnd - input < 3) return isLastInput ? ENDED_EARLY : NEED_INPUT;
  const header = <u32>load<u16>(input) | <u32>load<u8>(input + 2) << 16;
  const type = header >> 1 & 3;
  const size = <usize>(header >> 3);
  if (type == 3) return BAD_BLOCK_TYPE;
  if (size > blockMost) return BAD_BLOCK_SIZE;
  const packed: usize = type == 1 ? 1 : size;
  if (inputEnd - input < 3 + packed) return isLastInput ? ENDED_EARLY : NEED_INPUT;
  isLastBlock = (header & 1) != 0;
  input += 3;
  blockEnd = input + packed;
  if (type == 0) {
    storedLeft = <u32>size;
    phase = COPYING;
    return STORED;
  }
  if (type == 2) return readLiterals();
  memory.fill(output, load<u8>(input), size);
  return endBlock(size);
}

function copyRaw(): i32 {
  memory.copy(output, input, storedLeft);
  return endBlock(storedLeft);
}

function endBlock(size: usize): i32 {
  output += size;
  input = blockEnd;
  phase = HEADER;
  return PIECE;
}

/** §3.1.1.3.1. */
function readLiterals(): i32 {
  const available = blockEnd - input;
  if (available < 2) return BAD_LITERALS;
  const first = <u32>load<u8>(input);
  const type = first & 3;
  const format = first >> 2 & 3;
  // Reads beyond the block stay within memory, and what they give is compared with the block's length.
  const wide = load<u64>(input);
  if (type < 2) return readPlainLiterals(type, format, wide);
  const bits: u64 = format < 2 ? 10 : format == 2 ? 14 : 18;
  const header: usize = format < 2 ? 3 : format == 2 ? 4 : 5;
  const size = <usize>(wide >>> 4 & ((<u64>1 << bits) - 1));
  const packed = <usize>(wide >>> (4 + bits) & ((<u64>1 << bits) - 1));
  if (size > blockMost || header + packed > available) return BAD_LITERALS;
  let at = input + header;
  sequencesAt = at + packed;
  if (type == 2) {
    const length = readTree(at, packed);
    if (length == 0) return BAD_WEIGHTS;
    at += length;
    hasTree = true;
  } else if (!hasTree) return NO_TREE;
  literals = LITERALS;
  literalCount = size;
  phase = LITERALS_READ;
  const isGood = format == 0 ? decodeOne(at, sequencesAt, LITERALS, size) : decodeFour(at, sequencesAt, size);
  return isGood ? GO_ON : BAD_HUFFMAN_STREAM;
}

function readPlainLiterals(type: u32, format: u32, wide: u64): i32 {
  const header: usize = (format & 1) == 0 ? 1 : format == 1 ? 2 : 3;
  const size = <usize>((format & 1) == 0 ? wide >>> 3 & 31 : format == 1 ? wide >>> 4 & 0xfff : wide >>> 4 & 0xfffff);
  const packed: usize = type == 1 ? 1 : size;
  if (size > blockMost || header + packed > blockEnd - input) return BAD_LITERALS;
  const at = input + header;
  sequencesAt = at + packed;
  literalCount = size;
  phase = LITERALS_READ;
  literals = LITERALS;
  if (type == 1) {
    memory.fill(LITERALS, load<u8>(at), size);
    return GO_ON;
  }
  memory.copy(LITERALS, at, size);
  input = at;
  storedLeft = <u32>size;
  return STORED;
}

/** §4.2.1. Gives the bytes that the description takes; 0 where it's none. */
function readTree(start: usize, available: usize): usize {
  if (available < 1) return 0;
  const header = <usize>load<u8>(start);
  let count: u32 = 0;
  let taken: usize = 1;
  memory.fill(WEIGHTS, 0, 512);
  if (header >= 128) {
    count = <u32>header - 127;
    taken += (<usize>count + 1) >> 1;
    if (taken > available) return 0;
    for (let i: u32 = 0; i < count; i++) {
      const pair = load<u8>(start + 1 + (i >> 1));
      store<u8>(WEIGHTS + i, (i & 1) == 0 ? pair >> 4 : pair & 15);
    }
  } else {
    taken += header;
    if (header == 0 || taken > available) return 0;
    count = readPackedWeights(start + 1, start + taken);
    if (count == 0) return 0;
  }
  return buildTree(count) ? taken : 0;
}

/** §4.2.1.2: two states take turns until the bits are used up. */
function readPackedWeights(start: usize, end: usize): u32 {
  const taken = readDistribution(start, end, 12, 6, WEIGHT_STATES, 3);
  if (taken <= 0) return 0;
  const log = <u32>builtLog;
  const bitsAt = start + <usize>taken;
  let left = bitsOf(bitsAt, end);
  if (left < <i32>(log * 2)) return 0;
  let one = readBits(bitsAt, left, log);
  left -= <i32>log;
  let other = readBits(bitsAt, left, log);
  left -= <i32>log;
  let count: u32 = 0;
  while (count < 254) {
    const entry = WEIGHT_STATES + (<usize>one << 3);
    store<u8>(WEIGHTS + count++, load<u8>(entry));
    const bits = <u32>load<u8>(entry + 6);
    if (left < <i32>bits) {
      store<u8>(WEIGHTS + count++, load<u8>(WEIGHT_STATES + (<usize>other << 3)));
      return count;
    }
    const next = <u32>load<u16>(entry + 4) + readBits(bitsAt, left, bits);
    left -= <i32>bits;
    one = other;
    other = next;
  }
  return 0;
}

/** §4.2.1: the last weight makes the sum a power of two. */
function buildTree(count: u32): bool {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const weight = <u32>load<u8>(WEIGHTS + i);
    if (weight > TREE_BITS) return false;
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum == 0) return false;
  treeBits = 32 - <u32>clz(sum);
  if (treeBits > TREE_BITS) return false;
  const rest = (1 << treeBits) - sum;
  if ((rest & (rest - 1)) != 0) return false;
  store<u8>(WEIGHTS + count, <u8>(32 - clz(rest)));
  let place: usize = 0;
  for (let weight: u32 = 1; weight <= treeBits; weight++) {
    const entries: usize = 1 << (weight - 1);
    for (let symbol: u32 = 0; symbol <= count; symbol++) {
      if (load<u8>(WEIGHTS + symbol) != weight) continue;
      const entry = <u16>(symbol << 8 | (treeBits + 1 - weight));
      for (let i: usize = 0; i < entries; i++) store<u16>(TREE + ((place + i) << 1), entry);
      place += entries;
    }
  }
  return place == <usize>1 << treeBits;
}

/** Bits before the mark, which is the highest one of the last byte; −1 where there is none. */
function bitsOf(start: usize, end: usize): i32 {
  if (end <= start) return -1;
  const last = <u32>load<u8>(end - 1);
  if (last == 0) return -1;
  return (<i32>(end - start) << 3) - <i32>clz(last) + 23;
}

/** The `count` bits below bit `left` of a stream. */
// @ts-ignore: decorator
@inline
function readBits(start: usize, left: i32, count: u32): u32 {
  return <u32>(windowAt(start, left) >>> 1 >>> <u64>(63 - count));
}

/** 56 bits or more below bit `left`, the highest first. Below the start of the stream stand bits that don't count. */
// @ts-ignore: decorator
@inline
function windowAt(start: usize, left: i32): u64 {
  return load<u64>(start + (left >> 3) - 7) << (8 - (left & 7));
}

function decodeOne(start: usize, end: usize, to: usize, size: usize): bool {
  let left = bitsOf(start, end);
  if (left < 0) return false;
  const shift = <u64>(64 - treeBits);
  const stop = to + size;
  while (to < stop) {
    let w = windowAt(start, left);
    const until = min(stop, to + 5);
    while (to < until) {
      const entry = load<u16>(TREE + (<usize>(w >>> shift) << 1));
      store<u8>(to++, <u8>(entry >> 8));
      w <<= entry & 15;
      left -= entry & 15;
    }
    if (left < 0) return false;
  }
  return left == 0;
}

/** §4.2.2: four streams; a jump table of three lengths stands before them. */
function decodeFour(at: usize, end: usize, size: usize): bool {
  if (end < at + 10 || size < 6) return false;
  const start0 = at + 6;
  const start1 = start0 + load<u16>(at);
  const start2 = start1 + load<u16>(at + 2);
  const start3 = start2 + load<u16>(at + 4);
  const segment = (size + 3) >> 2;
  if (start3 >= end || segment * 3 > size) return false;
  let left0 = bitsOf(start0, start1);
  let left1 = bitsOf(start1, start2);
  let left2 = bitsOf(start2, start3);
  let left3 = bitsOf(start3, end);
  if (left0 < 0 || left1 < 0 || left2 < 0 || left3 < 0) return false;
  const shift = <u64>(64 - treeBits);
  let to = LITERALS;
  const together = (size - segment * 3) / 5 * 5;
  for (const stop = LITERALS + together; to < stop; to += 5) {
    let w0 = windowAt(start0, left0);
    let w1 = windowAt(start1, left1);
    let w2 = windowAt(start2, left2);
    let w3 = windowAt(start3, left3);
    for (let i: usize = 0; i < 5; i++) {
      const e0 = load<u16>(TREE + (<usize>(w0 >>> shift) << 1));
      const e1 = load<u16>(TREE + (<usize>(w1 >>> shift) << 1));
      const e2 = load<u16>(TREE + (<usize>(w2 >>> shift) << 1));
      const e3 = load<u16>(TREE + (<usize>(w3 >>> shift) << 1));
      store<u8>(to + i, <u8>(e0 >> 8));
      store<u8>(to + i + segment, <u8>(e1 >> 8));
      store<u8>(to + i + segment * 2, <u8>(e2 >> 8));
      store<u8>(to + i + segment * 3, <u8>(e3 >> 8));
      w0 <<= e0 & 15;
      w1 <<= e1 & 15;
      w2 <<= e2 & 15;
      w3 <<= e3 & 15;
      left0 -= e0 & 15;
      left1 -= e1 & 15;
      left2 -= e2 & 15;
      left3 -= e3 & 15;
    }
    if ((left0 | left1 | left2 | left3) < 0) return false;
  }
  return (
    decodeRest(start0, left0, to, LITERALS + segment) &&
    decodeRest(start1, left1, to + segment, LITERALS + segment * 2) &&
    decodeRest(start2, left2, to + segment * 2, LITERALS + segment * 3) &&
    decodeRest(start3, left3, to + segment * 3, LITERALS + size)
  );
}

function decodeRest(start: usize, left: i32, to: usize, stop: usize): bool {
  const shift = <u64>(64 - treeBits);
  while (to < stop) {
    const entry = load<u16>(TREE + (<usize>(windowAt(start, left) >>> shift) << 1));
    store<u8>(to++, <u8>(entry >> 8));
    left -= entry & 15;
    if (left < 0) return false;
  }
  return left == 0;
}

/** What `buildStates` was told last. */
let builtLog: i32 = 0;

/** §4.1.1: reads a distribution and builds its table. Gives the bytes taken, or −1. The log goes to `builtLog`. */
function readDistribution(start: usize, end: usize, mostSymbol: u32, mostLog: u32, table: usize, kind: i32): i32 {
  if (end <= start) return -1;
  let bit: u32 = 0;
  const log = (<u32>load<u8>(start) & 15) + 5;
  bit += 4;
  if (log > mostLog) return -1;
  let remaining = <i32>(1 << log) + 1;
  let symbol: u32 = 0;
  const length = <u32>(end - start);
  memory.fill(COUNTS, 0, 512);
  while (remaining > 1) {
    if (symbol > mostSymbol || bit > length << 3) return -1;
    const bits = 32 - <u32>clz(<u32>remaining);
    const value = load<u32>(start + (bit >> 3)) >> (bit & 7);
    const threshold: u32 = 1 << (bits - 1);
    const most = (threshold << 1) - 1 - <u32>remaining;
    let count = value & (threshold - 1);
    if (count < most) bit += bits - 1;
    else {
      count = value & ((threshold << 1) - 1);
      if (count >= threshold) count -= most;
      bit += bits;
    }
    const probability = <i32>count - 1;
    remaining -= probability < 0 ? 1 : probability;
    store<i16>(COUNTS + (<usize>symbol << 1), <i16>probability);
    symbol++;
    if (probability != 0) continue;
    while (true) {
      const repeat = <u32>load<u16>(start + (bit >> 3)) >> (bit & 7) & 3;
      bit += 2;
      symbol += repeat;
      if (symbol > mostSymbol + 1 || bit > length << 3) return -1;
      if (repeat != 3) break;
    }
  }
  const taken = (bit + 7) >> 3;
  if (remaining != 1 || taken > length || symbol > mostSymbol + 1) return -1;
  buildStates(table, log, symbol, kind);
  return <i32>taken;
}

/** §4.1.1: symbols of probability "less than one" at the end, the others spread with a fixed step. */
function buildStates(table: usize, log: u32, symbols: u32, kind: i32): void {
  const size: u32 = 1 << log;
  let high = size - 1;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = load<i16>(COUNTS + (<usize>symbol << 1));
    store<u16>(NEXT + (<usize>symbol << 1), count < 0 ? 1 : <u16>count);
    if (count < 0) store<u8>(SPREAD + high--, <u8>symbol);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let place: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = <i32>load<i16>(COUNTS + (<usize>symbol << 1));
    for (let i = 0; i < count; i++) {
      store<u8>(SPREAD + place, <u8>symbol);
      do {
        place = (place + step) & (size - 1);
      } while (place > high);
    }
  }
  for (let i: u32 = 0; i < size; i++) {
    const symbol = <usize>load<u8>(SPREAD + i);
    const next = <u32>load<u16>(NEXT + (symbol << 1));
    store<u16>(NEXT + (symbol << 1), <u16>(next + 1));
    const bits = log - (31 - <u32>clz(next));
    storeState(table + (<usize>i << 3), <u32>symbol, kind, (next << bits) - size, bits);
  }
  builtLog = <i32>log;
}

function storeState(at: usize, symbol: u32, kind: i32, next: u32, bits: u32): void {
  const extra = kind == 3 ? 0 : kind == 1 ? symbol : <u32>load<u8>((kind == 0 ? LITERAL_LENGTH_BITS : MATCH_LENGTH_BITS) + symbol);
  store<u32>(at, kind == 3 ? symbol : kind == 1 ? <u32>1 << symbol : baseOf(kind, symbol));
  store<u16>(at, <u16>next, 4);
  store<u8>(at, <u8>bits, 6);
  store<u8>(at, <u8>extra, 7);
}

/** §3.1.1.3.2.1.1: bits that follow each code. */
const LITERAL_LENGTH_BITS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const MATCH_LENGTH_BITS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3,
  4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);

/** The values of a code follow those of the one before; match lengths begin at three. From code 25 and 43 on: powers. */
function baseOf(kind: i32, symbol: u32): u32 {
  const bits = kind == 0 ? LITERAL_LENGTH_BITS : MATCH_LENGTH_BITS;
  const powers: u32 = kind == 0 ? 25 : 43;
  if (symbol >= powers) return (<u32>1 << load<u8>(bits + symbol)) + (kind == 0 ? 0 : 3);
  let base: u32 = kind == 0 ? 0 : 3;
  for (let i: u32 = 0; i < symbol; i++) base += <u32>1 << load<u8>(bits + i);
  return base;
}

/** §3.1.1.3.2.2. */
const LITERAL_LENGTH_COUNTS = memory.data<i16>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
const MATCH_LENGTH_COUNTS = memory.data<i16>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);
const OFFSET_COUNTS = memory.data<i16>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);

/** Prepares one table by its mode; gives the bytes taken, or −1. */
function prepare(mode: u32, at: usize, kind: i32): i32 {
  const table = kind == 0 ? LITERAL_LENGTHS : kind == 1 ? OFFSETS : MATCH_LENGTHS;
  const most: u32 = kind == 0 ? 35 : kind == 1 ? 31 : 52;
  let taken: i32 = 0;
  if (mode == 0) {
    const counts = kind == 0 ? LITERAL_LENGTH_COUNTS : kind == 1 ? OFFSET_COUNTS : MATCH_LENGTH_COUNTS;
    const symbols: u32 = kind == 1 ? 29 : most + 1;
    memory.copy(COUNTS, counts, symbols << 1);
    buildStates(table, kind == 1 ? 5 : 6, symbols, kind);
  } else if (mode == 1) {
    if (at >= blockEnd || load<u8>(at) > most) return -1;
    storeState(table, load<u8>(at), kind, 0, 0);
    builtLog = 0;
    taken = 1;
  } else {
    taken = readDistribution(at, blockEnd, most, kind == 1 ? 8 : 9, table, kind);
    if (taken < 0) return -1;
  }
  if (kind == 0) literalLengthLog = builtLog;
  else if (kind == 1) offsetLog = builtLog;
  else matchLengthLog = builtLog;
  return taken;
}

/** §3.1.1.3.2.1. */
function decodeSequences(): i32 {
  let at = sequencesAt;
  if (at >= blockEnd) return BAD_SEQUENCE_HEADER;
  let count = <u32>load<u8>(at++);
  if (count >= 128) {
    const isLong = count == 255;
    if (at + (isLong ? 2 : 1) > blockEnd) return BAD_SEQUENCE_HEADER;
    count = isLong ? <u32>load<u16>(at) + 0x7f00 : ((count - 128) << 8) + load<u8>(at);
    at += isLong ? 2 : 1;
  }
  if (count == 0) {
    if (at != blockEnd) return BAD_SEQUENCE_HEADER;
    memory.copy(output, literals, literalCount);
    return endBlock(literalCount);
  }
  if (at >= blockEnd) return BAD_SEQUENCE_HEADER;
  const modes = <u32>load<u8>(at++);
  if ((modes & 3) != 0) return BAD_SEQUENCE_HEADER;
  for (let kind: i32 = 0; kind < 3; kind++) {
    const mode = modes >> (6 - (kind << 1)) & 3;
    if (mode == 3) {
      if ((kind == 0 ? literalLengthLog : kind == 1 ? offsetLog : matchLengthLog) < 0) return NO_TABLE;
      continue;
    }
    const taken = prepare(mode, at, kind);
    if (taken < 0) return BAD_DISTRIBUTION;
    at += <usize>taken;
  }
  return execute(at, count);
}

/** §3.1.1.4: decodes and carries out the sequences of a block. */
function execute(start: usize, count: u32): i32 {
  let left = bitsOf(start, blockEnd);
  if (left < 0) return BAD_SEQUENCE_STREAM;
  let w = windowAt(start, left);
  let literalState = LITERAL_LENGTHS + (<usize>(w >>> 1 >>> <u64>(63 - literalLengthLog)) << 3);
  w <<= literalLengthLog;
  let offsetState = OFFSETS + (<usize>(w >>> 1 >>> <u64>(63 - offsetLog)) << 3);
  w <<= offsetLog;
  let matchState = MATCH_LENGTHS + (<usize>(w >>> 1 >>> <u64>(63 - matchLengthLog)) << 3);
  left -= literalLengthLog + offsetLog + matchLengthLog;
  let o = output;
  const blockLimit = output + blockMost;
  let l = literals;
  const literalsEnd = literals + literalCount;
  let r0 = rep0;
  let r1 = rep1;
  let r2 = rep2;
  while (count > 0) {
    const offsetEntry = load<u64>(offsetState);
    const matchEntry = load<u64>(matchState);
    const literalEntry = load<u64>(literalState);
    const offsetBits = offsetEntry >>> 56;
    const matchBits = matchEntry >>> 56;
    const literalBits = literalEntry >>> 56;
    w = windowAt(start, left);
    let offset = <usize>offsetEntry + <usize>(w >>> 1 >>> (63 - offsetBits));
    left -= <i32>offsetBits;
    w = windowAt(start, left);
    const matchLength = <usize>matchEntry + <usize>(w >>> 1 >>> (63 - matchBits));
    w <<= matchBits;
    const literalLength = <usize>literalEntry + <usize>(w >>> 1 >>> (63 - literalBits));
    left -= <i32>(matchBits + literalBits);
    if (left < 0) return BAD_SEQUENCE_STREAM;
    if (--count > 0) {
      w = windowAt(start, left);
      const a = literalEntry >>> 48 & 0xff;
      literalState = LITERAL_LENGTHS + (<usize>((literalEntry >>> 32 & 0xffff) + (w >>> 1 >>> (63 - a))) << 3);
      w <<= a;
      const b = matchEntry >>> 48 & 0xff;
      matchState = MATCH_LENGTHS + (<usize>((matchEntry >>> 32 & 0xffff) + (w >>> 1 >>> (63 - b))) << 3);
      w <<= b;
      const c = offsetEntry >>> 48 & 0xff;
      offsetState = OFFSETS + (<usize>((offsetEntry >>> 32 & 0xffff) + (w >>> 1 >>> (63 - c))) << 3);
      left -= <i32>(a + b + c);
      if (left < 0) return BAD_SEQUENCE_STREAM;
    }
    if (offset > 3) {
      offset -= 3;
      r2 = r1;
      r1 = r0;
      r0 = offset;
    } else {
      const which = literalLength == 0 ? offset + 1 : offset;
      if (which == 1) offset = r0;
      else {
        offset = which == 2 ? r1 : which == 3 ? r2 : r0 - 1;
        if (which > 2) r2 = r1;
        r1 = r0;
        r0 = offset;
      }
    }
    if (literalLength > <usize>(literalsEnd - l) || o + literalLength + matchLength > blockLimit) return BAD_SEQUENCE;
    const literalStop = o + literalLength;
    for (; o < literalStop; o += 16, l += 16) v128.store(o, v128.load(l));
    l -= o - literalStop;
    o = literalStop;
    if (offset == 0 || offset > window || offset > o - OUTPUT) return BAD_OFFSET;
    const stop = o + matchLength;
    let from = o - offset;
    if (offset >= 16) for (; o < stop; o += 16, from += 16) v128.store(o, v128.load(from));
    else if (offset >= 8) for (; o < stop; o += 8, from += 8) store<u64>(o, load<u64>(from));
    else for (; o < stop; o++, from++) store<u8>(o, load<u8>(from));
    o = stop;
  }
  if (left != 0) return BAD_SEQUENCE_STREAM;
  const rest = literalsEnd - l;
  if (o + rest > blockLimit) return BAD_SEQUENCE;
  memory.copy(o, l, rest);
  rep0 = r0;
  rep1 = r1;
  rep2 = r2;
  return endBlock(o + rest - output);
}
