import { type Fault, type Grammar, show } from './grammar.ts';
import { Nesting } from './nesting.ts';

const TEXT = 0;
const OPENED = 1;
const NAME = 2;
const IN_TAG = 3;
const SLASHED = 4;
const ATTRIBUTE = 5;
const EQUALS = 6;
const VALUE = 7;
const QUOTED = 8;
const CLOSE_NAME = 9;
const CLOSED = 10;
const INSTRUCTION = 11;
const BANG = 12;
const COMMENT = 13;
const CDATA = 14;
const DECLARATION = 15;
const REFERENCE = 16;

const expectations: readonly string[] = [
  ...[
    'character data',
    'a tag',
    'the name of an element',
    'an attribute or >',
    '>',
    'the name of an attribute',
    '=',
  ],
  ...['a quoted value', 'a value', 'the name of the open element', '>', 'a processing instruction'],
  ...[
    'a comment, CDATA section or declaration',
    'a comment',
    'a CDATA section',
    'a declaration',
    'a reference',
  ],
];

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const LESS = 0x3c;
const GREATER = 0x3e;
const LONGEST_REFERENCE = 64;

/** XML 1.0 §2.3 NameChar, everything beyond ASCII taken for one. */
const isNameByte = new Uint8Array(256).fill(1, 0x80);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_-.') {
  isNameByte[character.charCodeAt(0)] = 1;
}
const isNameStart = isNameByte.slice();
for (const character of '0123456789-.') isNameStart[character.charCodeAt(0)] = 0;

/**
 * Well-formedness of XML (XML 1.0, Fifth Edition, §2.1), in one pass: tags nest and match, attributes are quoted,
 * references are closed. Entities are never expanded, nothing outside is fetched, namespaces aren't resolved.
 */
export class XmlGrammar implements Grammar {
  fault: Fault | null = null;
  readonly #open = new Nesting();
  #state = TEXT;
  #hash = 0;
  #quote = 0;
  #length = 0;
  /** The state from which a reference began. */
  #from = TEXT;
  /** The last bytes, newest lowest, to see the ends of comments and sections. */
  #last = 0;
  #brackets = 0;
  #roots = 0;
  #oddity: string | null = null;

  push(bytes: Uint8Array, at: number): void {
    let i = at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (i < bytes.length && this.fault === null) {
      if (this.#state === TEXT && this.#open.depth > 0) {
        while (i < bytes.length && bytes[i] !== LESS && bytes[i] !== 0x26) i++;
        if (i === bytes.length) return;
      }
      const byte = bytes[i]!;
      if (!this.#take(byte)) this.#fail(at + i, show(byte), false);
      i++;
    }
  }

  finish(end: number): void {
    if (this.fault !== null) return;
    if (this.#state === TEXT && this.#open.depth === 0 && this.#roots > 0) return;
    this.#fail(end, 'end of text', true);
  }

  oddity(): string | null {
    return this.#oddity;
  }

  #take(byte: number): boolean {
    switch (this.#state) {
      case TEXT:
        return this.#takeText(byte);
      case OPENED:
        return this.#takeOpened(byte);
      case NAME:
        return this.#takeName(byte);
      case IN_TAG:
        return this.#takeInTag(byte);
      case ATTRIBUTE:
        if (isNameByte[byte] === 1) return true;
        this.#state = EQUALS;
        return this.#takeEquals(byte);
      case EQUALS:
        return this.#takeEquals(byte);
      case VALUE:
        return isWhite(byte) || this.#takeQuote(byte);
      case QUOTED:
        return this.#takeQuoted(byte);
      case REFERENCE:
        return this.#takeReference(byte);
      case SLASHED:
        return byte === GREATER && this.#endElement();
      case CLOSE_NAME:
      case CLOSED:
        return this.#takeClosing(byte);
      default:
        return this.#takeMarkup(byte);
    }
  }

  #takeText(byte: number): boolean {
    if (byte === LESS) {
      this.#state = OPENED;
      return true;
    }
    if (this.#open.depth === 0) return isWhite(byte);
    return this.#beginReference();
  }

  #beginReference(): boolean {
    this.#from = this.#state;
    this.#length = 0;
    this.#state = REFERENCE;
    return true;
  }

