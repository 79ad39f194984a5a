import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/examine/examine.ts';
import { corpusFiles } from '../support/corpus.ts';
import { fixturesRoot } from '../support/fixtures.ts';
import { randomFill } from '../support/random.ts';

/** Too little of them contrasts. */
/** The last may lie under a repeating key. */
const unproved = new Set([
  'format-corpus__16db0b_testQuattro.wb1',
  'format-corpus__9ed7aa_testQuattro.wb2',
  'test_files__b4c999_CRLFR9.WK3',
]);
const types = ['wk1', 'wks', 'wk3', 'wk4', 'wq1', 'wq2', 'wb1', 'wb2'];
const costs = readFileSync(join(fixturesRoot, 'lotus-123/intact/costs.wk1'));

describe('worksheets', () => {
  it('of many programs are intact', () => {
    for (const { name, bytes } of corpusFiles('genuine', ...types)) {
      const { judgement } = examine(bytes, { name });
      expect(`${name} ${judgement.verdict}`).toBe(`${name} ${unproved.has(name) ? 'unproved' : 'intact'}`);
    }
  });

  it('are encrypted with 512 random bytes inside', () => {
    const copy = Uint8Array.from(costs);
    randomFill(copy, 600, 512);
    expect(examine(copy, { name: 'costs.wk1' }).judgement.verdict).toBe('encrypted');
  });

  it('are damaged where they are cut, or records are zero', () => {
    expect(examine(costs.subarray(0, -30), { name: 'costs.wk1' }).judgement.verdict).toBe('damaged');
    const copy = Uint8Array.from(costs);
    copy.fill(0, 600, 700);
    expect(examine(copy, { name: 'costs.wk1' }).judgement.verdict).toBe('damaged');
  });
});
