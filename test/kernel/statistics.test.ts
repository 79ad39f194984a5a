import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, kernel } from '../../src/kernel/kernel.ts';
import { measureBlock } from '../../src/kernel/reference.ts';
import { Statistics } from '../../src/kernel/statistics.ts';
import { corpusFiles } from '../support/corpus.ts';
import { randomBytes } from '../support/random.ts';

const text = (length: number) =>
  Buffer.alloc(length, 'It was the best of times, it was the worst of times. ');

describe('statistics', () => {
  it('of a file equal the definition, observed in any order and repeatedly', () => {
    const parts = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4 * BLOCK + 1, maxLength: 5 * BLOCK, size: 'max' }),
        parts,
        (data, order) => {
          const statistics = new Statistics(data.length);
          for (const i of order) {
            statistics.observe(data.subarray(i * BLOCK, (i + 1) * BLOCK), i * BLOCK);
            statistics.observe(data.subarray(0, BLOCK), 0);
          }
          expectSame(statistics, data);
          statistics.observe(data, 0);
          expectSame(statistics, data);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('of a large window take in only blocks not seen yet', () => {
    const data = randomBytes(40 * BLOCK + 100);
    const statistics = new Statistics(data.length);
    statistics.observe(data.subarray(3 * BLOCK, 9 * BLOCK), 3 * BLOCK);
    kernel().input.set(data);
    statistics.observe(kernel().input.subarray(0, data.length), 0);
    expectSame(statistics, data);
  });

  it('tell uniform blocks from plain ones', () => {
    const data = Buffer.concat([text(3 * BLOCK), randomBytes(2 * BLOCK), text(100)]);
    const statistics = new Statistics(data.length);
    statistics.observe(data, 0);
    expect([0, 1, 2, 3, 4, 5].map((block) => statistics.isUniform(block))).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(statistics.uniformBlocks).toBe(2);
    expect(statistics.plainCounts.reduce((a, b) => a + b)).toBe(3 * BLOCK + 100);
    expect(statistics.entropyOf(3)).toBeGreaterThan(7.9);
    expect(statistics.entropyOf(0)).toBeLessThan(4.5);
  });

  it('call a table of all byte values not uniform: it is too even for chance', () => {
    const data = Uint8Array.from({ length: BLOCK }, (_, i) => i);
    const statistics = new Statistics(data.length);
    statistics.observe(data, 0);
    expect(statistics.isUniform(0)).toBe(false);
  });

  it('call all but two in a million blocks of random bytes uniform', () => {
    const statistics = new Statistics(0);
    let uniform = 0;
    for (let round = 0; round < 20; round++) {
      const data = randomBytes(256 * BLOCK);
      statistics.reset(data.length);
      statistics.observe(data, 0);
      uniform += statistics.uniformBlocks;
    }
    expect(uniform).toBeGreaterThanOrEqual(20 * 256 - 1);
  });

  it('are empty after a reset', () => {
    const statistics = new Statistics(BLOCK);
    statistics.observe(randomBytes(BLOCK), 0);
    statistics.reset(2 * BLOCK);
    expect([statistics.bytes, statistics.entropy, statistics.isUniform(0), statistics.complete]).toEqual([
      0,
      0,
      false,
      false,
    ]);
  });

  it('of a 100 GB file stay small, and tell where its random part is', () => {
    const size = 100e9;
    const statistics = new Statistics(size);
    const at = Math.floor(73e9 / BLOCK) * BLOCK;
    statistics.observe(randomBytes(64 * BLOCK), at);
    expect(statistics.isUniform(at / BLOCK + 5)).toBe(true);
    expect(statistics.isUniform(0)).toBe(false);
    expect(statistics.bytes).toBe(64 * BLOCK);
  });

  it('refuse bytes that begin inside a block', () => {
    expect(() => new Statistics(BLOCK).observe(new Uint8Array(10), 1)).toThrow(RangeError);
  });

  it('find no uniform block in genuine text', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'csv', 'json', 'html', 'eml', 'evtx')) {
      const statistics = new Statistics(bytes.length);
      statistics.observe(bytes, 0);
      expect(statistics.uniformBlocks, name).toBe(0);
    }
  });
});

function expectSame(statistics: Statistics, data: Uint8Array): void {
  const expected = measureBlock(data);
  expect([...statistics.counts]).toEqual(expected.counts);
  expect(statistics.entropy).toBeCloseTo(expected.entropy, 12);
  expect(statistics.printableShare).toBe(expected.printable / data.length);
  expect(statistics.zeroShare).toBe(expected.zeros / data.length);
  expect(statistics.chiSquare).toBeCloseTo((256 * expected.squares) / data.length - data.length, 6);
  expect(statistics.complete).toBe(true);
}
