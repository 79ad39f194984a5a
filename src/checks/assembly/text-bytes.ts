// The bytes to look at stand at offset 0, behind them zeros, then triples of letters to look for.
const TRIPLES: usize = 0x10100;
memory.grow(2);
const LANES: i32 = 16;

/** Offset of the first byte below `length` that is a control other than TAB, LF, CR, or is DEL; else `length`. */
export function firstControl(length: i32): i32 {
  const space = i8x16.splat(0x20);
  const tab = i8x16.splat(0x09);
  const lineFeed = i8x16.splat(0x0a);
  const carriageReturn = i8x16.splat(0x0d);
  const del = i8x16.splat(0x7f);
  let at: i32 = 0;
  for (; at + LANES <= length; at += LANES) {
    const bytes = v128.load(at);
    const white = v128.or(
      v128.or(i8x16.eq(bytes, tab), i8x16.eq(bytes, lineFeed)),
      i8x16.eq(bytes, carriageReturn),
    );
    const low = v128.andnot(v128.lt<u8>(bytes, space), white);
    const bad = v128.or(low, i8x16.eq(bytes, del));
    if (v128.any_true(bad)) return at + ctz(i8x16.bitmask(bad));
  }
  for (; at < length; at++) {
    const byte = load<u8>(at);
    if (byte == 0x7f) return at;
    if (byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d) return at;
  }
  return length;
}

/**
 * Offset of the first 16 bytes in which one of `count` triples begins, in any case of its letters; else −1. The triples
 * are in lower case; a byte of which bit 5 is set stands for the one without it, too.
 */
export function findTriple(length: i32, count: i32): i32 {
  memory.fill(length, 0, LANES + 2);
  const lower = i8x16.splat(0x20);
  for (let at: i32 = 0; at < length; at += LANES) {
    const first = v128.or(v128.load(at), lower);
    const second = v128.or(v128.load(at, 1), lower);
    const third = v128.or(v128.load(at, 2), lower);
    let found = i8x16.splat(0);
    for (let triple = TRIPLES, end = TRIPLES + 3 * count; triple < end; triple += 3) {
      const pair = v128.and(
        i8x16.eq(first, v128.load8_splat(triple)),
        i8x16.eq(second, v128.load8_splat(triple, 1)),
      );
      found = v128.or(found, v128.and(pair, i8x16.eq(third, v128.load8_splat(triple, 2))));
    }
    if (v128.any_true(found)) return at;
  }
  return -1;
}
