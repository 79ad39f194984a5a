import type { Fault, Grammar } from './grammar.ts';

/** Delimiters of the dialects, the usual one first. */
const delimiters = ',;\t|';
const delimiterOf = new Int8Array(256).fill(-1);
[...delimiters].forEach((character, which) => {
  delimiterOf[character.charCodeAt(0)] = which;
});
const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Rows that may differ from the rest: titles above a table, sums below. */
const MOST_UNEQUAL = 0.01;
/** Different numbers of fields that are told apart. */
const MOST_COUNTS = 1000;

/**
 * Delimiter-separated values (RFC 4180 and its dialects). No row is wrong by itself, so there are no faults: that
 * nearly all rows have as many fields is what a table has and a text hasn't.
 */
export class CsvGrammar implements Grammar {
  readonly fault: Fault | null = null;
  /** For each delimiter, how many rows had how many of it. */
  readonly #rows = [...delimiters].map(() => new Map<number, number>());
  readonly #counts = new Uint32Array(delimiters.length);
  /** Rows in a row with the same counts: they're added together. */
  readonly #before = new Uint32Array(delimiters.length);
  #alike = 0;
  #isQuoted = false;
  #rowCount = 0;
  #isEmpty = true;

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) this.#endRow();
      else this.#isEmpty = false;
      const which = delimiterOf[byte]!;
      if (which >= 0 && !this.#isQuoted) this.#counts[which]!++;
    }
  }

  finish(): void {
    this.#isQuoted = false;
    this.#endRow();
  }

  oddity(): string | null {
    if (this.#rowCount < 2) return null;
    this.#addRows();
    const share = Math.max(...this.#rows.map((rows) => majority(rows) / this.#rowCount));
    return share >= 1 - MOST_UNEQUAL ? null : 'rows differ in the number of fields';
  }

  /** Whether the whole rows seen so far make a table. */
  isTable(): boolean {
    return this.#rowCount >= 3 && this.oddity() === null;
  }

  #endRow(): void {
    if (this.#isQuoted || this.#isEmpty) return;
    this.#rowCount++;
    const isAlike = this.#counts.every((count, which) => count === this.#before[which]);
    if (!isAlike) this.#addRows();
    this.#alike++;
    this.#before.set(this.#counts);
    this.#counts.fill(0);
    this.#isEmpty = true;
  }

  #addRows(): void {
    this.#rows.forEach((rows, which) => {
      const count = this.#before[which]!;
      if (rows.size < MOST_COUNTS || rows.has(count)) rows.set(count, (rows.get(count) ?? 0) + this.#alike);
    });
    this.#alike = 0;
  }
}

/** Rows with the most frequent number of delimiters; none at all makes no table. */
function majority(rows: ReadonlyMap<number, number>): number {
  return Math.max(0, ...[...rows].map(([delimiters, count]) => (delimiters === 0 ? 0 : count)));
}
