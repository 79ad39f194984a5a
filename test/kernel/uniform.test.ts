import { describe, expect, it } from 'vitest';
import { measureBlock } from '../../src/kernel/reference.ts';
import { chiSquareAt, chiSquareOf, DEGREES, deviateOf, limitsFor } from '../../src/kernel/uniform.ts';
import { randomBytes } from '../support/random.ts';

describe('limits of uniform bytes', () => {
  it('are those of the chi-square tables for many bytes', () => {
    expect(limitsFor(1e6, 1e-3).upper).toBeCloseTo(330.5, 0);
    expect(limitsFor(1e6, 1e-6).lower).toBeCloseTo(161.7, 0);
    expect(limitsFor(1e6, 1e-9).upper).toBeCloseTo(414.5, 0);
  });

  it('widen for few bytes, and are never narrower between the sizes that were calculated', () => {
    for (let n = 33; n < 5000; n++) {
      expect(limitsFor(n, 1e-6).upper).toBeGreaterThanOrEqual(limitsFor(n + 1, 1e-6).upper);
    }
  });

  it('hold in simulation: one in a thousand samples is beyond either', () => {
    for (const n of [128, 512, 2048]) {
      const { lower, upper } = limitsFor(n, 1e-3);
      let beyond = 0;
      const data = randomBytes(4000 * n);
      for (let at = 0; at < data.length; at += n) {
        const x2 = chiSquareOf(measureBlock(data.subarray(at, at + n)).squares, n);
        if (x2 < lower || x2 > upper) beyond++;
      }
      expect(beyond).toBeLessThan(25);
    }
  });

  it('convert to normal deviates and back', () => {
    expect(deviateOf(chiSquareAt(4.75, DEGREES), DEGREES)).toBeCloseTo(4.75, 9);
  });
});
