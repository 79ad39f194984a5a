// Deflate (RFC 1951) and Deflate64 decoder, compiled to WASM by scripts/build-wasm.mjs. See ../inflate.ts for its host.
//
// The host fills the input area, calls `run`, and acts on what it returns. `run` comes back at symbol boundaries
// only, and there it gives unread whole bytes back: so a copy of [SAVED, SAVED_END) and of the window is all
// that is needed to go on from there another time.

// What `run` returns.
const NEED_INPUT: i32 = 0;
const PIECE: i32 = 1;
const STORED: i32 = 2;
const DONE: i32 = 3;
/** Used inside only. */
const GO_ON: i32 = 4;
const BAD_BLOCK_TYPE: i32 = 16;
const BAD_STORED_LENGTH: i32 = 17;
const BAD_SYMBOL_COUNT: i32 = 18;
const BAD_CODE_LENGTH_CODE: i32 = 19;
const BAD_REPEAT: i32 = 20;
const NO_END_OF_BLOCK: i32 = 21;
const BAD_LITERAL_CODE: i32 = 22;
const BAD_DISTANCE_CODE: i32 = 23;
const BAD_LITERAL: i32 = 24;
const BAD_DISTANCE: i32 = 25;
const TOO_FAR_BACK: i32 = 26;
const ENDED_EARLY: i32 = 27;

// Where things lie in memory. Static data of this module end below SAVED.
const SAVED: usize = 16384;
const LITERALS: usize = SAVED + 64;
const LITERAL_BITS: u32 = 11;
const LITERAL_MASK: usize = (1 << 11) - 1;
/** 2^11 entries, and at most 288 / 2 tables of 2^(15 − 11) behind them. */
const LITERAL_ENTRIES: usize = 2048 + 144 * 16;
const DISTANCES: usize = LITERALS + LITERAL_ENTRIES * 4;
const DISTANCE_BITS: u32 = 8;
const DISTANCE_MASK: usize = (1 << 8) - 1;
/** 2^8 entries, and at most 32 / 2 tables of 2^(15 − 8) behind them. */
const DISTANCE_ENTRIES: usize = 256 + 16 * 128;
const SAVED_END: usize = DISTANCES + DISTANCE_ENTRIES * 4;
const LENGTHS: usize = SAVED_END;
const COUNTS: usize = LENGTHS + 512;
const PLACES: usize = COUNTS + 64;
const SORTED: usize = PLACES + 64;
const CODE_LENGTH_CODE: usize = SORTED + 640;
const INPUT: usize = 65536;
const INPUT_SIZE: usize = 1 << 17;
const WINDOW: usize = 1 << 16;
const OUTPUT: usize = INPUT + INPUT_SIZE + 64;
const PIECE_SIZE: usize = 1 << 18;
/** The longest match of Deflate64, and what a copy may write beyond its end. */
const LONGEST_MATCH: usize = 65538;
const OUTPUT_END: usize = OUTPUT + WINDOW + PIECE_SIZE + LONGEST_MATCH + 64;
/** No block header is longer: 17 + 19·3 + 320·(7 + 7) bits. */
const MOST_HEADER: usize = 1024;

// Entry of a decoding table, 32 bits: value << 16 | kind | code bits << 8 | all bits (extra ones included).
const LITERAL_KIND: u32 = 0x8000;
const SPECIAL_KIND: u32 = 0x4000;
const SUBTABLE_KIND: u32 = 0x6000;
const END_KIND: u32 = 0x5000;

// Phases.
const HEADER: i32 = 0;
const COPYING: i32 = 1;
const CODED: i32 = 2;
const FINISHED: i32 = 3;

let input: usize = INPUT;
let inputEnd: usize = INPUT;
let isLastInput: bool = false;
let output: usize = OUTPUT + WINDOW;
let pieceStart: usize = OUTPUT + WINDOW;
let phase: i32 = HEADER;
let isFinal: bool = false;
let tablesAreFixed: bool = false;
let storedLeft: u32 = 0;
let wide: bool = false;
let bits: u64 = 0;
let bitCount: u32 = 0;
let phantom: u32 = 0;
/** Where the first byte lies that a distance may reach. */
let oldest: usize = OUTPUT + WINDOW;

