import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { randomBytes } from '../../support/random.ts';
import { sasFile, sasXportFile } from '../../support/sas-file.ts';

const verdictOf = (bytes: Uint8Array, name: string) => examine(bytes, { name }).judgement.verdict;

describe('files of statistics packages', () => {
  it.skipIf(!hasCorpus).each(['sas7bdat', 'dta', 'xpt'])('calls real files intact (%s)', (type) => {
    const verdicts = [...corpusFiles('genuine', type)].map(({ name, bytes }) => verdictOf(bytes, name));
    expect([...new Set(verdicts)]).toEqual(['intact']);
  });

  it('calls a SAS data set intact, whose pages leave room', () => {
    expect(verdictOf(sasFile(80), 'stones.sas7bdat')).toBe('intact');
  });

  it('calls it safe no more with 1 KiB of random bytes over its rows', () => {
    const bytes = sasFile(80);
    bytes.set(randomBytes(1024), 5400);
    expect(['intact', 'protected']).not.toContain(verdictOf(bytes, 'stones.sas7bdat'));
  });

  it('calls one damaged whose subheader lies outside of its page', () => {
    const bytes = sasFile(80);
    bytes.writeUInt32LE(5000, 1024 + 24);
    expect(verdictOf(bytes, 'stones.sas7bdat')).toBe('damaged');
  });

  it('calls a transport file intact, and damaged with a header card overwritten', () => {
    const bytes = sasXportFile();
    expect(verdictOf(bytes, 'stones.xpt')).toBe('intact');
    bytes.fill(0x80, 270, 300);
    expect(verdictOf(bytes, 'stones.xpt')).toBe('damaged');
  });

  it.skipIf(!hasCorpus)('calls a Stata dataset damaged where its rows are cut short', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'dta'))
      expect(verdictOf(bytes.subarray(0, bytes.length - 600), name)).not.toBe('intact');
  });
});
