// bzip2 decoder, compiled to WASM by scripts/build-wasm.mjs. See ../bzip2.ts for its host.
//
// It decodes one stream: blocks with their CRCs, and the CRC of all. `run` returns within a block as well, whenever
// input is short or a piece of output is ready.

// What `run` returns.
const NEED_INPUT: i32 = 0;
const PIECE: i32 = 1;
const DONE: i32 = 3;
/** Used inside only. */
const GO_ON: i32 = 4;
const BAD_HEADER: i32 = 16;
const BAD_BLOCK_MAGIC: i32 = 17;
const BAD_ORIGIN: i32 = 18;
const BAD_SYMBOLS: i32 = 19;
const BAD_SELECTORS: i32 = 20;
const BAD_CODE_LENGTHS: i32 = 21;
const BAD_CODE: i32 = 22;
const BAD_RUN: i32 = 23;
const BAD_BLOCK_SIZE: i32 = 24;
const BAD_BLOCK_SUM: i32 = 25;
const BAD_STREAM_SUM: i32 = 26;
const ENDED_EARLY: i32 = 27;
const RANDOMISED: i32 = 64;

const INPUT: usize = 65536;
const INPUT_SIZE: usize = 1 << 17;
/** Header of a block: 17 + 32768 selectors of up to 6 bits + 6 · 258 lengths; many more bits than honest ones take. */
const MOST_HEADER: usize = 1 << 16;
/** Fifty codes of twenty bits. */
const MOST_GROUP: usize = 128;
const MOST_CODE: u32 = 20;
const FAST_BITS: u32 = 10;
const MOST_SELECTORS: u32 = 32768;

const SUMS: usize = INPUT + INPUT_SIZE + 64;
const SELECTORS: usize = SUMS + 1024;
/** For each of six tables: 2^10 entries of symbol << 8 | length; then limits, bases and symbols by code. */
const TABLES: usize = SELECTORS + MOST_SELECTORS;
const LIMITS: usize = 2 << FAST_BITS;
const BASES: usize = LIMITS + 22 * 4;
const SYMBOLS: usize = BASES + 22 * 4;
const TABLE_SIZE: usize = SYMBOLS + 258 * 2;
const FRONT: usize = TABLES + 6 * TABLE_SIZE;
const USED: usize = FRONT + 256;
const LENGTHS: usize = USED + 256;
const COUNTS: usize = LENGTHS + 264;
const CHAIN: usize = (COUNTS + 256 * 4 + 63) & ~<usize>63;
const MOST_BLOCK: usize = 900000;
const OUTPUT: usize = CHAIN + (MOST_BLOCK + 64) * 4;
const PIECE_SIZE: usize = 1 << 18;
const END: usize = OUTPUT + PIECE_SIZE + 1024;

// Phases.
const HEADER: i32 = 0;
const BLOCK: i32 = 1;
const CODED: i32 = 2;
const OUTGOING: i32 = 3;
const FINISHED: i32 = 4;

let input: usize = INPUT;
let inputEnd: usize = INPUT;
let isLastInput: bool = false;
let bits: u64 = 0;
let bitCount: u32 = 0;
let phantom: u32 = 0;
let output: usize = OUTPUT;
let phase: i32 = HEADER;
let blockSize: u32 = 0;
let storedSum: u32 = 0;
let streamSum: u32 = 0;
let origin: u32 = 0;
let symbolCount: u32 = 0;
let selectorCount: u32 = 0;
let selector: u32 = 0;
let length: u32 = 0;
let runLength: u32 = 0;
let runWeight: u32 = 0;
let left: u32 = 0;
let place: u32 = 0;
let previous: i32 = -1;
let same: u32 = 0;
let sum: u32 = 0;
let isReady: bool = false;

export function inputAt(): usize { return INPUT; }
export function inputSize(): usize { return INPUT_SIZE; }
export function pieceAt(): usize { return OUTPUT; }
export function pieceEnd(): usize { return output; }
/** Bytes of input that are taken, counted from the start of the input area, the last perhaps in part. */
export function taken(): usize { return input - (bitCount >> 3) + phantom - INPUT; }

