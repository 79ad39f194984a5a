import { describe, expect, it } from 'vitest';
import { chanceOfSharing, FALSE_ALARM } from '../../../src/verdict/incident/chance.ts';
import { random } from '../../support/random.ts';

describe('the chance that files which have nothing to do with each other share bytes', () => {
  it('is C(n, k) · p^(k − 1) for one place', () => {
    expect(chanceOfSharing(10, 3, 1 / 100, 1)).toBeCloseTo(120 / 10_000, 12);
    expect(chanceOfSharing(10, 1, 1 / 100, 1)).toBe(1);
  });

  it('bounds what is drawn: three of eight files that agree in a value of one in sixteen', () => {
    const runs = 4000;
    let shared = 0;
    for (let run = 0; run < runs; run++) {
      const counts = new Uint8Array(16);
      for (let file = 0; file < 8; file++) counts[Math.floor(random() * 16)]!++;
      if (Math.max(...counts) >= 3) shared++;
    }
    const bound = chanceOfSharing(8, 3, 1 / 16, 1);
    expect(shared / runs).toBeLessThanOrEqual(bound);
    expect(shared / runs).toBeGreaterThan(bound / 3);
  });

  it('asks for four of 4,096 files where four bytes are equal at one of a thousand places', () => {
    expect(chanceOfSharing(4096, 4, 2 ** -32, 1021)).toBeLessThan(FALSE_ALARM);
    expect(chanceOfSharing(4096, 3, 2 ** -32, 1021)).toBeGreaterThan(FALSE_ALARM);
  });
});
