// JSON (RFC 8259) as a state machine over bytes. Also taken, and noted as odd: texts in a row (NDJSON, RFC 7464),
// comments and commas before a closing bracket (JSONC), NaN and the infinities, tabs in strings.

/** What may come next. The order is that of `expectations` in json-scan.ts. */
const VALUE: i32 = 0;
const FIRST_VALUE: i32 = 1;
const KEY: i32 = 2;
const FIRST_KEY: i32 = 3;
const COLON: i32 = 4;
const AFTER_VALUE: i32 = 5;
const STRING: i32 = 6;
const ESCAPE: i32 = 7;
const HEX: i32 = 8;
const WORD: i32 = 9;
const SLASH: i32 = 10;
const LINE_COMMENT: i32 = 11;
const BLOCK_COMMENT: i32 = 12;
const STAR: i32 = 13;
const MINUS: i32 = 14;
const ZERO: i32 = 15;
const INTEGER: i32 = 16;
const POINT: i32 = 17;
const FRACTION: i32 = 18;
const EXPONENT: i32 = 19;
const SIGN: i32 = 20;
const POWER: i32 = 21;

/** The first one met is kept. The order is that of `oddities` in json-scan.ts. */
const NONE: i32 = 0;
const TEXTS_IN_A_ROW: i32 = 1;
const COMMA_BEFORE_BRACKET: i32 = 2;
const TAB_IN_STRING: i32 = 3;
const COMMENTS: i32 = 4;
const NO_NUMBER: i32 = 5;

// Memory, above the module's own data: fields, words, input, stack of open brackets.
const FIELDS: usize = 0x8000;
const WORDS: usize = 0x8100;
const INPUT: usize = 0x10000;
const STACK: usize = 0x20000;
/** Deeper nesting is made to break parsers. */
const DEEPEST: i32 = 1_000_000;
memory.grow(i32((STACK + <usize>DEEPEST + 0xffff) >> 16));

/** Words by their first letter; each ends in a zero. */
const LENGTH: usize = 16;
const TRUE: usize = 0;
const FALSE: usize = 1;
const NULL: usize = 2;
const NAN: usize = 3;
const INFINITY: usize = 4;
write(TRUE, 'true');
write(FALSE, 'false');
write(NULL, 'null');
write(NAN, 'NaN');
write(INFINITY, 'Infinity');

function write(word: usize, text: string): void {
  for (let i = 0; i < text.length; i++) store<u8>(WORDS + word * LENGTH + i, <u8>text.charCodeAt(i));
}

let state: i32 = VALUE;
/** The state to which a string, a comment or the value after a colon leads back. */
let next: i32 = AFTER_VALUE;
/** Hexadecimal digits that an escape still needs. */
let digits: i32 = 0;
/** Where the rest of the word at hand is spelled. */
let spelling: usize = 0;
let depth: i32 = 0;
/** Values outside of all brackets. */
let values: i32 = 0;
let oddity: i32 = NONE;
/** Set where there's no room for another bracket. */
let tooDeep: i32 = 0;

/** Takes bytes that follow those before; returns how many of them the grammar took. */
export function scan(length: i32): i32 {
  resume();
  const end: usize = INPUT + length;
  let at: usize = INPUT;
  while (at < end) {
    if (state == STRING) at = skipPlain(at, end);
    else if (state <= AFTER_VALUE) at = skipWhite(at, end);
    else if (state == INTEGER || state == FRACTION || state == POWER) at = skipDigits(at, end);
    if (at == end || !take(load<u8>(at))) break;
    at++;
  }
  suspend();
  return i32(at - INPUT);
}

function resume(): void {
  state = load<i32>(FIELDS, 0);
  next = load<i32>(FIELDS, 4);
  digits = load<i32>(FIELDS, 8);
  spelling = load<i32>(FIELDS, 12);
  depth = load<i32>(FIELDS, 16);
  values = load<i32>(FIELDS, 20);
  oddity = load<i32>(FIELDS, 24);
  tooDeep = 0;
}

