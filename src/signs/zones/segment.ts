import type { Range } from '../../bytes/range.ts';
import type { Cells } from './cells.ts';

/**
 * The likeliest parting of the cells into random stretches and others, where each stretch must be worth `price` nats:
 * dynamic programming over two states (Viterbi 1967). What is proved is never random.
 * @returns ranges of cell numbers
 */
export function segment({ count, open, scores }: Cells, price: number): Range[] {
  /** 1: the best way into that state came from a random cell. */
  const toPlain = new Uint8Array(count);
  const toRandom = new Uint8Array(count);
  let plain = 0;
  let random = Number.NEGATIVE_INFINITY;
  for (let cell = 0; cell < count; cell++) {
    toPlain[cell] = random > plain ? 1 : 0;
    toRandom[cell] = random > plain - price ? 1 : 0;
    const stayed = Math.max(random, plain - price);
    plain = Math.max(plain, random);
    random = open[cell] === 1 ? stayed + scores[cell]! : Number.NEGATIVE_INFINITY;
  }
  const stretches: Range[] = [];
  let isRandom = random > plain;
  let end = count;
  for (let cell = count - 1; cell >= 0; cell--) {
    const was = (isRandom ? toRandom : toPlain)[cell] === 1;
    if (isRandom && !was) stretches.push({ start: cell, end });
    if (!isRandom && was) end = cell;
    isRandom = was;
  }
  return stretches.reverse();
}
