import { intersection, lengthOf, type Range, totalLength, union } from '../../src/bytes/range.ts';
import type { Shape } from '../../src/verdict/scheme.ts';
import type { Attacked } from './attack.ts';

/** Parameters within so many bytes, one block of a cipher, count as exact. */
const EXACT = 16;

/** The plainest description of the ranges that were encrypted: what an inference should come to. */
export function shapeOf({ encrypted, body }: Attacked): Shape | null {
  const ranges = union(encrypted);
  const [first] = ranges;
  const last = ranges.at(-1);
  if (first === undefined || last === undefined) return null;
  if (ranges.length === 1) return shapeOfOne(first, body);
  return (
    stripesOf(ranges, body) ?? headAndStripesOf(ranges, body) ?? { kind: 'spots', spots: ranges, fit: 1 }
  );
}

function shapeOfOne({ start, end }: Range, body: Range): Shape {
  // Block ciphers leave up to 15 bytes at the end as they were.
  const toEnd = end > body.end - EXACT;
  const fromStart = start === body.start;
  if (fromStart && toEnd) return { kind: 'full', fit: 1 };
  if (!toEnd)
    return start - body.start > 64
      ? { kind: 'spots', spots: [{ start, end }], fit: 1 }
      : { kind: 'head', length: end, fit: 1 };
  return start <= (body.start + body.end) / 2
    ? { kind: 'keeps-head', kept: start, fit: 1 }
    : { kind: 'tail', length: body.end - start, fit: 1 };
}

function stripesOf(ranges: readonly Range[], body: Range): (Shape & { kind: 'stripes' }) | null {
  const [first, second] = ranges;
  if (ranges.length < 3 || first === undefined || second === undefined) return null;
  const length = lengthOf(first);
  const period = second.start - first.start;
  // Some lay the last piece flush with the end: still stripes, but for one.
  const judged = ranges.length >= 5 && ranges.at(-1)!.end >= body.end - EXACT ? ranges.slice(0, -1) : ranges;
  const isRegular = judged.every((range, i) => {
    const isOnGrid = Math.abs(range.start - first.start - i * period) <= i + 1;
    return (
      isOnGrid && (lengthOf(range) === length || (range.end >= body.end - EXACT && lengthOf(range) < length))
    );
  });
  return isRegular ? { kind: 'stripes', length, period, first: first.start, fit: 1 } : null;
}

function headAndStripesOf(ranges: readonly Range[], body: Range): Shape | null {
  const after = stripesOf(ranges.slice(1), body);
  return after === null ? null : { ...after, kind: 'head-and-stripes', head: ranges[0]!.end };
}

export function isExact(found: Shape, truth: Shape): boolean {
  if (found.kind !== truth.kind) return false;
  if (found.kind === 'spots' && truth.kind === 'spots') {
    if (found.spots.length !== Math.min(64, truth.spots.length)) return false;
    return found.spots.every(
      ({ start, end }, i) => isNear(start, truth.spots[i]!.start) && isNear(end, truth.spots[i]!.end),
    );
  }
  const wanted = truth as Record<string, unknown>;
  return Object.entries(found)
    .filter(([key]) => ['length', 'kept', 'period', 'first', 'head'].includes(key))
    .every(([key, value]) => isNear(Number(value), Number(wanted[key])));
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= EXACT;
}

/** Intersection over union of what was reported and what is true, within the original's bytes. */
export function overlapOf(reported: readonly Range[], { encrypted, body }: Attacked): number {
  const inside = intersection(union(reported), [body]);
  const truth = union(encrypted);
  const common = totalLength(intersection(inside, truth));
  const all = totalLength(inside) + totalLength(truth) - common;
  return all === 0 ? 1 : common / all;
}