export function inputAt(): usize { return INPUT; }
export function inputSize(): usize { return INPUT_SIZE; }
export function savedAt(): usize { return SAVED; }
export function savedEnd(): usize { return SAVED_END; }
export function windowSize(): usize { return WINDOW; }
export function pieceAt(): usize { return pieceStart; }
export function pieceEnd(): usize { return output; }
/** Bytes of input that are taken, counted from the start of the input area; the last may be taken in part. */
export function taken(): usize { return input - INPUT; }
/** Unused bits of the last byte taken. */
export function spareBits(): u32 { return <u32>(bits & ((1 << (bitCount & 7)) - 1)); }
export function storedLength(): u32 { return storedLeft; }

export function reset(deflate64: bool): void {
  if (memory.size() < 16) memory.grow(16 - memory.size());
  wide = deflate64;
  input = inputEnd = INPUT;
  isLastInput = false;
  output = pieceStart = oldest = OUTPUT + WINDOW;
  phase = HEADER;
  isFinal = tablesAreFixed = false;
  storedLeft = 0;
  bits = 0;
  bitCount = phantom = 0;
}

/** Moves unread input to the front; the host appends behind it. Gives how many bytes those are. */
export function makeRoom(): usize {
  const left = inputEnd - input;
  memory.copy(INPUT, input, left);
  input = INPUT;
  inputEnd = INPUT + left;
  return left;
}

export function appended(length: usize, isLast: bool): void {
  inputEnd += length;
  isLastInput = isLast;
}

/** Call between two calls of `run`, then copy [savedAt, savedEnd) and the window before `pieceEnd`. */
export function save(): void {
  store<i32>(SAVED, phase);
  store<u32>(SAVED, storedLeft, 4);
  store<u64>(SAVED, bits, 8);
  store<u32>(SAVED, bitCount, 16);
  store<u32>(SAVED, <u32>(isFinal ? 1 : 0) | (tablesAreFixed ? 2 : 0) | (wide ? 4 : 0), 20);
  store<u32>(SAVED, <u32>min<usize>(output - oldest, WINDOW), 24);
}

/** Call after [savedAt, savedEnd) was put back, then put the window back before `pieceAt`; input starts anew. */
export function restore(): void {
  const flags = load<u32>(SAVED, 20);
  reset((flags & 4) != 0);
  isFinal = (flags & 1) != 0;
  tablesAreFixed = (flags & 2) != 0;
  phase = load<i32>(SAVED);
  storedLeft = load<u32>(SAVED, 4);
  bits = load<u64>(SAVED, 8);
  bitCount = load<u32>(SAVED, 16);
  oldest = output - load<u32>(SAVED, 24);
}

export function run(): i32 {
  startPiece();
  return endPiece(proceed());
}

function proceed(): i32 {
  let status: i32 = GO_ON;
  while (status == GO_ON) {
    if (phase == FINISHED) return DONE;
    if (!isLastInput && inputEnd - input < MOST_HEADER) return NEED_INPUT;
    if (phase == HEADER) status = readHeader();
    else if (phase == COPYING) status = copyStored();
    else status = decodeBlock();
  }
  return status;
}

/** The last piece was taken: keeps the window behind the next one. */
function startPiece(): void {
  if (output > OUTPUT + WINDOW + PIECE_SIZE / 2) {
    memory.copy(OUTPUT, output - WINDOW, WINDOW);
    const moved = output - (OUTPUT + WINDOW);
    oldest = oldest >= OUTPUT + moved ? oldest - moved : OUTPUT;
    output = OUTPUT + WINDOW;
  }
  pieceStart = output;
}

function endPiece(status: i32): i32 {
  giveBack();
  return status;
}

/** Gives whole unread bytes back to the input. */
function giveBack(): void {
  const whole = bitCount >> 3;
  input -= whole - min(whole, phantom);
  bitCount &= 7;
  bits &= (<u64>1 << bitCount) - 1;
  phantom = 0;
}

