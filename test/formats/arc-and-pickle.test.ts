import { describe, expect, it } from 'vitest';
import { examine } from '../../src/examine/examine.ts';
import { corpusFiles } from '../support/corpus.ts';
import { randomFill } from '../support/random.ts';

const genuine = () => [...corpusFiles('genuine', 'arc', 'pickle')];

describe('ARC archives and pickles', () => {
  it('of all methods and protocols are intact', () => {
    for (const { name, bytes } of genuine())
      expect(`${name} ${examine(bytes, { name }).judgement.verdict}`).toBe(`${name} intact`);
  });

  it('are never intact with 400 random bytes inside', () => {
    for (const { name, bytes } of genuine()) {
      if (bytes.length < 1600) continue;
      for (let at = 0; at + 400 <= bytes.length; at += Math.ceil(bytes.length / 12)) {
        const copy = Uint8Array.from(bytes);
        randomFill(copy, at, 400);
        expect(examine(copy, { name }).judgement.verdict, `${name} at ${at}`).not.toBe('intact');
      }
    }
  });
});
