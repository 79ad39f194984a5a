import { describe, expect, it } from 'vitest';
import type { Range } from '../../src/bytes/range.ts';
import { inferScheme } from '../../src/verdict/scheme.ts';

const MIB = 2 ** 20;
const SIZE = 33 * MIB + 12_345;

function infer(ranges: readonly (readonly [number, number])[], size = SIZE, headKept = false) {
  const encrypted: Range[] = ranges.map(([start, end]) => ({ start, end }));
  return inferScheme(encrypted, { size, headKept, contentEnd: null });
}

describe('a layout', () => {
  it('of nothing is none', () => {
    expect(infer([])).toBeNull();
  });

  it('of the whole file is full, though the first bytes passed for plain ones', () => {
    expect(infer([[3, SIZE]])).toMatchObject({ kind: 'full', trailer: 0 });
  });

  it('keeps the head where a known one still stands there', () => {
    expect(infer([[5, SIZE]], SIZE, true)).toMatchObject({ kind: 'keeps-head', kept: 5 });
    expect(infer([[62, SIZE]])).toMatchObject({ kind: 'keeps-head', kept: 62 });
  });

  it('of a head is as long as a program would choose', () => {
    expect(infer([[1, MIB - 7]])).toMatchObject({ kind: 'head', length: MIB });
  });

  it('of a head with a key block at the end tells both', () => {
    expect(
      infer([
        [0, MIB],
        [SIZE - 534, SIZE],
      ]),
    ).toMatchObject({ kind: 'head', length: MIB, trailer: 534 });
  });

  it('of stripes has their length and period, whatever the edges lack', () => {
    const stripes = [0, 1, 2, 3].map((i) => [10 * MIB * i + 4, 10 * MIB * i + MIB - 9] as const);
    expect(infer(stripes)).toMatchObject({
      kind: 'stripes',
      length: MIB,
      period: 10 * MIB,
      first: 0,
      fit: 1,
    });
  });

  it('of stripes is seen where one of ten was missed', () => {
    const stripes = [0, 1, 2, 3, 4, 6, 7, 8, 9].map((i) => [3 * MIB * i, 3 * MIB * i + MIB] as const);
    expect(infer(stripes)).toMatchObject({ kind: 'stripes', length: MIB, period: 3 * MIB });
  });

  it('of a third of the file is taken for that third', () => {
    const size = 15_000_001;
    const third = Math.floor(size / 3);
    const pieces = [0, 1, 2].map((i) => [i * third, i * third + MIB] as const);
    expect(infer(pieces, size)).toMatchObject({ kind: 'stripes', period: third, length: MIB });
  });

  it('of a head and blocks after it is both', () => {
    const blocks = [0, 1, 2, 3].map((i) => [5 * MIB + 4 * MIB * i, 5 * MIB + 4 * MIB * i + MIB / 2] as const);
    expect(infer([[0, 3 * MIB], ...blocks])).toMatchObject({
      kind: 'head-and-stripes',
      head: 3 * MIB,
      length: MIB / 2,
      period: 4 * MIB,
    });
  });

  it('of three places in no order is spots', () => {
    expect(
      infer([
        [0, 5000],
        [900_000, 2_000_000],
        [7_000_000, 7_300_000],
      ]),
    ).toMatchObject({ kind: 'spots', trailer: 0 });
  });
});
