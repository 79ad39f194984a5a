// LZMA and LZMA2 decoder, compiled to WASM by scripts/build-wasm.mjs. See ../lzma.ts for its host.
//
// The window is a ring in which the output is made; `run` returns whenever a piece of it is ready, at its seam at the
// latest. The ring is a little longer than the dictionary, so that copies may write some bytes too many.

// What `run` returns.
const NEED_INPUT: i32 = 0;
const PIECE: i32 = 1;
/** An LZMA2 chunk without compression begins. */
const STORED: i32 = 2;
const DONE: i32 = 3;
/** Used inside only. */
const GO_ON: i32 = 4;
const END_MARK: i32 = 5;
const BAD_FIRST_BYTE: i32 = 16;
const BAD_DISTANCE: i32 = 17;
const BAD_LENGTH: i32 = 18;
const BAD_FINAL_CODE: i32 = 19;
const BAD_CONTROL: i32 = 20;
const BAD_PROPERTIES: i32 = 21;
const BAD_CHUNK_LENGTH: i32 = 22;
const BAD_END_MARK: i32 = 23;
const ENDED_EARLY: i32 = 27;

const INPUT: usize = 65536;
const INPUT_SIZE: usize = 1 << 17;
/** No symbol takes more bytes of input. */
const MOST_SYMBOL: usize = 24;
const SLACK: usize = 64;
const PIECE_SIZE: usize = 1 << 18;

/** Probabilities, 16 bits each. Twelve states; sixteen position states in each table that has them. */
const IS_MATCH: usize = INPUT + INPUT_SIZE + SLACK;
const IS_REP: usize = IS_MATCH + 192 * 2;
const IS_REP0: usize = IS_REP + 12 * 2;
const IS_REP1: usize = IS_REP0 + 12 * 2;
const IS_REP2: usize = IS_REP1 + 12 * 2;
const IS_REP0_LONG: usize = IS_REP2 + 12 * 2;
const SLOTS: usize = IS_REP0_LONG + 192 * 2;
const SPECIAL: usize = SLOTS + 256 * 2;
const ALIGN: usize = SPECIAL + 128 * 2;
const MATCH_LENGTH: usize = ALIGN + 16 * 2;
/** Within a length table: two choices, 16 trees of 3 bits, 16 more, one of 8 bits. */
const LOW: usize = 2 * 2;
const MIDDLE: usize = LOW + 128 * 2;
const HIGH: usize = MIDDLE + 128 * 2;
const REP_LENGTH: usize = MATCH_LENGTH + HIGH + 256 * 2;
const LITERALS: usize = REP_LENGTH + HIGH + 256 * 2;

const INITIAL: u16 = 1024;
const TOP: u32 = 1 << 24;

// Phases.
const CHUNK: i32 = 0;
const START: i32 = 1;
const CODED: i32 = 2;
const COPYING: i32 = 3;
const FINISHED: i32 = 4;

let input: usize = INPUT;
let inputEnd: usize = INPUT;
let isLastInput: bool = false;
let chunkEnd: usize = 0;
let chunked: bool = false;
let phase: i32 = START;
let needsDictionary: bool = true;
let needsProperties: bool = true;
let storedLeft: u32 = 0;

let ring: usize = 0;
let ringEnd: usize = 0;
let dictionary: usize = 0;
let output: usize = 0;
let pieceStart: usize = 0;
let wrapped: bool = false;
/** `output` minus it counts the bytes since the dictionary was reset. */
let origin: usize = 0;
/** What is still to come of the stream, or of the chunk; the largest number where only a mark ends it. */
let left: u64 = 0;
const UNKNOWN: u64 = 0xffffffffffffffff;

let range: u32 = 0;
let code: u32 = 0;
let state: u32 = 0;
let rep0: u32 = 0;
let rep1: u32 = 0;
let rep2: u32 = 0;
let rep3: u32 = 0;
let pending: u32 = 0;
let literalBits: u32 = 3;
let literalMask: u32 = 0;
let positionMask: u32 = 3;

export function inputAt(): usize { return INPUT; }
export function inputSize(): usize { return INPUT_SIZE; }
export function pieceAt(): usize { return pieceStart; }
export function pieceEnd(): usize { return output; }
/** Bytes of input that are taken, counted from the start of the input area. */
export function taken(): usize { return input - INPUT; }
export function storedLength(): u32 { return storedLeft; }