export function begin(): void {
  const pages = <i32>((END + 65535) >> 16);
  if (memory.size() < pages) memory.grow(pages - memory.size());
  if (!isReady) makeSums();
  input = inputEnd = INPUT;
  isLastInput = false;
  bits = 0;
  bitCount = phantom = 0;
  output = OUTPUT;
  phase = HEADER;
  streamSum = 0;
}

/** CRC-32 with the polynomial 04C11DB7, most significant bit first. */
function makeSums(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let value = i << 24;
    for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? value << 1 ^ 0x04c11db7 : value << 1;
    store<u32>(SUMS + (i << 2), value);
  }
  isReady = true;
}

export function makeRoom(): usize {
  const unread = inputEnd - input;
  memory.copy(INPUT, input, unread);
  input = INPUT;
  inputEnd = INPUT + unread;
  return unread;
}

export function appended(count: usize, isLast: bool): void {
  inputEnd += count;
  isLastInput = isLast;
}

export function run(): i32 {
  output = OUTPUT;
  let status: i32 = GO_ON;
  while (status == GO_ON) {
    if (phase == FINISHED) return DONE;
    if (phase == OUTGOING) {
      status = writeBlock();
      continue;
    }
    const needed = phase == CODED ? MOST_GROUP : MOST_HEADER;
    if (!isLastInput && inputEnd - input < needed) return NEED_INPUT;
    if (phase == HEADER) status = readHeader();
    else if (phase == BLOCK) status = readBlockHeader();
    else status = decodeGroups();
    // What was read of the zeros behind the end contradicts nothing.
    if (phantom << 3 > bitCount) status = ENDED_EARLY;
  }
  return status;
}

/** Keeps 32 bits or more at hand, the next in the highest place. Behind the input stand zeros that nobody wrote. */
// @ts-ignore: decorator
@inline
function refill(): void {
  if (bitCount > 32) return;
  if (input + 4 <= inputEnd) {
    bits |= <u64>bswap(load<u32>(input)) << (32 - bitCount);
    input += 4;
    bitCount += 32;
  } else refillAtEnd();
}

function refillAtEnd(): void {
  while (bitCount <= 56) {
    if (input < inputEnd) bits |= <u64>load<u8>(input++) << (56 - bitCount);
    else phantom++;
    bitCount += 8;
  }
}

// @ts-ignore: decorator
@inline
function drop(count: u32): void {
  bits <<= count;
  bitCount -= count;
}

function take(count: u32): u32 {
  refill();
  const value = <u32>(bits >>> (64 - count));
  drop(count);
  return value;
}

function readHeader(): i32 {
  if (take(24) != 0x425a68) return BAD_HEADER;
  const level = take(8) - 0x30;
  if (level < 1 || level > 9) return BAD_HEADER;
  blockSize = level * 100000;
  phase = BLOCK;
  return GO_ON;
}

function readBlockHeader(): i32 {
  const high = take(24);
  const low = take(24);
  storedSum = take(16) << 16 | take(16);
  if (high == 0x177245 && low == 0x385090) return finish();
  if (high != 0x314159 || low != 0x265359) return BAD_BLOCK_MAGIC;
  if (take(1) != 0) return RANDOMISED;
  origin = take(24);
  if (origin >= blockSize) return BAD_ORIGIN;
  const status = readSymbols();
  if (status != GO_ON) return status;
  memory.fill(COUNTS, 0, 1024);
  length = runLength = runWeight = selector = 0;
  phase = CODED;
  return readSelectors();
}

/** The stream ends with the sum of the blocks' sums, and then with the byte. */
function finish(): i32 {
  if (storedSum != streamSum) return BAD_STREAM_SUM;
  drop(bitCount & 7);
  phase = FINISHED;
  return GO_ON;
}

function readSymbols(): i32 {
  const groups = take(16);
  let count: u32 = 0;
  for (let group: u32 = 0; group < 16; group++) {
    if ((groups >> (15 - group) & 1) == 0) continue;
    const used = take(16);
    for (let i: u32 = 0; i < 16; i++) {
      if (used >> (15 - i) & 1) store<u8>(USED + count++, <u8>(group << 4 | i));
    }
  }
  if (count == 0) return BAD_SYMBOLS;
  memory.copy(FRONT, USED, count);
  symbolCount = count + 2;
  return GO_ON;
}

