import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastAtMost } from '../../src/bytes/search.ts';

describe('lastAtMost', () => {
  it('finds what a look at each number finds', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(60), (gaps, value) => {
        const ascending = [0];
        for (const gap of gaps) ascending.push(ascending.at(-1)! + gap);
        const expected = ascending.findLastIndex((number) => number <= value);
        expect(lastAtMost(Float64Array.from(ascending), value)).toBe(expected);
      }),
    );
  });

  it('is 0 without numbers', () => {
    expect(lastAtMost(new Float64Array(0), 7)).toBe(0);
  });
});