function suspend(): void {
  store<i32>(FIELDS, state, 0);
  store<i32>(FIELDS, next, 4);
  store<i32>(FIELDS, digits, 8);
  store<i32>(FIELDS, i32(spelling), 12);
  store<i32>(FIELDS, depth, 16);
  store<i32>(FIELDS, values, 20);
  store<i32>(FIELDS, oddity, 24);
  store<i32>(FIELDS, tooDeep, 28);
}

/** To the next quote, backslash or control. */
function skipPlain(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == 0x22 || byte == 0x5c || byte < 0x20) return at;
    at++;
  }
  return end;
}

function skipWhite(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) return at;
    at++;
  }
  return end;
}

function skipDigits(from: usize, end: usize): usize {
  let at = from;
  while (at < end && isDigit(load<u8>(at))) at++;
  return at;
}

function take(byte: u8): bool {
  switch (state) {
    case STRING:
      return takeInString(byte);
    case ESCAPE:
      return takeEscape(byte);
    case HEX:
      if (--digits == 0) state = STRING;
      return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
    case WORD:
      return takeInWord(byte);
    case SLASH:
    case LINE_COMMENT:
    case BLOCK_COMMENT:
    case STAR:
      return takeComment(byte);
    default:
      return state >= MINUS ? takeInNumber(byte) : takeStructure(byte);
  }
}

function takeStructure(byte: u8): bool {
  if (byte == 0x2f) return begin(SLASH, state);
  switch (state) {
    case KEY:
    case FIRST_KEY:
      if (byte == 0x7d) return close(0x7b, state == KEY);
      return byte == 0x22 && begin(STRING, COLON);
    case COLON:
      return byte == 0x3a && begin(VALUE, AFTER_VALUE);
    case AFTER_VALUE:
      return takeAfterValue(byte);
    default:
      return takeValue(byte);
  }
}

function takeValue(byte: u8): bool {
  switch (byte) {
    case 0x22:
      return begin(STRING, AFTER_VALUE);
    case 0x7b:
      return open(byte, FIRST_KEY);
    case 0x5b:
      return open(byte, FIRST_VALUE);
    case 0x5d:
      return close(0x5b, state == VALUE);
    case 0x2d:
      return begin(MINUS, AFTER_VALUE);
    case 0x30:
      return begin(ZERO, AFTER_VALUE);
    case 0x74:
      return beginWord(TRUE);
    case 0x66:
      return beginWord(FALSE);
    case 0x6e:
      return beginWord(NULL);
    case 0x4e:
      return note(NO_NUMBER) && beginWord(NAN);
    case 0x49:
      return note(NO_NUMBER) && beginWord(INFINITY);
    default:
      return isDigit(byte) && begin(INTEGER, AFTER_VALUE);
  }
}

function takeAfterValue(byte: u8): bool {
  if (depth == 0) {
    state = VALUE;
    return note(TEXTS_IN_A_ROW) && byte != 0x5d && takeValue(byte);
  }
  if (byte == 0x2c) return begin(innermost() == 0x7b ? KEY : VALUE, AFTER_VALUE);
  if (byte == 0x7d) return close(0x7b, false);
  return byte == 0x5d && close(0x5b, false);
}

function innermost(): u8 {
  return load<u8>(STACK + depth - 1);
}

function open(bracket: u8, inside: i32): bool {
  if (depth == DEEPEST) {
    tooDeep = 1;
    return false;
  }
  store<u8>(STACK + depth, bracket);
  depth++;
  return begin(inside, AFTER_VALUE);
}

function close(bracket: u8, isAfterComma: bool): bool {
  if (depth == 0 || innermost() != bracket) return false;
  if (isAfterComma) note(COMMA_BEFORE_BRACKET);
  depth--;
  return endValue();
}

function endValue(): bool {
  state = AFTER_VALUE;
  if (depth == 0 && values < i32.MAX_VALUE) values++;
  return true;
}