// @ts-ignore: decorator
@inline
function endBlock(): void {
  phase = isFinal ? FINISHED : HEADER;
}

/** Fills the bit buffer to 56 bits or more. Behind the end of the input stand zeros that nobody has written. */
// @ts-ignore: decorator
@inline
function refill(): void {
  if (input + 8 <= inputEnd) {
    bits |= load<u64>(input) << bitCount;
    input += (63 - bitCount) >> 3;
    bitCount |= 56;
  } else refillAtEnd();
}

function refillAtEnd(): void {
  // A fast refill leaves bits above `bitCount`: the same bits come again.
  bits &= (<u64>1 << bitCount) - 1;
  while (bitCount <= 55) {
    if (input < inputEnd) bits |= <u64>load<u8>(input++) << bitCount;
    else phantom++;
    bitCount += 8;
  }
}

// @ts-ignore: decorator
@inline
function overran(): bool {
  return phantom << 3 > bitCount;
}

// @ts-ignore: decorator
@inline
function drop(count: u32): void {
  bits >>= count;
  bitCount -= count;
}

function take(count: u32): u32 {
  const value = <u32>(bits & ((<u64>1 << count) - 1));
  drop(count);
  return value;
}

/** RFC 1951 §3.2.3. Nothing is taken where it fails for good. */
function readHeader(): i32 {
  refill();
  isFinal = take(1) != 0;
  const type = take(2);
  let status: i32 = GO_ON;
  if (type == 0) status = readStoredHeader();
  else if (type == 1) useFixedCodes();
  else if (type == 2) status = readDynamicCodes();
  else status = BAD_BLOCK_TYPE;
  if (overran()) return ENDED_EARLY;
  return status;
}

/** RFC 1951 §3.2.4. */
function readStoredHeader(): i32 {
  drop(bitCount & 7);
  const length = take(16);
  const complement = take(16);
  if (overran()) return ENDED_EARLY;
  if ((length ^ complement) != 0xffff) return BAD_STORED_LENGTH;
  giveBack();
  storedLeft = length;
  if (length == 0) {
    endBlock();
    return GO_ON;
  }
  phase = COPYING;
  return STORED;
}

function copyStored(): i32 {
  const room = OUTPUT + WINDOW + PIECE_SIZE - output;
  const length = min(min<usize>(storedLeft, inputEnd - input), room);
  memory.copy(output, input, length);
  output += length;
  input += length;
  storedLeft -= <u32>length;
  if (storedLeft == 0) {
    endBlock();
    return GO_ON;
  }
  if (length == room) return PIECE;
  return isLastInput ? ENDED_EARLY : NEED_INPUT;
}

/** RFC 1951 §3.2.6. */
function useFixedCodes(): void {
  phase = CODED;
  if (tablesAreFixed) return;
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  buildTable(LITERALS, LITERAL_BITS, LENGTHS, 288, 0);
  memory.fill(LENGTHS, 5, 32);
  buildTable(DISTANCES, DISTANCE_BITS, LENGTHS, 32, 1);
  tablesAreFixed = true;
}

/** RFC 1951 §3.2.7. Which sets of lengths are allowed: as zlib decides. */
function readDynamicCodes(): i32 {
  tablesAreFixed = false;
  refill();
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const codeLengths = take(4) + 4;
  if (literals > 286 || (distances > 30 && !wide)) return BAD_SYMBOL_COUNT;
  memory.fill(LENGTHS, 0, 19);
  for (let i: u32 = 0; i < codeLengths; i++) {
    if (bitCount < 3) refill();
    store<u8>(LENGTHS + load<u8>(ORDER + i), <u8>take(3));
  }
  refill();
  if (overran()) return ENDED_EARLY;
  if (!isAllowed(LENGTHS, 19, false)) return BAD_CODE_LENGTH_CODE;
  buildTable(CODE_LENGTH_CODE, 7, LENGTHS, 19, 2);
  const status = readLengths(literals + distances);
  if (status != GO_ON) return status;
  if (load<u8>(LENGTHS + 256) == 0) return NO_END_OF_BLOCK;
  if (!isAllowed(LENGTHS, literals, true)) return BAD_LITERAL_CODE;
  if (!isAllowed(LENGTHS + literals, distances, true)) return BAD_DISTANCE_CODE;
  buildTable(LITERALS, LITERAL_BITS, LENGTHS, literals, 0);
  buildTable(DISTANCES, DISTANCE_BITS, LENGTHS + literals, distances, 1);
  phase = CODED;
  return GO_ON;
}

