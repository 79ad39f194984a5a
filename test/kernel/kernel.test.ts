import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, CONTRAST_P, kernel, widths } from '../../src/kernel/kernel.ts';
import { measureBlock, sweepRuns, windowSquares } from '../../src/kernel/reference.ts';
import { entropyFrom, limitsFor, sumsOfSquares } from '../../src/kernel/uniform.ts';

/** Bytes as files have them: random, few values, runs. */
const bytes = (most: number, least = 1) =>
  fc.oneof(
    fc.uint8Array({ minLength: least, maxLength: most, size: 'max' }),
    fc
      .array(fc.constantFrom(0, 32, 101, 255), { minLength: least, maxLength: most, size: 'max' })
      .map((a) => Uint8Array.from(a)),
    fc
      .tuple(fc.nat(255), fc.integer({ min: least, max: most }))
      .map(([value, length]) => new Uint8Array(length).fill(value)),
  );

describe('the kernel', () => {
  it('measures blocks as the reference does', () => {
    fc.assert(
      fc.property(bytes(3 * BLOCK), (data) => {
        kernel().measure(data, 0, 2 ** 32 - 1);
        for (let at = 0, slot = 0; at < data.length; at += BLOCK, slot++) {
          const block = data.subarray(at, at + BLOCK);
          const expected = measureBlock(block);
          expect(kernel().squares[slot]).toBe(expected.squares);
          expect(kernel().printable[slot]).toBe(expected.printable);
          expect(kernel().zeros[slot]).toBe(expected.zeros);
          expect(entropyFrom(kernel().logs[slot]!, block.length)).toBeCloseTo(expected.entropy, 12);
        }
        expect([...kernel().uniformTotal]).toEqual(measureBlock(data).counts);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps uniform blocks and others apart', () => {
    const data = new Uint8Array(2 * BLOCK).fill(7, BLOCK);
    for (let i = 0; i < BLOCK; i++) data[i] = i;
    kernel().measure(data, 4096 * 16, 4096 * 16);
    expect([...kernel().uniformTotal]).toEqual(new Array(256).fill(16));
    expect(kernel().otherTotal[7]).toBe(BLOCK);
  });

  it('gives the same for bytes in its own memory, wherever they begin', () => {
    const data = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) >> 3);
    kernel().input.set(data, 5);
    kernel().measure(kernel().input.subarray(5, 5 + data.length), 0, 0);
    expect([...kernel().otherTotal]).toEqual(measureBlock(data).counts);
  });

  it('refuses to copy more than fits', () => {
    expect(() => kernel().measure(new Uint8Array(70_000), 0, 0)).toThrow(RangeError);
  });

  it('finds the narrowest window at which all contrast, as the reference does', () => {
    fc.assert(
      fc.property(bytes(8191, 64), fc.nat(10_000), (data, offset) => {
        expect(kernel().contrastWidth(data, offset)).toBe(narrowest(data, offset));
        const whole = data.subarray(0, BLOCK);
        expect(kernel().contrastWidth(whole, 4 * BLOCK)).toBe(narrowest(whole, 0));
      }),
      { numRuns: 200 },
    );
  });

  it('sweeps runs as the reference does, whatever the pieces', () => {
    const scores = Array.from({ length: 256 }, (_, b) => Math.round(1024 * (b < 128 ? -2 : 1.5)));
    fc.assert(
      fc.property(bytes(2000), fc.integer({ min: 1, max: 700 }), (data, piece) => {
        kernel().scores.set(scores);
        const expected = sweepRuns(data, scores, 30 * 1024, 25 * 1024);
        expect(sweepInPieces(data, piece)).toEqual(
          expected.map(({ start, end, peak }) => [start, end, peak / 1024]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('folds to columns', () => {
    const data = Uint8Array.from({ length: 192 * 8 * 5 }, (_, i) => (i >> 3) % 192);
    kernel().clearFold();
    kernel().addFold(data, 192 * 7);
    kernel().beginColumns();
    kernel().narrowColumns(64, 3);
    kernel().narrowColumns(4, 16);
    kernel().measureColumns(3, 2, 4);
    const members = Array.from({ length: 192 }, (_, r) => r).filter((r) => r % 4 === 3 || r % 4 === 0);
    expect([...kernel().column]).toEqual([members.length * 40 ** 2, members.length * 40]);
  });

  it('counts traits: bytes, pairs of nibbles, bits', () => {
    kernel().clearTraits();
    kernel().addTraits(Uint8Array.of(0xf0, 0x0f, 0xaa, 0xff));
    expect(kernel().byteCounts[0xaa]).toBe(1);
    expect([kernel().pairCounts[0xf0], kernel().pairCounts[0xaf]]).toEqual([1, 1]);
    // 1111 0000 0000 1111 1010 1010 1111 1111
    expect([...kernel().bitCounts]).toEqual([20, 10]);
  });
});

function narrowest(data: Uint8Array, offset: number): number {
  for (const width of widths) {
    if (width > data.length) return 0;
    const { lower, upper } = sumsOfSquares(width, limitsFor(width, CONTRAST_P));
    if (windowSquares(data, width, offset).every((s) => s > upper || s < lower)) return width;
  }
  return 0;
}

function sweepInPieces(data: Uint8Array, piece: number): number[][] {
  const runs: number[][] = [];
  kernel().beginSweep(0);
  for (let at = 0; at < data.length; ) {
    const part = data.subarray(at, at + piece);
    const swept = kernel().sweep(part, at, 30);
    if (swept >= 0) runs.push([...kernel().run]);
    at += swept >= 0 ? swept : part.length;
  }
  if (kernel().endSweep(30)) runs.push([...kernel().run]);
  return runs;
}
