import { describe, expect, it } from 'vitest';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { Statistics } from '../../src/kernel/statistics.ts';
import { findRandomRuns, type RandomRun, type RunOptions } from '../../src/signs/random-runs.ts';
import { corpusFiles } from '../support/corpus.ts';
import { random, randomBytes, randomFill } from '../support/random.ts';

const text = (length: number) =>
  Buffer.alloc(
    length,
    'Four score and seven years ago our fathers brought forth, upon this continent, a new nation.\n',
  );

function findIn(
  bytes: Uint8Array,
  ranges = [{ start: 0, end: bytes.length }],
  options?: RunOptions,
): RandomRun[] {
  const statistics = new Statistics(bytes.length);
  statistics.observe(bytes, 0);
  return findRandomRuns(new Reader(new BufferSource(bytes)), ranges, statistics, options);
}

function overwrite(bytes: Uint8Array, at: number, length: number): Uint8Array {
  const attacked = Uint8Array.from(bytes);
  randomFill(attacked, at, length);
  return attacked;
}

function expectRun({ start, end }: RandomRun, from: number, to: number, within: number, name = ''): void {
  expect(Math.abs(start - from), name).toBeLessThanOrEqual(within);
  expect(Math.abs(end - to), name).toBeLessThanOrEqual(within);
}

describe('random runs', () => {
  it('are none in genuine plain files', () => {
    for (const { name, bytes } of corpusFiles(
      'genuine',
      'csv',
      'json',
      'html',
      'xml',
      'evtx',
      'bmp',
      'wav',
      'elf',
    )) {
      expect(findIn(bytes), name).toEqual([]);
    }
  });

  it('are found with their edges at any place of genuine text', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'csv', 'json', 'html', 'evtx')) {
      if (bytes.length < 12_000) continue;
      const at = 1001 + (bytes.length % 5003);
      const runs = findIn(overwrite(bytes, at, 2500));
      expect(runs.length, name).toBe(1);
      expectRun(runs[0]!, at, at + 2500, 16, name);
    }
  });

  it('are found from 256 bytes on', () => {
    let found = 0;
    for (let round = 0; round < 100; round++) {
      const at = 100 + round * 331;
      const [run] = findIn(overwrite(text(50_000), at, 256));
      if (run === undefined) continue;
      found++;
      expectRun(run, at, at + 256, 16);
    }
    // Each run passes three tests at 2·10⁻⁴.
    expect(found).toBeGreaterThanOrEqual(98);
  });

  it('are found at the end of the file from 68 bytes on: a trailer', () => {
    const [run] = findIn(Buffer.concat([text(9000), randomBytes(68)]));
    expectRun(run!, 9000, 9068, 8);
  });

  it('are found one by one in stripes of 666 bytes', () => {
    const bytes = text(40 * 1332);
    for (let at = 0; at < bytes.length; at += 1332) randomFill(bytes, at, 666);
    const runs = findIn(bytes);
    expect(runs.length).toBeGreaterThanOrEqual(39);
    expectRun(
      runs[5]!,
      1332 * Math.round(runs[5]!.start / 1332),
      1332 * Math.round(runs[5]!.start / 1332) + 666,
      16,
    );
  });

  it('are one for a file that is random throughout', () => {
    const runs = findIn(randomBytes(3_000_000));
    expect(runs.length).toBe(1);
    expectRun(runs[0]!, 0, 3_000_000, 16);
  });

  it('are one where all but a plain header is random', () => {
    const runs = findIn(Buffer.concat([text(4096), randomBytes(500_000)]));
    expect(runs.length).toBe(1);
    expectRun(runs[0]!, 4096, 504_096, 16);
  });

  it('are parted from plain bytes of another kind beside them', () => {
    const bytes = Buffer.concat([
      new Uint8Array(40_000),
      text(700),
      randomBytes(3000),
      new Uint8Array(40_000),
    ]);
    expectRun(findIn(bytes)[0]!, 40_700, 43_700, 16);
  });

  it('are looked for inside the given ranges only', () => {
    const bytes = overwrite(text(60_000), 20_000, 20_000);
    const runs = findIn(bytes, [
      { start: 0, end: 10_000 },
      { start: 25_000, end: 60_000 },
    ]);
    expect(runs.length).toBe(1);
    expectRun(runs[0]!, 25_000, 40_000, 16);
  });

  it('are found by the block statistics where there is too much to sweep', () => {
    const bytes = overwrite(text(1 << 20), 500_001, 30_000);
    const runs = findIn(bytes, undefined, { thorough: 1000 });
    expect(runs.length).toBe(1);
    expectRun(runs[0]!, 500_001, 530_001, 16);
  });

  it('are no more than asked for', () => {
    const bytes = text(100_000);
    for (let at = 0; at < bytes.length; at += 2000) randomFill(bytes, at, 500);
    expect(findIn(bytes, undefined, { most: 7 }).length).toBe(7);
  });

  it('are not what is too even for chance', () => {
    const bytes = Buffer.concat([
      text(30_000),
      Uint8Array.from({ length: 8192 }, (_, i) => i * 7),
      text(30_000),
    ]);
    expect(findIn(bytes)).toEqual([]);
  });

  it('hold to the stated false alarms in random text', () => {
    const words =
      'the of and to in is that for it as was with be by on not he his but at are this have from or'.split(
        ' ',
      );
    let runs = 0;
    for (let round = 0; round < 40; round++) {
      const bytes = Buffer.from(
        Array.from({ length: 10_000 }, () => words[Math.floor(random() * words.length)]).join(' '),
      );
      runs += findIn(bytes).length;
    }
    expect(runs).toBe(0);
  });
});
