import { intersection, type Range, union } from '../../../bytes/range.ts';
import type { Extent } from '../file-system.ts';

/** The ranges of a volume that were overwritten. */
export class Damage {
  readonly ranges: readonly Range[];

  constructor(ranges: readonly Range[]) {
    this.ranges = union(ranges);
  }

  /** Whether a byte of [start, end) was overwritten. */
  hits(start: number, end: number): boolean {
    const range = this.ranges[this.#firstEndingBehind(start)];
    return range !== undefined && range.start < end && start < end;
  }

  /** The bytes of a file that were overwritten, in offsets of the file. Zeros aren't stored, and can't be. */
  inFile(extents: readonly Extent[]): Range[] {
    const hit: Range[] = [];
    for (const extent of extents) {
      if (extent.kind === 'zero') continue;
      const length = extent.kind === 'compressed' ? extent.stored : extent.end - extent.start;
      if (!this.hits(extent.at, extent.at + length)) continue;
      if (extent.kind === 'compressed') hit.push({ start: extent.start, end: extent.end });
      else hit.push(...this.#within(extent.at, extent.at + length, extent.start - extent.at));
    }
    return union(hit);
  }

  #within(start: number, end: number, shift: number): Range[] {
    const near: Range[] = [];
    for (let i = this.#firstEndingBehind(start); (this.ranges[i]?.start ?? end) < end; i++)
      near.push(this.ranges[i]!);
    return intersection(near, [{ start, end }]).map((range) => ({
      start: range.start + shift,
      end: range.end + shift,
    }));
  }

  #firstEndingBehind(at: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranges[middle]!.end > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
