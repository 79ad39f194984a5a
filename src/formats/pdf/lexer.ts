import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Cursor } from '../cursor.ts';
import { isLegacyText } from '../legacy-text.ts';
import { CONTROL, classOf, DELIMITER, HIGH, hexValue, REGULAR, WHITE } from './characters.ts';
import { StringJudge } from './string-judge.ts';

export type TokenKind = 'number' | 'name' | 'string' | 'hex' | 'punctuation' | 'word' | 'end';

/** Names and numbers of honest writers are shorter (ISO 32000-1, annex C: 127 bytes); some tools exceed it. */
const MOST_REGULAR = 1024;
/** Of each string so much is kept as text. */
const MOST_TEXT = 256;
const LONGEST_STRING = 16 << 20;
/** Once a string had no end, the next ones may be only so long: a hostile file can't make each search far. */
const LONGEST_AFTER_UNCLOSED = 1 << 10;

const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
/** Seen in files of honest, careless writers: `--5`, `0.-12`, `-.`, `1e-5`. */
const CARELESS_NUMBER = /^[+-]{0,2}\d*\.?-?\d*(e[+-]?\d+)?$/i;

/**
 * Splits PDF syntax into tokens (ISO 32000-1 §7.2, §7.3), strictly: a byte that no honest writer puts where it
 * stands is `Broken`. The fields describe the token that `next()` found last.
 */
export class Lexer {
  readonly cursor: Cursor;
  /** What the bytes of the last string look like, as they stand in the file: escapes are ASCII. */
  readonly judge = new StringJudge();
  kind: TokenKind = 'end';
  /** Offset of the token's first byte. */
  start = 0;
  /** Value of a number. */
  value = 0;
  /** A name without its slash, a keyword, a delimiter, or the beginning of a string, as Latin-1. */
  text = '';
  /** Bytes of a string, escapes resolved. */
  length = 0;
  /** A name holds bytes above ASCII: legal, but no proof. */
  high = false;
  /** Numbers that only lenient readers accept. */
  careless = 0;
  #longest = LONGEST_STRING;

  constructor(reader: Reader, start: number, end: number) {
    this.cursor = new Cursor(reader, start, end);
  }

  /** Offset behind the last token. */
  get at(): number {
    return this.cursor.at;
  }

  set at(offset: number) {
    this.cursor.at = offset;
  }

  /** Whether the last token is this keyword or delimiter. */
  is(text: string): boolean {
    return this.text === text && (this.kind === 'word' || this.kind === 'punctuation');
  }

  /** @throws Broken, Truncated */
  next(): TokenKind {
    this.skipSpace();
    this.start = this.cursor.at;
    const code = this.cursor.peek();
    if (code < 0) return this.#found('end', '');
    switch (classOf[code]) {
      case DELIMITER:
        return this.#readDelimited(this.cursor.take());
      case REGULAR:
        return this.#readRegular();
      default:
        throw new Broken(this.start, 'token', 'a printable character', `byte ${code}`);
    }
  }

  /** Skips white space and comments. @throws Broken in a comment that isn't text */
  skipSpace(): void {
    for (;;) {
      const code = this.cursor.peek();
      if (code === 0x25) this.skipComment();
      else if (code < 0 || classOf[code] !== WHITE) return;
      else this.cursor.at++;
    }
  }

  /** Skips to the end of line. @throws Broken where the comment isn't text */
  skipComment(): void {
    const start = this.cursor.at;
    let isAscii = true;
    for (;;) {
      const code = this.cursor.peek();
      if (code < 0 || code === 0x0a || code === 0x0d) break;
      if (classOf[code] === CONTROL) throw new Broken(this.cursor.at, 'comment', 'text', `byte ${code}`);
      isAscii &&= code < 0x80;
      this.cursor.at++;
    }
    if (isAscii) return;
    const length = Math.min(MOST_REGULAR, this.cursor.at - start);
    if (!isLegacyText(this.cursor.reader.latin1(start, length).replace(/^%+/, ''))) {
      throw new Broken(start, 'comment', 'text', 'bytes of no encoding');
    }
  }

