import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complement, intersection, type Range, totalLength, union } from '../../src/bytes/range.ts';

const SIZE = 200;
const ranges = fc.array(
  fc.tuple(fc.nat(SIZE), fc.nat(SIZE)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) })),
  { maxLength: 12 },
);

function covered(list: readonly Range[]): boolean[] {
  return Array.from({ length: SIZE }, (_, at) => list.some(({ start, end }) => start <= at && at < end));
}

describe('ranges', () => {
  it('joins what overlaps or touches, and covers the same bytes', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const joined = union(list);
        expect(covered(joined)).toEqual(covered(list));
        for (let i = 1; i < joined.length; i++) expect(joined[i]!.start).toBeGreaterThan(joined[i - 1]!.end);
      }),
    );
  });

  it('splits the whole into covered and uncovered bytes', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const joined = union(list);
        const gaps = complement(joined, { start: 0, end: SIZE });
        expect(covered(gaps)).toEqual(covered(joined).map((is) => !is));
      }),
    );
  });

  it('gives what two lists share', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const shared = intersection(union(a), union(b));
        const both = covered(a).map((is, at) => is && covered(b)[at]!);
        expect(covered(shared)).toEqual(both);
        expect(totalLength(shared)).toBe(both.filter(Boolean).length);
      }),
    );
  });
});
