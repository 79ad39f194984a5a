import { Broken } from '../../bytes/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { TextState } from './text.ts';

const MOST_KEPT = 64;
/** A database that keeps so large a share of its text values as binary does so by habit. */
const HABIT = 0.2;
const HABIT_COUNT = 8;

/** Text values of a database, counted by what they are; the strange ones are reported when all have been seen. */
export class Texts {
  #count = 0;
  #foreign = 0;
  #noisy = 0;
  readonly #noise: { start: number; end: number }[] = [];

  note(state: TextState, start: number, end: number): void {
    this.#count++;
    if (state === 'foreign') this.#foreign++;
    if (state !== 'noise') return;
    this.#noisy++;
    if (this.#noise.length < MOST_KEPT) this.#noise.push({ start, end });
  }

  report(ledger: Ledger): void {
    if (this.#foreign > 0)
      ledger.oddity(0, `${this.#foreign} text values in another encoding than the database's`);
    if (this.#noisy >= HABIT_COUNT && this.#noisy > HABIT * this.#count) {
      ledger.oddity(this.#noise[0]!.start, `${this.#noisy} binary values stored as text`);
      return;
    }
    for (const { start, end } of this.#noise)
      ledger.broken(new Broken(start, 'text value', 'text', 'noise'), end);
  }
}
