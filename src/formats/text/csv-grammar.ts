import { delimiters, RowCounts } from '../../checks/row-counts.ts';
import type { Fault, Grammar } from './grammar.ts';

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
  readonly #rows = Array.from(delimiters, () => new Map<number, number>());
  readonly #scan = new RowCounts((counts, rows) => this.#addRows(counts, rows));
  #rowCount = 0;

  push(bytes: Uint8Array): void {
    this.#scan.push(bytes);
  }

  finish(): void {
    this.#scan.finish();
  }

  oddity(): string | null {
    this.#scan.settle();
    if (this.#rowCount < 2) return null;
    const share = Math.max(...this.#rows.map((rows) => majority(rows) / this.#rowCount));
    return share >= 1 - MOST_UNEQUAL ? null : 'rows differ in the number of fields';
  }

  /** Whether the whole rows seen so far make a table. */
  isTable(): boolean {
    const oddity = this.oddity();
    return this.#rowCount >= 3 && oddity === null;
  }

  #addRows(counts: Int32Array, added: number): void {
    this.#rowCount += added;
    for (const [which, rows] of this.#rows.entries()) {
      const count = counts[which]!;
      if (rows.size < MOST_COUNTS || rows.has(count)) rows.set(count, (rows.get(count) ?? 0) + added);
    }
  }
}

/** Rows with the most frequent number of delimiters; none at all makes no table. */
function majority(rows: ReadonlyMap<number, number>): number {
  let most = 0;
  for (const [delimiters, count] of rows) if (delimiters > 0 && count > most) most = count;
  return most;
}