function readSelectors(): i32 {
  const tables = take(3);
  selectorCount = take(15);
  if (tables < 2 || tables > 6 || selectorCount == 0) return BAD_SELECTORS;
  let order: u64 = 0x050403020100;
  for (let i: u32 = 0; i < selectorCount; i++) {
    let rank: u32 = 0;
    while (take(1) != 0) if (++rank >= tables) return BAD_SELECTORS;
    const shift = <u64>rank << 3;
    const table = order >> shift & 0xff;
    const before = order & ((<u64>1 << shift) - 1);
    order = (order >> (shift + 8) << (shift + 8)) | before << 8 | table;
    store<u8>(SELECTORS + i, <u8>table);
  }
  for (let table: u32 = 0; table < tables; table++) {
    const status = readCode(TABLES + <usize>table * TABLE_SIZE);
    if (status != GO_ON) return status;
  }
  return GO_ON;
}

function readCode(table: usize): i32 {
  let bitLength = take(5);
  for (let i: u32 = 0; i < symbolCount; i++) {
    while (true) {
      if (bitLength < 1 || bitLength > MOST_CODE) return BAD_CODE_LENGTHS;
      if (take(1) == 0) break;
      bitLength += take(1) == 0 ? 1 : -1;
      if (phantom > 16) return ENDED_EARLY;
    }
    store<u8>(LENGTHS + i, <u8>bitLength);
  }
  buildTable(table);
  return GO_ON;
}

/** Codes by length, then by symbol. Sets of lengths that are no complete code are let pass, as bzip2 does. */
function buildTable(table: usize): void {
  memory.fill(table, 0, LIMITS);
  let code: u32 = 0;
  let index: u32 = 0;
  for (let bitLength: u32 = 1; bitLength <= MOST_CODE; bitLength++) {
    store<i32>(table + BASES + (bitLength << 2), <i32>index - <i32>code);
    for (let i: u32 = 0; i < symbolCount; i++) {
      if (load<u8>(LENGTHS + i) != bitLength) continue;
      store<u16>(table + SYMBOLS + (<usize>index << 1), <u16>i);
      index++;
      if (bitLength <= FAST_BITS) fillEntries(table, code << (FAST_BITS - bitLength), bitLength, i);
      code++;
    }
    // Left-aligned to 20 bits, exclusive.
    store<u32>(table + LIMITS + (bitLength << 2), code << (MOST_CODE - bitLength));
    code <<= 1;
  }
}

function fillEntries(table: usize, first: u32, bitLength: u32, symbol: u32): void {
  const count: u32 = 1 << (FAST_BITS - bitLength);
  for (let i: u32 = 0; i < count; i++) {
    const at = first + i;
    if (at < 1 << FAST_BITS) store<u16>(table + (<usize>at << 1), <u16>(symbol << 5 | bitLength));
  }
}

/** Fifty codes of one table at a time; runs are counted in two digits without zero. */
function decodeGroups(): i32 {
  const end = symbolCount - 1;
  while (isLastInput || inputEnd - input >= MOST_GROUP) {
    if (selector >= selectorCount) return BAD_SELECTORS;
    const table = TABLES + <usize>load<u8>(SELECTORS + selector++) * TABLE_SIZE;
    for (let i = 0; i < 50; i++) {
      refill();
      const entry = <u32>load<u16>(table + (<usize>(bits >>> (64 - FAST_BITS)) << 1));
      let symbol = entry >> 5;
      if (entry != 0) drop(entry & 31);
      else {
        symbol = longSymbol(table);
        if (symbol > end) return BAD_CODE;
      }
      if (symbol <= 1) {
        if (runWeight == 0) runWeight = 1;
        if (runWeight > 1 << 20) return BAD_RUN;
        runLength += runWeight << symbol;
        runWeight <<= 1;
        continue;
      }
      if (runWeight != 0 && !writeRun()) return BAD_BLOCK_SIZE;
      if (symbol == end) return endBlock();
      if (length >= blockSize) return BAD_BLOCK_SIZE;
      writeSymbol(symbol - 1);
    }
    if (phantom << 3 > bitCount) return ENDED_EARLY;
  }
  return NEED_INPUT;
}