  #found(kind: TokenKind, text: string): TokenKind {
    this.kind = kind;
    this.text = text;
    return kind;
  }

  #readDelimited(code: number): TokenKind {
    if (code === 0x2f) return this.#readName();
    if (code === 0x28) return this.#readString();
    const doubled = (code === 0x3c || code === 0x3e) && this.cursor.peek() === code;
    if (doubled) this.cursor.at++;
    else if (code === 0x3c) return this.#readHex();
    else if (code === 0x29 || code === 0x3e) {
      throw new Broken(this.start, 'token', 'no closing delimiter', String.fromCharCode(code));
    }
    const character = String.fromCharCode(code);
    return this.#found('punctuation', doubled ? character + character : character);
  }

  #takeRegular(): string {
    let text = '';
    for (;;) {
      const code = this.cursor.peek();
      const kind = code < 0 ? WHITE : classOf[code]!;
      if (kind === WHITE || kind === DELIMITER) return text;
      if (kind === CONTROL)
        throw new Broken(this.cursor.at, 'token', 'a printable character', `byte ${code}`);
      if (kind === HIGH) this.high = true;
      text += String.fromCharCode(code);
      this.cursor.at++;
      if (text.length > MOST_REGULAR) throw new Broken(this.start, 'token', `${MOST_REGULAR} bytes`, 'more');
    }
  }

  #readName(): TokenKind {
    this.high = false;
    const raw = this.#takeRegular();
    if (this.high && !isLegacyText(raw)) throw new Broken(this.start, 'name', 'text', 'bytes of no encoding');
    const name = raw.includes('#') ? raw.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => fromHex(hex)) : raw;
    return this.#found('name', name);
  }

  #readRegular(): TokenKind {
    this.high = false;
    const text = this.#takeRegular();
    if (this.high) throw new Broken(this.start, 'token', 'ASCII', 'bytes above ASCII');
    const first = text.charCodeAt(0);
    if (first > 0x39 || first < 0x2b || first === 0x2c) return this.#found('word', text);
    if (!PLAIN_NUMBER.test(text)) {
      if (!CARELESS_NUMBER.test(text)) return this.#found('word', text);
      this.careless++;
    }
    this.value = Number.parseFloat(text) || 0;
    return this.#found('number', text);
  }

  #readString(): TokenKind {
    const { cursor, judge } = this;
    judge.reset();
    this.text = '';
    this.length = 0;
    const limit = this.start + this.#longest;
    for (let depth = 1; ; ) {
      const code = cursor.take();
      if (code < 0 || cursor.at > limit) this.#unclosed();
      judge.feed(code);
      if (code === 0x5c) this.#readEscape();
      else if (code === 0x29 && --depth === 0) break;
      else {
        if (code === 0x28) depth++;
        this.#keep(code);
      }
    }
    judge.finish();
    this.kind = 'string';
    return this.kind;
  }

  #unclosed(): never {
    this.#longest = LONGEST_AFTER_UNCLOSED;
    throw new Truncated(this.start, 'end of string', 1);
  }

  #keep(code: number): void {
    this.length++;
    if (this.text.length < MOST_TEXT) this.text += String.fromCharCode(code);
  }

  /** ISO 32000-1 §7.3.4.2, table 3. */
  #readEscape(): void {
    const code = this.cursor.take();
    if (code === 0x0a) return;
    if (code === 0x0d) {
      if (this.cursor.peek() === 0x0a) this.cursor.at++;
      return;
    }
    if (code < 0) this.#unclosed();
    if (code >= 0x30 && code <= 0x37) this.#readOctal(code - 0x30);
    else this.#keep(ESCAPES.get(code) ?? code);
  }

  #readOctal(first: number): void {
    let value = first;
    for (let digits = 1; digits < 3; digits++) {
      const digit = this.cursor.peek() - 0x30;
      if (digit < 0 || digit > 7) break;
      value = value * 8 + digit;
      this.cursor.at++;
    }
    this.#keep(value & 0xff);
  }

  #readHex(): TokenKind {
    const { judge, cursor } = this;
    judge.reset();
    this.text = '';
    this.length = 0;
    for (let pending = -1; ; ) {
      const code = cursor.take();
      if (code === 0x3e) {
        if (pending >= 0) this.#keep(pending << 4);
        break;
      }
      if (code < 0) throw new Truncated(this.start, 'end of hexadecimal string', 1);
      const digit = hexValue(code);
      if (digit < 0) {
        if (classOf[code] === WHITE) continue;
        throw new Broken(cursor.at - 1, 'hexadecimal string', 'a digit', `byte ${code}`);
      }
      if (pending >= 0) this.#keep((pending << 4) | digit);
      pending = pending >= 0 ? -1 : digit;
    }
    this.kind = 'hex';
    return this.kind;
  }
}

const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

function fromHex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