  #takeReference(byte: number): boolean {
    if (byte === 0x3b && this.#length > 0) {
      this.#state = this.#from;
      return true;
    }
    if (byte === 0x23) return this.#length++ === 0;
    return isNameByte[byte] === 1 && ++this.#length <= LONGEST_REFERENCE;
  }

  #takeOpened(byte: number): boolean {
    this.#last = 0;
    this.#length = 0;
    this.#hash = 0;
    if (byte === 0x3f) this.#state = INSTRUCTION;
    else if (byte === 0x21) this.#state = BANG;
    else if (byte === 0x2f) this.#state = CLOSE_NAME;
    else {
      this.#state = NAME;
      return isNameStart[byte] === 1 && this.#takeName(byte);
    }
    return true;
  }

  #takeName(byte: number): boolean {
    if (isNameByte[byte] === 1) {
      this.#hash = (Math.imul(this.#hash, 31) + byte + 1) | 0;
      return true;
    }
    if (this.#open.depth === 0 && this.#roots++ === 1) this.#oddity ??= 'more than one root element';
    this.#open.push(this.#hash >>> 0 || 1);
    this.#state = IN_TAG;
    return this.#takeInTag(byte);
  }

  #takeInTag(byte: number): boolean {
    if (byte === GREATER) {
      this.#state = TEXT;
      return true;
    }
    if (byte === 0x2f) {
      this.#state = SLASHED;
      return true;
    }
    if (isWhite(byte)) return true;
    this.#state = ATTRIBUTE;
    return isNameStart[byte] === 1;
  }

  #takeEquals(byte: number): boolean {
    if (byte === 0x3d) this.#state = VALUE;
    return byte === 0x3d || isWhite(byte);
  }

  #takeQuote(byte: number): boolean {
    this.#quote = byte;
    this.#state = QUOTED;
    return byte === QUOTE || byte === APOSTROPHE;
  }

  #takeQuoted(byte: number): boolean {
    if (byte === this.#quote) this.#state = IN_TAG;
    if (byte === 0x26) return this.#beginReference();
    return byte !== LESS;
  }

  #endElement(): boolean {
    this.#open.pop();
    this.#state = TEXT;
    return true;
  }

  #takeClosing(byte: number): boolean {
    if (byte === GREATER) return this.#open.top === (this.#hash >>> 0 || 1) && this.#endElement();
    if (isWhite(byte)) {
      this.#state = CLOSED;
      return true;
    }
    if (this.#state === CLOSED || isNameByte[byte] === 0) return false;
    this.#hash = (Math.imul(this.#hash, 31) + byte + 1) | 0;
    return true;
  }

  /** Comments, sections, instructions and declarations: only their ends matter. */
  #takeMarkup(byte: number): boolean {
    this.#last = ((this.#last << 8) | byte) >>> 0;
    this.#length++;
    switch (this.#state) {
      case BANG:
        return this.#takeBang(byte);
      case INSTRUCTION:
        return this.#endAt((this.#last & 0xffff) === 0x3f3e);
      case COMMENT:
        return this.#endAt(this.#length > 2 && (this.#last & 0xffffff) === 0x2d2d3e);
      case CDATA:
        return this.#endAt((this.#last & 0xffffff) === 0x5d5d3e);
      default:
        return this.#takeDeclaration(byte);
    }
  }

  #endAt(isEnd: boolean): boolean {
    if (isEnd) this.#state = TEXT;
    return true;
  }

  #takeBang(byte: number): boolean {
    if (this.#last === 0x2d2d) this.#enter(COMMENT);
    else if (byte === 0x5b) this.#enter(CDATA);
    else if (byte !== 0x2d) this.#enter(DECLARATION);
    return byte === 0x2d || byte === 0x5b || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
  }

  #enter(state: number): void {
    this.#state = state;
    this.#last = 0;
    this.#length = 0;
    this.#quote = 0;
    this.#brackets = 0;
  }

  /** DOCTYPE with its internal subset (§2.8): quoted literals and comments may hold any bracket. */
  #takeDeclaration(byte: number): boolean {
    if (this.#quote === QUOTE || this.#quote === APOSTROPHE) {
      if (byte === this.#quote) this.#quote = 0;
      return true;
    }
    if (this.#quote === 0x2d) {
      if ((this.#last & 0xffffff) === 0x2d2d3e) this.#quote = 0;
      return true;
    }
    if (this.#last === 0x3c212d2d) this.#quote = 0x2d;
    else if (byte === QUOTE || byte === APOSTROPHE) this.#quote = byte;
    else if (byte === 0x5b || byte === LESS) this.#brackets++;
    else if (byte === 0x5d) this.#brackets--;
    else if (byte === GREATER && this.#brackets-- === 0) this.#state = TEXT;
    return true;
  }

  #fail(at: number, actual: string, isUnfinished: boolean): void {
    const expected = expectations[this.#state]!;
    this.fault = { at, what: 'well-formed XML (XML 1.0 §2.1)', expected, actual, isUnfinished };
  }
}

function isWhite(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