/** LZMA: `properties` as its header has it; `size` −1 where an end mark stands. False where they are none. */
export function beginLzma(properties: u32, dictionarySize: u32, size: f64): bool {
  if (!useProperties(properties)) return false;
  begin(dictionarySize, LITERALS + (<usize>0x600 << (literalBits + popcnt(literalMask))));
  chunked = false;
  left = size < 0 ? UNKNOWN : <u64>size;
  phase = START;
  resetState();
  return true;
}

export function beginLzma2(dictionarySize: u32): void {
  begin(dictionarySize, LITERALS + (<usize>0x600 << 4));
  chunked = needsDictionary = needsProperties = true;
  phase = CHUNK;
  left = 0;
}

function begin(dictionarySize: u32, free: usize): void {
  dictionary = max<usize>(dictionarySize, 4096);
  ring = (free + SLACK) & ~<usize>15;
  ringEnd = ring + dictionary + SLACK;
  const pages = <i32>((ringEnd + SLACK + 65535) >> 16);
  if (memory.size() < pages) memory.grow(pages - memory.size());
  input = inputEnd = INPUT;
  isLastInput = false;
  pending = 0;
  output = pieceStart = ring;
  resetDictionary();
}

/** Moves unread input to the front; the host appends behind it. Gives how many bytes those are. */
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
  if (isLast) memory.fill(inputEnd, 0, SLACK);
}

export function run(): i32 {
  if (output == ringEnd) {
    store<u8>(ring - 1, load<u8>(ringEnd - 1));
    origin -= ringEnd - ring;
    output = ring;
    wrapped = true;
  }
  pieceStart = output;
  let status: i32 = GO_ON;
  while (status == GO_ON) {
    if (phase == CODED) status = decode();
    else if (phase == CHUNK) status = readChunk();
    else if (phase == COPYING) status = copyStored();
    else if (phase == START) status = startCoder();
    else status = DONE;
  }
  return status;
}

function resetDictionary(): void {
  output = pieceStart = ring;
  origin = ring;
  wrapped = false;
  store<u8>(ring - 1, 0);
}

/** (pb × 5 + lp) × 9 + lc. */
function useProperties(properties: u32): bool {
  if (properties >= 225) return false;
  literalBits = properties % 9;
  literalMask = (1 << (properties / 9) % 5) - 1;
  positionMask = (1 << properties / 45) - 1;
  return true;
}

function resetState(): void {
  state = rep0 = rep1 = rep2 = rep3 = 0;
  const count = ((LITERALS - IS_MATCH) >> 1) + (<usize>0x300 << (literalBits + popcnt(literalMask)));
  for (let i: usize = 0; i < count; i++) store<u16>(IS_MATCH + (i << 1), INITIAL);
}

/** The first byte is zero by the encoder's nature. */
function startCoder(): i32 {
  if (inputEnd - input < 5) return isLastInput ? ENDED_EARLY : NEED_INPUT;
  if (load<u8>(input) != 0) return BAD_FIRST_BYTE;
  code = bswap(load<u32>(input + 1));
  range = 0xffffffff;
  input += 5;
  phase = CODED;
  return GO_ON;
}

/** Control bytes of LZMA2, as xz takes them. */
function readChunk(): i32 {
  const unread = inputEnd - input;
  if (unread < 1) return isLastInput ? ENDED_EARLY : NEED_INPUT;
  const control = <u32>load<u8>(input);
  if (control == 0) {
    input++;
    phase = FINISHED;
    return DONE;
  }
  const headerLength: usize = control < 0x80 ? 3 : control < 0xc0 ? 5 : 6;
  if (unread < headerLength) return isLastInput ? ENDED_EARLY : NEED_INPUT;
  const resets = control >= 0xe0 || control == 1;
  if ((needsDictionary && !resets) || (control > 2 && control < 0x80)) return BAD_CONTROL;
  if (resets) {
    // What is left of the ring goes out first: the window starts anew.
    if (output > pieceStart) return PIECE;
    resetDictionary();
    needsDictionary = false;
    needsProperties = true;
  }
  const length = <u32>load<u8>(input + 1) << 8 | load<u8>(input + 2);
  if (control < 0x80) {
    input += headerLength;
    storedLeft = length + 1;
    phase = COPYING;
    return STORED;
  }
  const packed = (<usize>load<u8>(input + 3) << 8 | load<u8>(input + 4)) + 1;
  if (unread < headerLength + packed) return isLastInput ? ENDED_EARLY : NEED_INPUT;
  if (control >= 0xc0) {
    const properties = <u32>load<u8>(input + 5);
    if (!useProperties(properties) || literalBits + popcnt(literalMask) > 4) return BAD_PROPERTIES;
    needsProperties = false;
  } else if (needsProperties) return BAD_CONTROL;
  if (control >= 0xa0) resetState();
  input += headerLength;
  chunkEnd = input + packed;
  left = (<u64>(control & 0x1f) << 16) + length + 1;
  if (packed < 5) return BAD_CHUNK_LENGTH;
  return startCoder();
}