function begin(first: i32, then: i32): bool {
  state = first;
  next = then;
  return true;
}

function note(odd: i32): bool {
  if (oddity == NONE) oddity = odd;
  return true;
}

function takeInString(byte: u8): bool {
  if (byte == 0x5c) {
    state = ESCAPE;
    return true;
  }
  if (byte == 0x22) {
    if (next != COLON) return endValue();
    state = COLON;
    return true;
  }
  return byte == 0x09 && note(TAB_IN_STRING);
}

function takeEscape(byte: u8): bool {
  if (byte == 0x75) {
    digits = 4;
    state = HEX;
    return true;
  }
  switch (byte) {
    case 0x22:
    case 0x2f:
    case 0x5c:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      state = STRING;
      return true;
    default:
      return false;
  }
}

function beginWord(word: usize): bool {
  spelling = WORDS + word * LENGTH + 1;
  state = WORD;
  return true;
}

function takeInWord(byte: u8): bool {
  const expected = load<u8>(spelling);
  if (expected == 0) return !isPartOfToken(byte) && endValue() && takeAfterToken(byte);
  spelling++;
  return byte == expected;
}

/** A number or word ends before the first byte that can't belong to it, which is then taken for itself. */
function takeAfterToken(byte: u8): bool {
  return byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 || takeStructure(byte);
}

function takeInNumber(byte: u8): bool {
  if (isDigit(byte)) return takeDigit(byte);
  const isExponent = byte == 0x65 || byte == 0x45;
  switch (state) {
    case MINUS:
      return byte == 0x49 && note(NO_NUMBER) && beginWord(INFINITY);
    case ZERO:
    case INTEGER:
      if (byte == 0x2e) return begin(POINT, AFTER_VALUE);
      return isExponent ? begin(EXPONENT, AFTER_VALUE) : endNumber(byte);
    case FRACTION:
      return isExponent ? begin(EXPONENT, AFTER_VALUE) : endNumber(byte);
    case EXPONENT:
      return (byte == 0x2b || byte == 0x2d) && begin(SIGN, AFTER_VALUE);
    case POWER:
      return endNumber(byte);
    default:
      return false;
  }
}

function takeDigit(byte: u8): bool {
  switch (state) {
    case MINUS:
      return begin(byte == 0x30 ? ZERO : INTEGER, AFTER_VALUE);
    case ZERO:
      return false;
    case POINT:
      return begin(FRACTION, AFTER_VALUE);
    case EXPONENT:
    case SIGN:
      return begin(POWER, AFTER_VALUE);
    default:
      return true;
  }
}

function endNumber(byte: u8): bool {
  return !isPartOfToken(byte) && endValue() && takeAfterToken(byte);
}

function takeComment(byte: u8): bool {
  switch (state) {
    case SLASH:
      note(COMMENTS);
      state = byte == 0x2a ? BLOCK_COMMENT : LINE_COMMENT;
      return byte == 0x2a || byte == 0x2f;
    case LINE_COMMENT:
      if (byte == 0x0a || byte == 0x0d) state = next;
      return true;
    default:
      if (state == STAR && byte == 0x2f) state = next;
      else state = byte == 0x2a ? STAR : BLOCK_COMMENT;
      return true;
  }
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

function isPartOfToken(byte: u8): bool {
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
  return isLetter || isDigit(byte) || byte == 0x2e || byte == 0x2b || byte == 0x2d;
}

/** Whether the text may end here. A number that is whole, or a word, ends with it. */
export function isWhole(): bool {
  resume();
  const endsNumber = state == ZERO || state == INTEGER || state == FRACTION || state == POWER;
  if (endsNumber || (state == WORD && load<u8>(spelling) == 0)) endValue();
  if (state == LINE_COMMENT) state = next;
  return depth == 0 && values > 0 && (state == VALUE || state == AFTER_VALUE);
}
