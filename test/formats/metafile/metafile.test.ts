import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { corpusFiles } from '../../support/corpus.ts';
import { fixturesRoot } from '../../support/fixtures.ts';
import { random } from '../../support/overwrites.ts';

/** Its text records were overwritten with question marks, lengths included. */
const damaged = new Set(['poi__887307_61338.wmf']);
const shapes = ['emf', 'wmf'].map((type) =>
  readFileSync(join(fixturesRoot, type, 'intact', `shapes.${type}`)),
);

describe('metafiles', () => {
  it('of many programs are intact', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'emf', 'wmf')) {
      const { judgement } = examine(bytes, { name });
      expect(`${name} ${judgement.verdict}`).toBe(`${name} ${damaged.has(name) ? 'damaged' : 'intact'}`);
    }
  });

  it.each(shapes)('are encrypted with 512 random bytes inside', (bytes) => {
    const next = random(2);
    const copy = Uint8Array.from(bytes);
    for (let i = 600; i < 1112; i++) copy[i] = Math.floor(next() * 256);
    expect(examine(copy, {}).judgement.verdict).toBe('encrypted');
  });

  it.each(shapes)('are damaged where they are cut, or a record has no length', (bytes) => {
    expect(examine(bytes.subarray(0, -30), {}).judgement.verdict).toBe('damaged');
    const copy = Uint8Array.from(bytes);
    copy.fill(0, 600, 700);
    expect(examine(copy, {}).judgement.verdict).toBe('damaged');
  });
});