function copyStored(): i32 {
  const room = min(ringEnd - output, PIECE_SIZE);
  const length = min(min<usize>(storedLeft, inputEnd - input), room);
  memory.copy(output, input, length);
  output += length;
  input += length;
  storedLeft -= <u32>length;
  if (storedLeft == 0) phase = CHUNK;
  if (output == ringEnd || output - pieceStart >= PIECE_SIZE) return PIECE;
  if (storedLeft == 0) return GO_ON;
  return isLastInput ? ENDED_EARLY : NEED_INPUT;
}

function decode(): i32 {
  const wall = min(ringEnd, pieceStart + PIECE_SIZE);
  const fits = left <= <u64>(wall - output);
  const limit = fits ? output + <usize>left : wall;
  const from = output;
  const lastInput = chunked ? chunkEnd : isLastInput ? inputEnd : inputEnd - min(inputEnd - input, MOST_SYMBOL);
  const status = decodeSymbols(limit, lastInput, fits);
  if (left != UNKNOWN) left -= output - from;
  // What was read of the zeros behind the end contradicts nothing.
  if (!chunked && input > inputEnd) return ENDED_EARLY;
  if (status == END_MARK) return left == UNKNOWN || left == 0 ? finish() : BAD_END_MARK;
  if (status != GO_ON) return chunked && status == ENDED_EARLY ? BAD_CHUNK_LENGTH : status;
  if (left == 0 && pending == 0) return finishKnown();
  if (output == limit) return PIECE;
  if (chunked || isLastInput) return ENDED_EARLY;
  return NEED_INPUT;
}

/** A stream of known size may still have an end mark. */
function finishKnown(): i32 {
  if (code == 0 || chunked) return finish();
  if (!isLastInput && inputEnd - input < MOST_SYMBOL) return NEED_INPUT;
  const status = decodeSymbols(output + 1, isLastInput ? inputEnd : inputEnd - 1, true);
  if (status == END_MARK) return finish();
  return BAD_FINAL_CODE;
}

function finish(): i32 {
  if (code != 0) return BAD_FINAL_CODE;
  if (chunked && input != chunkEnd) return BAD_CHUNK_LENGTH;
  if (input > inputEnd) return ENDED_EARLY;
  phase = chunked ? CHUNK : FINISHED;
  return GO_ON;
}

/**
 * Decodes until `limit` of the output or `lastInput` is reached. One long function on purpose: the coder's state is in
 * local variables only here, and calls or globals for each bit were measured to halve the speed.
 * @param isEnd whether matches must not reach beyond `limit`
 */
