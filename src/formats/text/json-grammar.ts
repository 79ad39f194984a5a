import { type Fault, type Grammar, show } from './grammar.ts';
import { Nesting } from './nesting.ts';

/** What may come next. */
const VALUE = 0;
const FIRST_VALUE = 1;
const KEY = 2;
const FIRST_KEY = 3;
const COLON = 4;
const AFTER_VALUE = 5;
const STRING = 6;
const ESCAPE = 7;
const HEX = 8;
const NUMBER = 9;
const WORD = 10;
const SLASH = 11;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;

const expectations: readonly string[] = [
  ...['a value', 'a value or ]', 'a name', 'a name or }', ':', 'a comma or the end of the array or object'],
  ...['a character', 'an escape', 'a hexadecimal digit', 'a number', 'true, false or null', 'a comment'],
  ...['the end of the comment', 'the end of the comment'],
];

const words = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity'];

/** Bytes that end the plain part of a string: quote, backslash, controls. */
const endsPlain = new Uint8Array(256).fill(1, 0, 0x20);
endsPlain[0x22] = endsPlain[0x5c] = 1;

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const LONGEST_NUMBER = 4096;

/**
 * JSON (RFC 8259), checked exactly and in one pass. What honest writers also produce passes and is told as unusual:
 * values in a row (NDJSON), comments and commas before a closing bracket (JSONC), NaN, tabs in strings.
 */
export class JsonGrammar implements Grammar {
  fault: Fault | null = null;
  readonly #open = new Nesting();
  #state = VALUE;
  /** The state to which a string or comment leads back. */
  #next = AFTER_VALUE;
  #token = '';
  #digits = 0;
  #star = false;
  #values = 0;
  #oddity: string | null = null;

  push(bytes: Uint8Array, at: number): void {
    let i = at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (i < bytes.length && this.fault === null) {
      if (this.#state === STRING) {
        while (i < bytes.length && endsPlain[bytes[i]!] === 0) i++;
        if (i === bytes.length) return;
      }
      const byte = bytes[i]!;
      if (!this.#take(byte)) this.#fail(at + i, expectations[this.#state]!, show(byte));
      i++;
    }
  }

  finish(end: number): void {
    if (this.fault !== null) return;
    if (this.#state === NUMBER || this.#state === WORD) this.#endToken();
    if (this.#state === LINE_COMMENT) this.#state = this.#next;
    if (this.#open.depth === 0 && this.#values > 0 && (this.#state === VALUE || this.#state === AFTER_VALUE))
      return;
    this.fault = {
      at: end,
      what: 'JSON (RFC 8259)',
      expected: expectations[this.#state]!,
      actual: 'end of text',
      isUnfinished: true,
    };
  }

  oddity(): string | null {
    return this.#oddity;
  }

  /** Takes one byte; false where the grammar has no place for it. */
  #take(byte: number): boolean {
    switch (this.#state) {
      case STRING:
        return this.#takeInString(byte);
      case ESCAPE:
        return this.#takeEscape(byte);
      case HEX:
        return this.#takeHex(byte);
      case NUMBER:
      case WORD:
        return this.#takeToken(byte);
      case SLASH:
      case LINE_COMMENT:
      case BLOCK_COMMENT:
        return this.#takeComment(byte);
      default:
        return isWhite(byte) || this.#takeStructure(byte);
    }
  }

  #takeStructure(byte: number): boolean {
    if (byte === 0x2f) return this.#begin(SLASH, this.#state);
    switch (this.#state) {
      case FIRST_KEY:
      case KEY:
        if (byte === 0x7d) return this.#close('{', this.#state === KEY);
        return byte === 0x22 && this.#begin(STRING, COLON);
      case COLON:
        if (byte !== 0x3a) return false;
        this.#state = VALUE;
        return true;
      case AFTER_VALUE:
        return this.#takeAfterValue(byte);
      default:
        return this.#takeValue(byte);
    }
  }

  #takeValue(byte: number): boolean {
    if (byte === 0x22) return this.#begin(STRING, AFTER_VALUE);
    if (byte === 0x7b || byte === 0x5b) return this.#openBracket(byte);
    if (byte === 0x5d) return this.#close('[', this.#state === VALUE);
    if (byte !== 0x2d && !isDigit(byte) && !isLetter(byte)) return false;
    this.#token = String.fromCharCode(byte);
    this.#state = isLetter(byte) ? WORD : NUMBER;
    return true;
  }

  #takeAfterValue(byte: number): boolean {
    const open = this.#open.top;
    if (byte === 0x2c && open !== 0) {
      this.#state = open === 0x7b ? KEY : VALUE;
      return true;
    }
    if (byte === 0x7d) return this.#close('{', false);
    if (byte === 0x5d) return this.#close('[', false);
    // RFC 7464 and NDJSON: the next text follows.
    if (open !== 0) return false;
    this.#oddity ??= 'several JSON texts in a row';
    this.#state = VALUE;
    return this.#takeValue(byte);
  }

  #openBracket(byte: number): boolean {
    this.#open.push(byte);
    this.#state = byte === 0x7b ? FIRST_KEY : FIRST_VALUE;
    return true;
  }

