import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';

const MOST_SECTORS = 1 << 27;

/** Sectors of one size, numbered from 0, each with at most one owner. */
export class Sectors {
  readonly size: number;
  /** Sectors of which at least a part is there. */
  readonly count: number;
  readonly #used: Uint8Array;
  readonly #locate: (start: number, end: number) => readonly Range[];

  /**
   * @param size bytes of a sector
   * @param total bytes that all of them have together
   * @param locate where in the file a range of these bytes stands
   */
  constructor(size: number, total: number, locate: (start: number, end: number) => readonly Range[]) {
    this.size = size;
    this.count = Math.ceil(total / size);
    if (this.count > MOST_SECTORS) throw new OverBudget('sectors of one file', MOST_SECTORS);
    this.#used = new Uint8Array(this.count);
    this.#locate = (start, end) => (start < end ? locate(start, Math.min(end, total)) : []);
  }

  has(index: number): boolean {
    return index < this.count;
  }

  isUsed(index: number): boolean {
    return this.#used[index] === 1;
  }

  /** @throws Broken unless there is such a sector, and nobody else has it */
  claim(index: number, what: string, at: number): void {
    if (index >= this.count) throw new Broken(at, what, `a sector below ${this.count}`, index);
    if (this.#used[index] === 1)
      throw new Broken(at, what, 'a sector of its own', `${index}, which is in use`);
    this.#used[index] = 1;
  }

  /** Where bytes [from, to) of these sectors, in this order, stand in the file. */
  place(chain: ArrayLike<number>, from: number, to: number): Range[] {
    const pieces: { start: number; end: number }[] = [];
    for (let i = Math.floor(from / this.size); i * this.size < to && i < chain.length; i++) {
      const base = chain[i]! * this.size;
      const start = base + Math.max(0, from - i * this.size);
      for (const piece of this.#locate(start, base + Math.min(this.size, to - i * this.size))) {
        const last = pieces.at(-1);
        if (last?.end === piece.start) last.end = piece.end;
        else pieces.push({ ...piece });
      }
    }
    return pieces;
  }
}
