// LZ4 block decoder, compiled to WASM by scripts/build-wasm.mjs. See ../lz4.ts for its host.
//
// One block at a time: the host puts it at INPUT, after which the output stands between `pieceAt` and `pieceEnd`. The
// last 64 KiB of output stay before it, for blocks that reach back into the ones before them.

const GOOD: i32 = 0;
const BAD_LENGTH: i32 = 1;
const BAD_OFFSET: i32 = 2;
const ENDED_EARLY: i32 = 3;
const TOO_LONG: i32 = 4;

const INPUT: usize = 65536;
const MOST_BLOCK: usize = 8 << 20;
const SLACK: usize = 64;
/** What packing makes of the longest block at most. */
const INPUT_SIZE: usize = MOST_BLOCK + MOST_BLOCK / 255 + 16;
const WINDOW: usize = 65536;
const OUTPUT: usize = (INPUT + INPUT_SIZE + SLACK + 63) & ~<usize>63;

let pieceStart: usize = OUTPUT + WINDOW;
let output: usize = OUTPUT + WINDOW;
let oldest: usize = OUTPUT + WINDOW;

export function inputAt(): usize { return INPUT; }
export function inputSize(): usize { return INPUT_SIZE; }
export function pieceAt(): usize { return pieceStart; }
export function pieceEnd(): usize { return output; }

export function begin(): void {
  const pages = <i32>((OUTPUT + WINDOW + MOST_BLOCK + SLACK + 65535) >> 16);
  if (memory.size() < pages) memory.grow(pages - memory.size());
  output = pieceStart = oldest = OUTPUT + WINDOW;
}

/** Keeps the window behind the next block; without one, blocks stand alone. */
function shift(keepsWindow: bool): void {
  const kept = keepsWindow ? min(WINDOW, output - oldest) : 0;
  memory.copy(OUTPUT + WINDOW - kept, output - kept, kept);
  oldest = OUTPUT + WINDOW - kept;
  output = pieceStart = OUTPUT + WINDOW;
}

/** A block without compression. */
export function copy(length: usize, keepsWindow: bool): void {
  shift(keepsWindow);
  memory.copy(output, INPUT, length);
  output += length;
}

/** LZ4 Block Format Description. `most`: bytes of output allowed. */
export function decode(length: usize, most: usize, keepsWindow: bool): i32 {
  shift(keepsWindow);
  let i = INPUT;
  const end = INPUT + length;
  let o = output;
  const limit = o + min(most, MOST_BLOCK);
  while (i < end) {
    const token = <usize>load<u8>(i++);
    let literals = token >> 4;
    if (literals == 15) {
      let byte: usize = 255;
      while (byte == 255) {
        if (i >= end) return ENDED_EARLY;
        byte = load<u8>(i++);
        literals += byte;
      }
    }
    if (literals > end - i) return BAD_LENGTH;
    if (literals > limit - o) return TOO_LONG;
    if (literals <= 16) {
      v128.store(o, v128.load(i));
    } else memory.copy(o, i, literals);
    o += literals;
    i += literals;
    if (i == end) {
      output = o;
      return GOOD;
    }
    if (end - i < 2) return ENDED_EARLY;
    const offset = <usize>load<u16>(i);
    i += 2;
    if (offset == 0 || offset > o - oldest) return BAD_OFFSET;
    let match = token & 15;
    if (match == 15) {
      let byte: usize = 255;
      while (byte == 255) {
        if (i >= end) return ENDED_EARLY;
        byte = load<u8>(i++);
        match += byte;
      }
    }
    match += 4;
    if (match > limit - o) return TOO_LONG;
    const stop = o + match;
    let from = o - offset;
    if (offset >= 16) for (; o < stop; o += 16, from += 16) v128.store(o, v128.load(from));
    else if (offset >= 8) for (; o < stop; o += 8, from += 8) store<u64>(o, load<u64>(from));
    else for (; o < stop; o++, from++) store<u8>(o, load<u8>(from));
    o = stop;
  }
  // The last sequence has literals only.
  return ENDED_EARLY;
}