  #close(bracket: '{' | '[', afterComma: boolean): boolean {
    if (this.#open.top !== bracket.charCodeAt(0)) return false;
    if (afterComma) this.#oddity ??= 'a comma before a closing bracket';
    this.#open.pop();
    this.#endValue();
    return true;
  }

  #endValue(): void {
    this.#state = AFTER_VALUE;
    if (this.#open.depth === 0) this.#values++;
  }

  #begin(state: number, next: number): boolean {
    this.#state = state;
    this.#next = next;
    return true;
  }

  #takeInString(byte: number): boolean {
    if (byte === 0x5c) {
      this.#state = ESCAPE;
      return true;
    }
    if (byte === 0x22) {
      if (this.#next === COLON) this.#state = COLON;
      else this.#endValue();
      return true;
    }
    if (byte === 0x09) this.#oddity ??= 'a tab inside a string';
    return byte === 0x09;
  }

  #takeEscape(byte: number): boolean {
    if (byte === 0x75) {
      this.#digits = 4;
      this.#state = HEX;
      return true;
    }
    this.#state = STRING;
    return '"\\/bfnrt'.includes(String.fromCharCode(byte));
  }

  #takeHex(byte: number): boolean {
    if (--this.#digits === 0) this.#state = STRING;
    return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
  }

  /** A number or word ends before the first byte that can't belong to it, which is then taken for itself. */
  #takeToken(byte: number): boolean {
    if (isDigit(byte) || isLetter(byte) || byte === 0x2e || byte === 0x2b || byte === 0x2d) {
      this.#token += String.fromCharCode(byte);
      return this.#token.length <= LONGEST_NUMBER;
    }
    return this.#endToken() && this.#take(byte);
  }

  #endToken(): boolean {
    const isWord = words.includes(this.#token);
    if (!isWord && !number.test(this.#token)) return false;
    if (words.indexOf(this.#token) > 2) this.#oddity ??= `${this.#token} instead of a number`;
    this.#endValue();
    return true;
  }

  #takeComment(byte: number): boolean {
    if (this.#state === SLASH) {
      this.#oddity ??= 'comments';
      this.#star = false;
      this.#state = byte === 0x2a ? BLOCK_COMMENT : LINE_COMMENT;
      return byte === 0x2a || byte === 0x2f;
    }
    const ends = this.#state === LINE_COMMENT ? byte === 0x0a || byte === 0x0d : this.#star && byte === 0x2f;
    this.#star = byte === 0x2a;
    if (ends) this.#state = this.#next;
    return true;
  }

  #fail(at: number, expected: string, actual: string): void {
    this.fault = { at, what: 'JSON (RFC 8259)', expected, actual, isUnfinished: false };
  }
}

function isWhite(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}
