import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Lexer } from './lexer.ts';
import { contentOperators } from './operators.ts';

/** What reading a range as page content (ISO 32000-1 §7.8.2) gave. */
export interface ContentReading {
  readonly operators: number;
  /** The first contradiction, or null. */
  readonly failure: Broken | null;
  /** Binary strings and inline images: legal, and proved by nothing. */
  readonly unproved: readonly Range[];
}

/** So many unproved pieces are kept apart; more of them, and the stream is no proof. */
const MOST_UNPROVED = 2000;
/** Where at most so large a share of the strings is binary, fonts have one-byte codes, and none should be. */
const ODD_SHARE = 0.1;

/** Reads [start, end) of the reader as page content. */
export function readContent(reader: Reader, start: number, end: number): ContentReading {
  const walk = new ContentWalk(reader, start, end);
  try {
    walk.run();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { operators: walk.operators, failure: error, unproved: walk.unproved };
  }
  return { operators: walk.operators, failure: walk.oddString(), unproved: walk.unproved };
}

class ContentWalk {
  operators = 0;
  readonly unproved: Range[] = [];
  readonly #lexer: Lexer;
  readonly #reader: Reader;
  readonly #end: number;
  #lenient = false;
  #strings = 0;
  #binary = 0;
  #firstBinary = -1;

  constructor(reader: Reader, start: number, end: number) {
    this.#reader = reader;
    this.#end = end;
    this.#lexer = new Lexer(reader, start, end);
  }

  run(): void {
    const lexer = this.#lexer;
    for (let kind = lexer.next(); kind !== 'end'; kind = lexer.next()) {
      if (kind === 'word') this.#takeOperator();
      else if (kind === 'string') this.#takeString();
    }
  }

  /** A binary string among many of plain text. */
  oddString(): Broken | null {
    if (this.#binary === 0 || this.#binary > this.#strings * ODD_SHARE) return null;
    return new Broken(this.#firstBinary, 'string in page content', 'text as in the others', 'random bytes');
  }

  #takeString(): void {
    const { judge, start, at } = this.#lexer;
    this.#strings++;
    if (judge.controls === 0 && judge.high * 3 < judge.length) return;
    if (judge.length >= 8) this.#leaveOut(start + 1, at - 1);
    if (!judge.random) return;
    this.#binary++;
    if (this.#firstBinary < 0) this.#firstBinary = start;
  }

  #takeOperator(): void {
    const { text, start } = this.#lexer;
    if (text === 'BX') this.#lenient = true;
    else if (text === 'EX') this.#lenient = false;
    if (!contentOperators.has(text) && !this.#lenient)
      throw new Broken(start, 'operator', 'a known one', text);
    this.operators++;
    if (text === 'ID') this.#skipInlineImage();
  }

  /** Inline image data ends at EI between white space, with page content behind (§8.9.7). */
  #skipInlineImage(): void {
    const from = this.#lexer.at + 1;
    for (let at = from; ; at++) {
      at = this.#reader.indexOf('EI', at, this.#end);
      if (at < 0) throw new Broken(from, 'inline image', 'EI', 'end of content');
      if (!this.#endsImage(at, from)) continue;
      this.#leaveOut(from, at);
      this.#lexer.at = at + 2;
      return;
    }
  }

  #endsImage(at: number, from: number): boolean {
    if (at > from && !isSpace(this.#reader.u8(at - 1))) return false;
    const length = Math.min(16, this.#end - at - 2);
    const after = this.#reader.bytes(at + 2, length);
    return (
      (length === 0 || isSpace(after[0]!)) &&
      after.every((code) => isSpace(code) || (code >= 0x20 && code < 0x7f))
    );
  }

  #leaveOut(start: number, end: number): void {
    this.#reader.meter.step();
    if (this.unproved.length < MOST_UNPROVED) this.unproved.push({ start, end });
    else throw new Broken(start, 'page content', `at most ${MOST_UNPROVED} binary pieces`, 'more');
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0;
}
