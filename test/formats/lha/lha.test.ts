import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { corpusFiles } from '../../support/corpus.ts';
import { randomFill } from '../../support/random.ts';

const genuine = () => [...corpusFiles('genuine', 'lha', 'lzh', 'arj')];
/** Its file goes on in another volume. */
const unproved = new Set(['sharpcompress__eb1705_Arj.store.split.arj']);

describe('LHA and ARJ archives', () => {
  it('of many programs are intact, unpacked by -lh4- to -lh7- and by ARJ', () => {
    for (const { name, bytes } of genuine()) {
      const { judgement } = examine(bytes, { name });
      expect(`${name} ${judgement.verdict}`).toBe(`${name} ${unproved.has(name) ? 'unproved' : 'intact'}`);
    }
  });

  it('are never safe with 200 random bytes at any place', () => {
    for (const { name, bytes } of genuine()) {
      if (bytes.length < 600 || unproved.has(name)) continue;
      for (let at = 0; at + 200 <= bytes.length; at += Math.ceil(bytes.length / 40)) {
        const copy = Uint8Array.from(bytes);
        randomFill(copy, at, 200);
        expect(examine(copy, { name }).judgement.verdict, `${name} at ${at}`).not.toBe('intact');
      }
    }
  });
});
