import { type Range, union } from '../../bytes/range.ts';
import type { Volume } from '../../sources/images/volumes.ts';

/** Ranges as they cross threads, shared by all: start and end by turns. */
export function packRanges(ranges: readonly Range[]): Float64Array {
  const packed = new Float64Array(new SharedArrayBuffer(16 * ranges.length));
  for (const [i, { start, end }] of ranges.entries()) packed.set([start, end], 2 * i);
  return packed;
}

export function unpackRanges(packed: Float64Array): Range[] {
  const ranges: Range[] = [];
  for (let i = 0; i + 1 < packed.length; i += 2) ranges.push({ start: packed[i]!, end: packed[i + 1]! });
  return ranges;
}

/** The encrypted ranges of the disk, in bytes of a volume on it. */
export function damageOf({ parts }: Volume, packed: Float64Array): Range[] {
  const damage = unpackRanges(packed);
  const inVolume: Range[] = [];
  let at = 0;
  for (const part of parts) {
    for (const { start, end } of damage) {
      const from = Math.max(start, part.start);
      const to = Math.min(end, part.end);
      if (from < to) inVolume.push({ start: at + from - part.start, end: at + to - part.start });
    }
    at += part.end - part.start;
  }
  return union(inVolume);
}
