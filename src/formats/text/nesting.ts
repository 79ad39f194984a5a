import { OverBudget } from '../../bytes/errors.ts';

/** Deeper nesting is made to break parsers. */
export const DEEPEST = 1_000_000;

/** What is open, innermost last: a stack of 32-bit marks (other than 0) instead of recursion. */
export class Nesting {
  #marks = new Uint32Array(64);
  depth = 0;

  /** The innermost mark, 0 if nothing is open. */
  get top(): number {
    return this.depth === 0 ? 0 : this.#marks[this.depth - 1]!;
  }

  /** @throws OverBudget */
  push(mark: number): void {
    if (this.depth === DEEPEST) throw new OverBudget('nesting of a text', DEEPEST);
    if (this.depth === this.#marks.length) {
      const more = new Uint32Array(2 * this.depth);
      more.set(this.#marks);
      this.#marks = more;
    }
    this.#marks[this.depth++] = mark;
  }

  pop(): void {
    if (this.depth > 0) this.depth--;
  }
}
