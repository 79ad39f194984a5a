import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import type { Format } from '../../../src/formats/format.ts';
import { formats } from '../../../src/formats/table.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { overwrite } from '../../support/overwrites.ts';
import { verifyAlone } from '../../support/verify.ts';

/** Types of the corpus, by the format that they are. */
const types: Readonly<Record<string, readonly string[]>> = {
  xz: ['xz', 'txz', 'tar.xz'],
  lzma: ['lzma', 'tar.lzma'],
  lzip: ['lz', 'tar.lz', 'tlz'],
  bzip2: ['bz2', 'tbz', 'tar.bz2'],
  zstd: ['zst', 'tzst', 'tar.zst'],
  lz4: ['lz4', 'tar.lz4'],
  lzop: ['lzo', 'tar.lzo'],
  compress: ['z', 'tar.z'],
  'snappy-framed': ['sz'],
  brotli: ['br'],
  '7z': ['7z'],
};

function formatOf(id: string): Format {
  return formats.find((format) => format.id === id)!;
}

const contradictions = ['broken', 'truncated'];

describe.skipIf(!hasCorpus)('genuine packed files', () => {
  it.each(Object.keys(types))('of %s decode without contradiction', (id) => {
    for (const { name, bytes } of corpusFiles('genuine', ...types[id]!)) {
      const ledger = verifyAlone(formatOf(id), bytes);
      const found = ledger.observations.filter(({ kind }) => contradictions.includes(kind));
      expect(found, name).toEqual([]);
    }
  });

  it('of types with a checksum are proved to the last byte, but for a few of their headers', () => {
    for (const id of ['xz', 'bzip2', 'lzip']) {
      for (const { name, bytes } of corpusFiles('genuine', ...types[id]!)) {
        const ledger = verifyAlone(formatOf(id), bytes);
        const totals = ledger.totals();
        if (ledger.observations.some(({ kind }) => kind === 'trailing') || /random|none/.test(name)) continue;
        expect(totals.unaccounted + totals.coded, name).toBeLessThanOrEqual(2);
      }
    }
  });
});

describe.skipIf(!hasCorpus)('7-Zip archives that their owner encrypted', () => {
  it('are protected, with the scheme', () => {
    for (const { name, bytes } of corpusFiles('protected', '7z')) {
      const { judgement, evidence } = examine(bytes, { name });
      expect(judgement.verdict, name).toBe('protected');
      const schemes = evidence.ledger.observations.flatMap((one) =>
        one.kind === 'protected' ? [one.scheme] : [],
      );
      expect(new Set(schemes), name).toEqual(new Set(['7z AES-256']));
    }
  });
});

describe.skipIf(!hasCorpus)('malformed packed files', () => {
  it('end within the budget, and none is called encrypted', () => {
    for (const { name, bytes } of corpusFiles('malformed', ...Object.values(types).flat())) {
      const { judgement } = examine(bytes, { name, budget: { milliseconds: 10_000 } });
      expect(judgement.verdict, name).not.toBe('encrypted');
    }
  }, 60_000);
});

/** One file of each, with the types of the corpus that it stands in. */
const summed: readonly (readonly [string, string, string])[] = [
  ['xz', 'xz', 'check-crc64.xz'],
  ['xz', 'xz', 'check-none.xz'],
  ['lzma', 'lzma', 'alone.lzma'],
  ['lzip', 'lz', 'multi.lz'],
  ['bzip2', 'bz2', 'l9.bz2'],
  ['zstd', 'zst', 'l3.zst'],
  ['lz4', 'lz4', 'l1.lz4'],
  ['7z', '7z', 'm-LZMA2.7z'],
];

describe.skipIf(!hasCorpus)('random overwrites', () => {
  it.each(summed)(
    'of %s (%s/%s) are noticed at every length',
    (id, type, wanted) => {
      const file = [...corpusFiles('genuine', type)].find(({ name }) => name === wanted)!;
      for (const length of [1, 16, 64, 512]) {
        const tally = overwrite(formatOf(id), file.bytes, length, 100);
        // One byte in 256 is the one that stood there before.
        expect(tally.missed, `${length} bytes`).toBeLessThanOrEqual(length === 1 ? 3 : 0);
        expect(tally.noticed + tally.open, `${length} bytes`).toBeGreaterThanOrEqual(tally.overwrites - 3);
      }
    },
    60_000,
  );

  it.each([
    ['zstd', 'zst', 'nocheck.zst'],
    ['lz4', 'lz4', 'nocrc.lz4'],
    ['brotli', 'br', 'q5.br'],
    ['lzop', 'lzo', 'nosum.lzo'],
    ['compress', 'z', 'text.Z'],
  ])(
    'of %s without a checksum (%s/%s) are never missed by a claim that promised to notice',
    (id, type, wanted) => {
      const file = [...corpusFiles('genuine', type)].find(({ name }) => name === wanted)!;
      for (const length of [1, 64, 512]) {
        expect(overwrite(formatOf(id), file.bytes, length, 100).missed, `${length} bytes`).toBe(0);
      }
    },
  );
});