function decodeSymbols(limit: usize, lastInput: usize, isEnd: bool): i32 {
  let r = range;
  let c = code;
  let i = input;
  let o = output;
  let s = state;
  let d0 = rep0;
  let length = pending;
  let status: i32 = GO_ON;
  let v: u32 = 0;
  let b: u32 = 0;
  let p: usize = 0;
  const isFinal = chunked || isLastInput;
  while (true) {
    if (length != 0) {
      const distance = <usize>d0 + 1;
      const n = min<usize>(length, limit - o);
      length -= <u32>n;
      if (length != 0 && isEnd) {
        status = BAD_LENGTH;
        break;
      }
      let f = o - distance;
      if (distance > o - ring) f += ringEnd - ring;
      const end = o + n;
      if (distance >= 8 && f + n <= ringEnd) {
        // What is written too much falls on bytes older than the dictionary, or behind the ring.
        for (; o < end; o += 8, f += 8) store<u64>(o, load<u64>(f));
        o = end;
      } else {
        for (; o < end; f++) {
          if (f == ringEnd) f = ring;
          store<u8>(o++, load<u8>(f));
        }
      }
    }
    if (o >= limit) break;
    if (i >= lastInput) {
      if (!isFinal) break;
      if (i > lastInput) {
        status = ENDED_EARLY;
        break;
      }
    }
    const position = <u32>(o - origin);
    const positionState = <usize>(position & positionMask);
    p = IS_MATCH + (((<usize>s << 4) + positionState) << 1);
    v = load<u16>(p);
    b = (r >>> 11) * v;
    if (c < b) {
      r = b;
      store<u16>(p, v + ((2048 - v) >> 5));
      if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
      const before = <u32>load<u8>(o - 1);
      const context = ((position & literalMask) << literalBits) + (before >> (8 - literalBits));
      const table = LITERALS + <usize>context * 0x600;
      let symbol: u32 = 1;
      if (s >= 7) {
        const distance = <usize>d0 + 1;
        let matched = <u32>load<u8>(distance > o - ring ? o - distance + (ringEnd - ring) : o - distance);
        let offset: u32 = 0x100;
        while (symbol < 0x100) {
          matched <<= 1;
          const bit = matched & offset;
          p = table + (<usize>(offset + bit + symbol) << 1);
          v = load<u16>(p);
          b = (r >>> 11) * v;
          if (c < b) {
            r = b;
            store<u16>(p, v + ((2048 - v) >> 5));
            symbol <<= 1;
            offset &= ~bit;
          } else {
            r -= b;
            c -= b;
            store<u16>(p, v - (v >> 5));
            symbol = symbol << 1 | 1;
            offset &= bit;
          }
          if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
        }
      } else {
        while (symbol < 0x100) {
          p = table + (<usize>symbol << 1);
          v = load<u16>(p);
          b = (r >>> 11) * v;
          if (c < b) {
            r = b;
            store<u16>(p, v + ((2048 - v) >> 5));
            symbol <<= 1;
          } else {
            r -= b;
            c -= b;
            store<u16>(p, v - (v >> 5));
            symbol = symbol << 1 | 1;
          }
          if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
        }
      }
      store<u8>(o++, <u8>symbol);
      s = s < 4 ? 0 : s < 10 ? s - 3 : s - 6;
      continue;
    }
    r -= b;
    c -= b;
    store<u16>(p, v - (v >> 5));
    if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
    let lengths = MATCH_LENGTH;
    p = IS_REP + (<usize>s << 1);
    v = load<u16>(p);
    b = (r >>> 11) * v;
    const isRep = c >= b;
    if (!isRep) {
      r = b;
      store<u16>(p, v + ((2048 - v) >> 5));
      if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
    } else {
      r -= b;
      c -= b;
      store<u16>(p, v - (v >> 5));
      if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
      lengths = REP_LENGTH;
      p = IS_REP0 + (<usize>s << 1);
      v = load<u16>(p);
      b = (r >>> 11) * v;
      if (c < b) {
        r = b;
        store<u16>(p, v + ((2048 - v) >> 5));
        if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
        p = IS_REP0_LONG + (((<usize>s << 4) + positionState) << 1);
        v = load<u16>(p);
        b = (r >>> 11) * v;
        if (c < b) {
          r = b;
          store<u16>(p, v + ((2048 - v) >> 5));
          if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
          s = s < 7 ? 9 : 11;
          if (!wrapped && <usize>d0 >= o - ring) {
            status = BAD_DISTANCE;
            break;
          }
          length = 1;
          continue;
        }
        r -= b;
        c -= b;
        store<u16>(p, v - (v >> 5));
        if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
      } else {
        r -= b;
        c -= b;
        store<u16>(p, v - (v >> 5));
        if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
        let distance: u32 = 0;
        p = IS_REP1 + (<usize>s << 1);
        v = load<u16>(p);
        b = (r >>> 11) * v;
        if (c < b) {
          r = b;
          store<u16>(p, v + ((2048 - v) >> 5));
          if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
          distance = rep1;
        } else {
          r -= b;
          c -= b;
          store<u16>(p, v - (v >> 5));
          if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
          p = IS_REP2 + (<usize>s << 1);
          v = load<u16>(p);
          b = (r >>> 11) * v;
          if (c < b) {
            r = b;
            store<u16>(p, v + ((2048 - v) >> 5));
            distance = rep2;
          } else {
            r -= b;
            c -= b;
            store<u16>(p, v - (v >> 5));
            distance = rep3;
            rep3 = rep2;
          }
          if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
          rep2 = rep1;
        }
        rep1 = d0;
        d0 = distance;
      }
      s = s < 7 ? 8 : 11;
    }
    // The length.
    let tree: usize = 0;
    let end: u32 = 8;
    p = lengths;
    v = load<u16>(p);
    b = (r >>> 11) * v;
    if (c < b) {
      r = b;
      store<u16>(p, v + ((2048 - v) >> 5));
      tree = lengths + LOW + (positionState << 4);
      length = 2;
    } else {
      r -= b;
      c -= b;
      store<u16>(p, v - (v >> 5));
      if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
      p = lengths + 2;
      v = load<u16>(p);
      b = (r >>> 11) * v;
      if (c < b) {
        r = b;
        store<u16>(p, v + ((2048 - v) >> 5));
        tree = lengths + MIDDLE + (positionState << 4);
        length = 10;
      } else {
        r -= b;
        c -= b;
        store<u16>(p, v - (v >> 5));
        tree = lengths + HIGH;
        end = 256;
        length = 18;
      }
    }
    if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
    let symbol: u32 = 1;
    while (symbol < end) {
      p = tree + (<usize>symbol << 1);
      v = load<u16>(p);
      b = (r >>> 11) * v;
      if (c < b) {
        r = b;
        store<u16>(p, v + ((2048 - v) >> 5));
        symbol <<= 1;
      } else {
        r -= b;
        c -= b;
        store<u16>(p, v - (v >> 5));
        symbol = symbol << 1 | 1;
      }
      if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
    }
    length += symbol - end;
    if (!isRep) {
      rep3 = rep2;
      rep2 = rep1;
      rep1 = d0;
      s = s < 7 ? 7 : 10;
      // The distance: a slot, then bits by probability, or plain bits and the lowest four by probability.
      tree = SLOTS + (<usize>min<u32>(length - 2, 3) << 7);
      symbol = 1;
      while (symbol < 64) {
        p = tree + (<usize>symbol << 1);
        v = load<u16>(p);
        b = (r >>> 11) * v;
        if (c < b) {
          r = b;
          store<u16>(p, v + ((2048 - v) >> 5));
          symbol <<= 1;
        } else {
          r -= b;
          c -= b;
          store<u16>(p, v - (v >> 5));
          symbol = symbol << 1 | 1;
        }
        if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
      }
      const slot = symbol - 64;
      d0 = slot;
      if (slot >= 4) {
        let count = (slot >> 1) - 1;
        d0 = 2 | (slot & 1);
        if (slot < 14) {
          d0 <<= count;
          tree = SPECIAL + (<usize>(d0 - slot) << 1);
        } else {
          for (count -= 4; count > 0; count--) {
            r >>= 1;
            c -= r;
            const mask: u32 = 0 - (c >>> 31);
            c += r & mask;
            d0 = (d0 << 1) + mask + 1;
            if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
          }
          d0 <<= 4;
          count = 4;
          tree = ALIGN;
        }
        symbol = 1;
        for (let bit: u32 = 0; bit < count; bit++) {
          p = tree + (<usize>symbol << 1);
          v = load<u16>(p);
          b = (r >>> 11) * v;
          if (c < b) {
            r = b;
            store<u16>(p, v + ((2048 - v) >> 5));
            symbol <<= 1;
          } else {
            r -= b;
            c -= b;
            store<u16>(p, v - (v >> 5));
            symbol = symbol << 1 | 1;
            d0 += 1 << bit;
          }
          if (r < TOP) { r <<= 8; c = c << 8 | load<u8>(i++); }
        }
      }
      if (d0 == 0xffffffff) {
        status = END_MARK;
        length = 0;
        break;
      }
    }
    if (<usize>d0 >= dictionary || (!wrapped && <usize>d0 >= o - ring)) {
      status = BAD_DISTANCE;
      length = 0;
      break;
    }
  }
  range = r;
  code = c;
  input = i;
  output = o;
  state = s;
  rep0 = d0;
  pending = length;
  return status;
}
