import { instantiate } from '../kernel/instantiate.ts';
import { wasm } from './rows.wasm.ts';

interface Exports {
  countRows(from: number, length: number): number;
  takeRow(): void;
}

/** The most bytes that one call takes. */
const CHUNK = 1 << 16;

/** Delimiters of the dialects, the usual one first. */
export const delimiters = ',;\t|';

const { memory, countRows, takeRow } = instantiate<Exports>(wasm);
// As laid out in assembly/rows.ts.
const fields = new Int32Array(memory.buffer, 0x8000, 11);
const input = new Uint8Array(memory.buffer, 0x10000, CHUNK);
const field = { counts: 0, before: 4, alike: 8, isFilled: 10 } as const;

/** Told of rows that follow each other and have as many of each delimiter. */
export type TakeRows = (counts: Int32Array, rows: number) => void;

/**
 * Counts the delimiters in each row of a table that comes in pieces, outside of quotes; empty rows don't count.
 * Measured: 1 ns a byte, against 9 ns in TypeScript.
 */
export class RowCounts {
  readonly #fields = new Int32Array(fields.length);
  readonly #take: TakeRows;

  /** @param take gets the counts of the delimiters, in their order, to be used at once */
  constructor(take: TakeRows) {
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    fields.set(this.#fields);
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const part = bytes.subarray(at, at + CHUNK);
      input.set(part);
      for (let from = countRows(0, part.length); from <= part.length; from = countRows(from, part.length)) {
        this.#report();
        takeRow();
      }
    }
    this.#fields.set(fields);
  }

  /** Reports the rows that weren't reported yet. */
  settle(): void {
    fields.set(this.#fields);
    this.#report();
    fields[field.alike] = 0;
    this.#fields.set(fields);
  }

  /** Ends the row at hand, whether a quote is open or not. */
  finish(): void {
    this.settle();
    if (this.#fields[field.isFilled] === 0) return;
    this.#take(this.#fields.subarray(field.counts, field.before), 1);
    this.#fields.fill(0);
  }

  #report(): void {
    const rows = fields[field.alike]!;
    if (rows > 0) this.#take(fields.subarray(field.before, field.alike), rows);
  }
}