function readLengths(count: u32): i32 {
  for (let i: u32 = 0; i < count; ) {
    refill();
    if (overran()) return ENDED_EARLY;
    const entry = load<u32>(CODE_LENGTH_CODE + ((<usize>bits & 127) << 2));
    drop(entry & 0xff);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(LENGTHS + i++, <u8>symbol);
      continue;
    }
    let repeated: u8 = 0;
    let times: u32 = 0;
    if (symbol == 16) {
      if (i == 0) return BAD_REPEAT;
      repeated = load<u8>(LENGTHS + i - 1);
      times = 3 + take(2);
    } else times = symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (i + times > count) return BAD_REPEAT;
    memory.fill(LENGTHS + i, repeated, times);
    i += times;
  }
  return GO_ON;
}

/** Neither over-subscribed nor incomplete; one code of one bit, or none at all, may stand alone where `lenient`. */
function isAllowed(lengths: usize, count: u32, lenient: bool): bool {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < count; i++) {
    const at = COUNTS + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let left: i32 = 1;
  let longest: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const codes = load<u32>(COUNTS + (length << 2));
    if (codes != 0) longest = length;
    left = (left << 1) - <i32>codes;
    if (left < 0) return false;
  }
  return left == 0 || (lenient && longest <= 1);
}

/** Symbols in order of their codes. The set of lengths was found allowed: so the tables behind the first have room. */
function buildTable(table: usize, tableBits: u32, lengths: usize, count: u32, kind: i32): void {
  const size: u32 = 1 << tableBits;
  const longest = sortSymbols(lengths, count);
  // An incomplete set, which is a single code at most, leaves entries without a symbol.
  if (longest <= 1) for (let i: u32 = 0; i < size; i++) store<u32>(table + (i << 2), SPECIAL_KIND);
  const subBits = longest > tableBits ? longest - tableBits : 0;
  let code: u32 = 0;
  let next: u32 = size;
  let previousPrefix: u32 = 0xffffffff;
  let sub: u32 = 0;
  let at = SORTED;
  for (let length: u32 = 1; length <= longest; length++) {
    for (let left = load<u32>(COUNTS + (length << 2)); left > 0; left--) {
      const entry = entryOf(kind, load<u16>(at), length);
      at += 2;
      const reversed = reverse(code++, length);
      if (length <= tableBits) {
        for (let i = reversed; i < size; i += 1 << length) store<u32>(table + (i << 2), entry);
        continue;
      }
      const prefix = reversed & (size - 1);
      if (prefix != previousPrefix) {
        previousPrefix = prefix;
        sub = next;
        store<u32>(table + (prefix << 2), (sub << 16) | SUBTABLE_KIND | (tableBits << 8) | subBits);
        next += 1 << subBits;
      }
      const end: u32 = 1 << subBits;
      const step: u32 = 1 << (length - tableBits);
      for (let i = reversed >> tableBits; i < end; i += step) store<u32>(table + ((sub + i) << 2), entry);
    }
    code <<= 1;
  }
}

/** By length, then by number; fills COUNTS. Gives the longest length. */
function sortSymbols(lengths: usize, count: u32): u32 {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < count; i++) {
    const at = COUNTS + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let longest: u32 = 0;
  let sum: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    store<u32>(PLACES + (length << 2), sum);
    const codes = load<u32>(COUNTS + (length << 2));
    sum += codes;
    if (codes != 0) longest = length;
  }
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length = load<u8>(lengths + symbol);
    if (length == 0) continue;
    const place = PLACES + (<usize>length << 2);
    const n = load<u32>(place);
    store<u32>(place, n + 1);
    store<u16>(SORTED + (n << 1), <u16>symbol);
  }
  return longest;
}

