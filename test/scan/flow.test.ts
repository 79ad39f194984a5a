import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flow } from '../../src/scan/flow.ts';

async function* numbers(count: number, onEnd = () => {}): AsyncGenerator<number> {
  try {
    for (let i = 0; i < count; i++) yield i;
  } finally {
    onEnd();
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a flow of work', () => {
  it('gives the result of each item once, with no more at work than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 6 }), async (count, width) => {
        let atWork = 0;
        let most = 0;
        const work = async (item: number) => {
          most = Math.max(most, ++atWork);
          if (item % 3 === 0) await sleep(0);
          atWork--;
          return item;
        };
        const results: number[] = [];
        for await (const result of flow(numbers(count), width, work)) results.push(result);
        expect(results.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(most).toBeLessThanOrEqual(width);
      }),
      { numRuns: 40 },
    );
  });

  it('begins nothing while the consumer is busy', async () => {
    let begun = 0;
    const results = flow(numbers(100), 3, async () => begun++);
    await results.next();
    await sleep(20);
    expect(begun).toBeLessThanOrEqual(4);
    await results.return(undefined);
  });

  it('ends the source when the consumer stops', async () => {
    let ended = false;
    for await (const _ of flow(
      numbers(100, () => (ended = true)),
      2,
      async (item) => item,
    ))
      break;
    await sleep(5);
    expect(ended).toBe(true);
  });

  it('fails with the first failure, of the work or of the source', async () => {
    const failing = async (item: number) => {
      if (item === 5) throw new Error('five');
      return item;
    };
    const drain = async (results: AsyncGenerator<number>) => {
      for await (const _ of results);
    };
    await expect(drain(flow(numbers(20), 4, failing))).rejects.toThrow('five');
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error('source');
    }
    await expect(drain(flow(broken(), 4, async (item) => item))).rejects.toThrow('source');
  });
});
