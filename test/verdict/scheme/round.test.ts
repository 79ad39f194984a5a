import { describe, expect, it } from 'vitest';
import { roundWithin } from '../../../src/verdict/scheme/round.ts';

const SIZE = 9_437_213;
const near = (value: number, error: number) => ({ least: value - error, most: value + error });

describe('a round number', () => {
  it('is a power of two or of ten, times a small one', () => {
    expect(roundWithin(near(2 ** 20 - 300, 600), SIZE)).toBe(2 ** 20);
    expect(roundWithin(near(1_000_090, 200), SIZE)).toBe(1_000_000);
  });

  it('is a part of the file, or a percentage of it, as programs reckon it', () => {
    expect(roundWithin(near(Math.floor(SIZE / 3) + 5, 12), SIZE)).toBe(Math.floor(SIZE / 3));
    expect(roundWithin(near(Math.floor(SIZE / 100) * 7 - 3, 12), SIZE)).toBe(Math.floor(SIZE / 100) * 7);
    expect(roundWithin(near(Math.floor((SIZE * 15) / 100 / 3) + 2, 6), SIZE)).toBe(
      Math.floor((SIZE * 15) / 100 / 3),
    );
  });

  it('is none where chance would give one as round', () => {
    expect(roundWithin(near(7_654_321, 2), SIZE)).toBeNull();
    expect(roundWithin(near(4096 * 77, 40_000), SIZE)).toBeNull();
  });
});
