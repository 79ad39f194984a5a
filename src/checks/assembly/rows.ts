// Rows of delimiter-separated values (RFC 4180): how often each of four delimiters stands in a row outside of quotes.

// Memory, above the module's own data: fields, classes of bytes, input.
const FIELDS: usize = 0x8000;
const CLASSES: usize = 0x8100;
const INPUT: usize = 0x10000;
memory.grow(1 + i32(INPUT >> 16));

/** Classes from 4 on are no delimiters; the order of the delimiters is that of `delimiters` in row-counts.ts. */
const ORDINARY: u8 = 4;
const QUOTE: u8 = 5;
const LINE_END: u8 = 6;
memory.fill(CLASSES, ORDINARY, 256);
store<u8>(CLASSES + 0x2c, 0);
store<u8>(CLASSES + 0x3b, 1);
store<u8>(CLASSES + 0x09, 2);
store<u8>(CLASSES + 0x7c, 3);
store<u8>(CLASSES + 0x22, QUOTE);
store<u8>(CLASSES + 0x0a, LINE_END);
store<u8>(CLASSES + 0x0d, LINE_END);

// Fields, of four bytes each: counts of the row at hand; of the rows before, which are all alike, and how many these
// are; whether a quote is open; whether the row has any byte.
const COUNTS: usize = FIELDS;
const BEFORE: usize = FIELDS + 16;
const ALIKE: usize = FIELDS + 32;
const QUOTED: usize = FIELDS + 36;
const FILLED: usize = FIELDS + 40;

/**
 * Takes bytes from `from` on. Stops behind a row whose counts differ from those of the rows before, and returns where;
 * `takeRow` is then to be called. Returns `length` + 1 where there's none.
 */
export function countRows(from: i32, length: i32): i32 {
  let quoted = load<i32>(QUOTED);
  let filled = load<i32>(FILLED);
  for (let at = from; at < length; at++) {
    const kind = load<u8>(CLASSES + load<u8>(INPUT + at));
    if (kind == LINE_END) {
      if (quoted != 0 || filled == 0) continue;
      filled = 0;
      if (isLikeBefore()) continue;
      store<i32>(FILLED, 0);
      store<i32>(QUOTED, 0);
      return at + 1;
    }
    filled = 1;
    if (kind == QUOTE) quoted ^= 1;
    else if (kind < ORDINARY && quoted == 0) {
      const count = COUNTS + (<usize>kind << 2);
      store<i32>(count, load<i32>(count) + 1);
    }
  }
  store<i32>(QUOTED, quoted);
  store<i32>(FILLED, filled);
  return length + 1;
}

/** Counts the row that ended, if it's like those before. */
function isLikeBefore(): bool {
  if (load<u64>(COUNTS) != load<u64>(BEFORE) || load<u64>(COUNTS, 8) != load<u64>(BEFORE, 8)) return false;
  store<i32>(ALIKE, load<i32>(ALIKE) + 1);
  store<u64>(COUNTS, 0);
  store<u64>(COUNTS, 0, 8);
  return true;
}

/** Begins a new series of rows with the one that ended. */
export function takeRow(): void {
  store<u64>(BEFORE, load<u64>(COUNTS));
  store<u64>(BEFORE, load<u64>(COUNTS, 8), 8);
  store<i32>(ALIKE, 1);
  store<u64>(COUNTS, 0);
  store<u64>(COUNTS, 0, 8);
}
