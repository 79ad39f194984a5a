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

  it('are never intact with 400 random bytes inside, unless the floor they state is higher', () => {
    for (const { name, bytes } of genuine()) {
      if (bytes.length < 1600) continue;
      for (let at = 0; at + 400 <= bytes.length; at += Math.ceil(bytes.length / 5)) {
        const copy = Uint8Array.from(bytes);
        randomFill(copy, at, 400);
        const { verdict, floor } = examine(copy, { name }).judgement;
        expect(verdict !== 'intact' || floor > 400, `${name} at ${at}: ${verdict}, floor ${floor}`).toBe(
          true,
        );
      }
    }
  });
});
