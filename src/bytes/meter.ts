import { OverBudget } from './errors.ts';

/** What one file may cost, its nested members included. */
export interface Budget {
  /** Bytes that decoders may produce. */
  readonly produced: number;
  /** Bytes of the file that may be read, repeated reads counted again. */
  readonly read: number;
  /** Containers inside containers. */
  readonly depth: number;
  /** Structural steps: chunks, records, pages, objects, members. */
  readonly steps: number;
  /** Wall time in milliseconds. */
  readonly milliseconds: number;
}

/** Enough for honest files of a server; a hostile one ends within about a minute. */
export const defaultBudget: Budget = {
  produced: 64 * 2 ** 30,
  read: 2 ** 43,
  depth: 8,
  steps: 200_000_000,
  milliseconds: 60_000,
};

const STEPS_BETWEEN_CLOCKS = 1024;

/** Counts what the examination of one file costs and ends it when the budget is used up. */
export class Meter {
  readonly budget: Budget;
  produced = 0;
  read = 0;
  steps = 0;
  depth = 0;
  readonly #deadline: number;
  #untilClock = STEPS_BETWEEN_CLOCKS;

  constructor(budget: Budget = defaultBudget) {
    this.budget = budget;
    this.#deadline = performance.now() + budget.milliseconds;
  }

  /** Call once for each structural step. @throws OverBudget */
  step(count = 1): void {
    this.steps += count;
    if (this.steps > this.budget.steps) throw new OverBudget('steps', this.budget.steps);
    this.#untilClock -= count;
    if (this.#untilClock > 0) return;
    this.#untilClock = STEPS_BETWEEN_CLOCKS;
    this.checkClock();
  }

  /** Call for bytes that a decoder gave. @throws OverBudget */
  produce(bytes: number): void {
    this.produced += bytes;
    if (this.produced > this.budget.produced) throw new OverBudget('decoded bytes', this.budget.produced);
    this.checkClock();
  }

  /** Called by the reader for each read from the source. @throws OverBudget */
  consume(bytes: number): void {
    this.read += bytes;
    if (this.read > this.budget.read) throw new OverBudget('bytes read', this.budget.read);
    this.checkClock();
  }

  /** @throws OverBudget */
  checkClock(): void {
    if (performance.now() > this.#deadline) throw new OverBudget('milliseconds', this.budget.milliseconds);
  }

  /** Runs `inner` one level deeper. @throws OverBudget when that is too deep. */
  nested<T>(inner: () => T): T {
    if (this.depth >= this.budget.depth) throw new OverBudget('nesting depth', this.budget.depth);
    this.depth++;
    try {
      return inner();
    } finally {
      this.depth--;
    }
  }
}
