import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Cursor } from '../cursor.ts';
import { isLegacyText } from '../legacy-text.ts';

/** What a walk over RTF meets, in the order of the file. Offsets are bytes. */
export interface RtfEvents {
  /** A group opens. */
  open(): void;
  /** A group closes; its brace is at `at`. */
  close(at: number): void;
  /** A control word with its number, if it has one. */
  word(word: string, value: number | null, at: number): void;
  /** A byte of text. */
  text(code: number, at: number): void;
}

const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Word 2007 RTF Specification 1.9.1: a control word has at most 32 letters; some writers exceed it. */
const MOST_LETTERS = 64;
const LONGEST_RUN = 1024;

/** Splits RTF into groups, control words and text (RTF 1.9.1, Basic entities), up to the end of the outermost group. */
export class RtfWalk {
  readonly cursor: Cursor;
  depth = 0;
  /** Bytes above ASCII that were met: the specification has none, but writers do. */
  high = 0;
  readonly #events: RtfEvents;

  constructor(reader: Reader, events: RtfEvents) {
    this.cursor = new Cursor(reader, 0, reader.size);
    this.#events = events;
  }

  /** Reads on to the brace that closes the document. @throws Broken, Truncated */
  run(): void {
    const { cursor } = this;
    do {
      const at = cursor.at;
      const code = cursor.take();
      if (code < 0) throw new Truncated(at, 'end of the outermost group', Math.max(1, this.depth));
      if (code === BACKSLASH) this.#readControl(at);
      else if (code === OPEN) this.#open();
      else if (code === CLOSE) this.#close(at);
      else this.#readText(code, at);
    } while (this.depth > 0);
  }

  /** After a contradiction: on to the next brace or control. */
  skip(): void {
    for (let code = this.cursor.peek(); code >= 0; code = this.cursor.peek()) {
      if (code === BACKSLASH || code === OPEN || code === CLOSE) return;
      this.cursor.at++;
    }
  }

  #open(): void {
    this.depth++;
    this.#events.open();
  }

  #close(at: number): void {
    this.depth--;
    this.#events.close(at);
  }

  #readText(code: number, at: number): void {
    if (code >= 0x80) this.#readHigh(at);
    else if (isPlain(code)) this.#events.text(code, at);
    else throw new Broken(at, 'RTF text', 'text', `byte ${code}`);
  }

  /** The run of text that begins with a byte above ASCII must be some writer's encoding. */
  #readHigh(start: number): void {
    const { cursor } = this;
    let run = '';
    cursor.at = start;
    for (let code = cursor.peek(); code >= 0x80 || (isPlain(code) && code > 0x1f); code = cursor.peek()) {
      if (code === BACKSLASH || code === OPEN || code === CLOSE || run.length === LONGEST_RUN) break;
      if (code >= 0x80) this.high++;
      run += String.fromCharCode(code);
      cursor.at++;
    }
    if (!isLegacyText(run)) throw new Broken(start, 'RTF text', 'text', 'bytes of no encoding');
  }

  #readControl(start: number): void {
    const { cursor } = this;
    const code = cursor.peek();
    if (isLetter(code)) {
      this.#readWord(start);
      return;
    }
    if (code < 0) throw new Truncated(start, 'control symbol', 1);
    cursor.at++;
    if (code === 0x27) this.#readHex(start);
    else if (!isPlain(code))
      throw new Broken(start, 'control symbol', 'a printable character', `byte ${code}`);
  }

  /** `\'hh` stands for one byte of the code page. */
  #readHex(start: number): void {
    if (!isHex(this.cursor.take()) || !isHex(this.cursor.take())) {
      throw new Broken(start, 'hexadecimal character', 'two digits');
    }
  }

  #readWord(start: number): void {
    const { cursor } = this;
    let word = '';
    for (let code = cursor.peek(); isLetter(code); code = cursor.peek()) {
      word += String.fromCharCode(code);
      cursor.at++;
      if (word.length > MOST_LETTERS)
        throw new Broken(start, 'control word', `${MOST_LETTERS} letters`, 'more');
    }
    const value = this.#readNumber(start);
    if (cursor.peek() === 0x20) cursor.at++;
    this.#events.word(word, value, start);
  }

  #readNumber(start: number): number | null {
    const { cursor } = this;
    let text = '';
    if (cursor.peek() === 0x2d) text += String.fromCharCode(cursor.take());
    for (let code = cursor.peek(); code >= 0x30 && code <= 0x39; code = cursor.peek()) {
      text += String.fromCharCode(cursor.take());
      if (text.length > 16) throw new Broken(start, 'number of a control word', '16 digits', 'more');
    }
    return text === '' || text === '-' ? null : Number(text);
  }
}

export function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Printable ASCII, TAB, LF, CR. */
function isPlain(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13;
}
