import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { readIntegersV2 } from '../../../src/formats/orc/integers.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { orcFile } from '../../support/orc-file.ts';
import { randomBytes } from '../../support/random.ts';

const verdictOf = (bytes: Uint8Array) => examine(bytes, { name: 'a.orc' }).judgement.verdict;

describe('orc', () => {
  it.skipIf(!hasCorpus)('accounts for real files of several writers and codecs', () => {
    const verdicts = [...corpusFiles('genuine', 'orc')].map(
      ({ name, bytes }) => examine(bytes, { name }).judgement.verdict,
    );
    expect(verdicts.every((verdict) => verdict === 'intact' || verdict === 'unproved')).toBe(true);
    expect(verdicts.filter((verdict) => verdict === 'intact').length).toBeGreaterThanOrEqual(15);
  });

  it.each([true, false])('calls a file of 500 rows intact (packed: %s)', (isPacked) => {
    expect(verdictOf(orcFile(500, isPacked))).toBe('intact');
  });

  it('calls one with 512 random bytes in its rows not safe', () => {
    const bytes = orcFile(800, true);
    bytes.set(randomBytes(512), 200);
    expect(['damaged', 'suspect', 'encrypted']).toContain(verdictOf(bytes));
  });

  it('notes a stripe that has other rows than its footer says', () => {
    const bytes = orcFile(500, false);
    const at = bytes.lastIndexOf(Buffer.from([5 * 8, 0xf4, 0x03]));
    bytes[at + 1] = 0xf5;
    const { evidence } = examine(bytes, { name: 'a.orc' });
    expect(evidence.ledger.observations).toContainEqual(
      expect.objectContaining({ kind: 'broken', what: 'values of a stream', expected: '501', actual: '500' }),
    );
  });

  it('reads the four kinds of runs of version 2, as the specification gives them', () => {
    const runs: [string, number, number][] = [
      ['0a2710', 5, 50000],
      ['5e035ca1ab1edeadbeef', 4, 173403],
      ['8e132b2107d01e0014702832 3c46505a646e78828c96a0aab4befce8'.replace(' ', ''), 20, 1039890],
      ['c609020222424246', 10, 129],
    ];
    for (const [hex, count, sum] of runs)
      expect(readIntegersV2(Buffer.from(hex, 'hex'), 0, false)).toMatchObject({ count, sum });
  });
});