/** The lowest `length` bits, in opposite order. */
function reverse(code: u32, length: u32): u32 {
  let bits = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
  bits = ((bits & 0x3333) << 2) | ((bits >> 2) & 0x3333);
  bits = ((bits & 0x0f0f) << 4) | ((bits >> 4) & 0x0f0f);
  bits = ((bits & 0xff) << 8) | (bits >> 8);
  return bits >> (16 - length);
}

/** RFC 1951 §3.2.5; symbols 286, 287 and distances 30, 31 have codes that must not occur, but in Deflate64. */
function entryOf(kind: i32, symbol: u32, length: u32): u32 {
  const plain = (length << 8) | length;
  if (kind == 2) return (symbol << 16) | plain;
  if (kind == 1) {
    if (symbol > 29 && !wide) return SPECIAL_KIND;
    const extra = symbol < 4 ? 0 : (symbol >> 1) - 1;
    const base = symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << extra) + 1;
    return ((base << 16) | plain) + extra;
  }
  if (symbol < 256) return (symbol << 16) | LITERAL_KIND | plain;
  if (symbol == 256) return END_KIND | SPECIAL_KIND | plain;
  if (symbol > 285) return SPECIAL_KIND;
  if (symbol == 285) return wide ? ((3 << 16) | plain) + 16 : (258 << 16) | plain;
  const n = symbol - 257;
  const extra = n < 8 ? 0 : (n >> 2) - 1;
  const base = n < 8 ? n + 3 : ((4 + (n & 3)) << extra) + 3;
  return ((base << 16) | plain) + extra;
}

const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/**
 * The symbols of one block, or as many as input and output allow. The state is held in locals here, as an engine
 * keeps those in registers but not globals: twice as fast.
 */
function decodeBlock(): i32 {
  while (output < OUTPUT + WINDOW + PIECE_SIZE) {
    if (input + 64 <= inputEnd) {
      const status = decodeFast();
      if (status != GO_ON || phase != CODED) return status;
      continue;
    }
    if (!isLastInput) return NEED_INPUT;
    const status = decodeSymbol();
    if (overran()) return ENDED_EARLY;
    if (status != GO_ON || phase != CODED) return status;
  }
  return PIECE;
}

/** One symbol, with care for the end of the input. */
function decodeSymbol(): i32 {
  refill();
  let entry = load<u32>(LITERALS + ((<usize>bits & LITERAL_MASK) << 2));
  if (isPointer(entry)) entry = longerCode(LITERALS, entry, bits);
  if (isInvalid(entry)) return BAD_LITERAL;
  if (entry & LITERAL_KIND) {
    drop(entry & 0xff);
    store<u8>(output++, <u8>(entry >> 16));
    return GO_ON;
  }
  if (entry & SPECIAL_KIND) {
    drop(entry & 0xff);
    endBlock();
    return GO_ON;
  }
  const length = valueOf(entry, bits);
  drop(entry & 0xff);
  refill();
  entry = load<u32>(DISTANCES + ((<usize>bits & DISTANCE_MASK) << 2));
  if (isPointer(entry)) entry = longerCode(DISTANCES, entry, bits);
  if (entry & SPECIAL_KIND) return BAD_DISTANCE;
  const distance = valueOf(entry, bits);
  if (distance > output - oldest) return TOO_FAR_BACK;
  drop(entry & 0xff);
  copyMatch(output, distance, length);
  output += length;
  return GO_ON;
}

