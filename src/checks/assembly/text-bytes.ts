// The bytes to look at stand at offset 0, in the one page of memory that the module asks for.
memory.grow(1);
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
