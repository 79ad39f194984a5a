import type { Range } from '../../../../../bytes/range.ts';
import type { Ground } from '../ground.ts';
import { type Health, undoFixups } from '../record.ts';
import type { Records } from '../records.ts';

/** Records by where a search found them: used where the table's own map is lost. */
export class FoundRecords implements Records {
  readonly count: number;
  readonly #ground: Ground;
  readonly #places: ReadonlyMap<number, number>;
  #latest = -1;
  #record: Uint8Array | null = null;

  constructor(ground: Ground, places: ReadonlyMap<number, number>) {
    this.#ground = ground;
    this.#places = places;
    let last = -1;
    for (const number of places.keys()) last = Math.max(last, number);
    this.count = last + 1;
  }

  record(number: number): Uint8Array | null {
    if (number === this.#latest) return this.#record;
    const at = this.#places.get(number);
    if (at === undefined) return null;
    const record = new Uint8Array(this.#ground.geometry.recordSize);
    const isWhole = this.#ground.tryRead(record, at) && undoFixups(record, 'FILE') === 'good';
    this.#latest = number;
    this.#record = isWhole ? record : null;
    return this.#record;
  }

  /** What wasn't found may have been there. */
  health(number: number): Health {
    return this.record(number) === null ? 'broken' : 'good';
  }

  place(number: number): Range[] {
    const at = this.#places.get(number);
    return at === undefined ? [] : [{ start: at, end: at + this.#ground.geometry.recordSize }];
  }
}
