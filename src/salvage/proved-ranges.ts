import { type Range, union } from '../bytes/range.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { strong } from './provable.ts';

/** The ranges of a file that are proved unchanged, to be asked many times. */
export class ProvedRanges {
  readonly #ranges: readonly Range[];

  constructor(ledger: Ledger) {
    this.#ranges = union(ledger.ranges(...strong));
  }

  covers({ start, end }: Range): boolean {
    let low = 0;
    let high = this.#ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const range = this.#ranges[middle]!;
      if (start >= range.end) low = middle + 1;
      else if (start < range.start) high = middle - 1;
      else return end <= range.end;
    }
    return false;
  }
}

/** The largest floor of the segments within a range, in bytes. */
export function floorWithin(ledger: Ledger, { start, end }: Range): number {
  let floor = 1;
  for (const segment of ledger.segments()) {
    if (segment.start >= end) break;
    if (segment.end > start) floor = Math.max(floor, segment.floor);
  }
  return floor;
}