/** Symbols while there are 64 bytes of input, so that no read of eight bytes goes beyond it. */
function decodeFast(): i32 {
  const full = OUTPUT + WINDOW + PIECE_SIZE;
  const last = inputEnd - 64;
  const first = oldest;
  let from = input;
  let to = output;
  let word = bits;
  let count = bitCount;
  let status: i32 = GO_ON;
  while (to < full && from <= last) {
    word |= load<u64>(from) << count;
    from += (63 - count) >> 3;
    count |= 56;
    let entry = load<u32>(LITERALS + ((<usize>word & LITERAL_MASK) << 2));
    // Three literals take 45 bits of 56 at most.
    if (entry & LITERAL_KIND) {
      word >>= entry & 0xff;
      count -= entry & 0xff;
      store<u8>(to++, <u8>(entry >> 16));
      entry = load<u32>(LITERALS + ((<usize>word & LITERAL_MASK) << 2));
      if (entry & LITERAL_KIND) {
        word >>= entry & 0xff;
        count -= entry & 0xff;
        store<u8>(to++, <u8>(entry >> 16));
        entry = load<u32>(LITERALS + ((<usize>word & LITERAL_MASK) << 2));
        if (entry & LITERAL_KIND) {
          word >>= entry & 0xff;
          count -= entry & 0xff;
          store<u8>(to++, <u8>(entry >> 16));
          continue;
        }
      }
      word |= load<u64>(from) << count;
      from += (63 - count) >> 3;
      count |= 56;
    }
    if (entry & SPECIAL_KIND) {
      if (isPointer(entry)) entry = longerCode(LITERALS, entry, word);
      if (isInvalid(entry)) {
        status = BAD_LITERAL;
        break;
      }
      if (entry & (LITERAL_KIND | SPECIAL_KIND)) {
        word >>= entry & 0xff;
        count -= entry & 0xff;
        if (entry & LITERAL_KIND) {
          store<u8>(to++, <u8>(entry >> 16));
          continue;
        }
        endBlock();
        break;
      }
    }
    const length = valueOf(entry, word);
    word >>= entry & 0xff;
    count -= entry & 0xff;
    if (count < 32) {
      word |= load<u64>(from) << count;
      from += (63 - count) >> 3;
      count |= 56;
    }
    entry = load<u32>(DISTANCES + ((<usize>word & DISTANCE_MASK) << 2));
    if (isPointer(entry)) entry = longerCode(DISTANCES, entry, word);
    if (entry & SPECIAL_KIND) {
      status = BAD_DISTANCE;
      break;
    }
    const distance = valueOf(entry, word);
    if (distance > to - first) {
      status = TOO_FAR_BACK;
      break;
    }
    word >>= entry & 0xff;
    count -= entry & 0xff;
    copyMatch(to, distance, length);
    to += length;
  }
  input = from;
  output = to;
  bits = word;
  bitCount = count;
  return status;
}

// @ts-ignore: decorator
@inline
function isPointer(entry: u32): bool {
  return (entry & (LITERAL_KIND | SUBTABLE_KIND)) == SUBTABLE_KIND;
}

// @ts-ignore: decorator
@inline
function isInvalid(entry: u32): bool {
  return (entry & 0xf000) == SPECIAL_KIND;
}

/** Base value and extra bits, which follow the code. */
// @ts-ignore: decorator
@inline
function valueOf(entry: u32, word: u64): u32 {
  const all = entry & 0xff;
  return (entry >> 16) + <u32>((word & ((<u64>1 << all) - 1)) >> ((entry >> 8) & 15));
}

/** Follows the pointer to a longer code's table. */
// @ts-ignore: decorator
@inline
function longerCode(table: usize, entry: u32, word: u64): u32 {
  const rest = (<u32>(word >> ((entry >> 8) & 15)) & ((1 << (entry & 15)) - 1)) + (entry >> 16);
  return load<u32>(table + (<usize>rest << 2));
}

/** May write up to 15 bytes beyond the end of the match. */
// @ts-ignore: decorator
@inline
function copyMatch(at: usize, distance: u32, length: u32): void {
  let to = at;
  let from = at - distance;
  const end = at + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance == 1) {
    const run = i8x16.splat(load<i8>(from));
    do {
      v128.store(to, run);
      to += 16;
    } while (to < end);
  } else {
    do store<u8>(to++, load<u8>(from++)); while (to < end);
  }
}