function longSymbol(table: usize): u32 {
  const window = <u32>(bits >>> (64 - MOST_CODE));
  for (let bitLength: u32 = 1; bitLength <= MOST_CODE; bitLength++) {
    if (window >= load<u32>(table + LIMITS + (bitLength << 2))) continue;
    const index = <i32>(window >> (MOST_CODE - bitLength)) + load<i32>(table + BASES + (bitLength << 2));
    drop(bitLength);
    return <u32>index < symbolCount ? load<u16>(table + SYMBOLS + (<usize>index << 1)) : 0xffff;
  }
  return 0xffff;
}

function writeRun(): bool {
  if (runLength > blockSize - length) return false;
  const byte = <u32>load<u8>(FRONT);
  const count = COUNTS + (<usize>byte << 2);
  store<u32>(count, load<u32>(count) + runLength);
  for (let at = CHAIN + (<usize>length << 2), end = at + (<usize>runLength << 2); at < end; at += 4) store<u32>(at, byte);
  length += runLength;
  runLength = runWeight = 0;
  return true;
}

/** Moves the symbol of this rank to the front. */
// @ts-ignore: decorator
@inline
function writeSymbol(rank: u32): void {
  const byte = <u32>load<u8>(FRONT + rank);
  for (let at = FRONT + rank; at > FRONT; at--) store<u8>(at, load<u8>(at - 1));
  store<u8>(FRONT, <u8>byte);
  const count = COUNTS + (<usize>byte << 2);
  store<u32>(count, load<u32>(count) + 1);
  store<u32>(CHAIN + (<usize>length << 2), byte);
  length++;
}

/** Inverts the Burrows–Wheeler transform: each entry keeps its byte below and gets the place of its successor above. */
function endBlock(): i32 {
  if (origin >= length) return BAD_ORIGIN;
  let total: u32 = 0;
  for (let at = COUNTS; at < COUNTS + 1024; at += 4) {
    const count = load<u32>(at);
    store<u32>(at, total);
    total += count;
  }
  for (let i: u32 = 0; i < length; i++) {
    const count = COUNTS + (<usize>load<u8>(CHAIN + (<usize>i << 2)) << 2);
    const rank = load<u32>(count);
    store<u32>(count, rank + 1);
    const at = CHAIN + (<usize>rank << 2);
    store<u32>(at, load<u32>(at) | i << 8);
  }
  place = load<u32>(CHAIN + (<usize>origin << 2)) >> 8;
  left = length;
  previous = -1;
  same = 0;
  sum = 0xffffffff;
  phase = OUTGOING;
  return GO_ON;
}

/** Four equal bytes are followed by the number of more of them. */
function writeBlock(): i32 {
  let o = output;
  let at = place;
  let crc = sum;
  let n = left;
  let before = previous;
  let equal = same;
  while (n > 0 && o < OUTPUT + PIECE_SIZE) {
    const entry = load<u32>(CHAIN + (<usize>at << 2));
    at = entry >> 8;
    const byte = <i32>(entry & 0xff);
    n--;
    if (equal == 4) {
      for (let i = 0; i < byte; i++) {
        store<u8>(o++, <u8>before);
        crc = crc << 8 ^ load<u32>(SUMS + (<usize>(crc >>> 24 ^ before) << 2));
      }
      equal = 0;
      before = -1;
      continue;
    }
    equal = byte == before ? equal + 1 : 1;
    before = byte;
    store<u8>(o++, <u8>byte);
    crc = crc << 8 ^ load<u32>(SUMS + (<usize>(crc >>> 24 ^ byte) << 2));
  }
  output = o;
  place = at;
  sum = crc;
  left = n;
  previous = before;
  same = equal;
  return n > 0 ? PIECE : checkBlock();
}

function checkBlock(): i32 {
  sum = ~sum;
  if (sum != storedSum) return BAD_BLOCK_SUM;
  streamSum = rotl(streamSum, 1) ^ sum;
  phase = BLOCK;
  return output > OUTPUT ? PIECE : GO_ON;
}
