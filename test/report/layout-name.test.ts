import { describe, expect, it } from 'vitest';
import { layoutName } from '../../src/report/layout-name.ts';
import { summarise } from '../../src/report/summary.ts';

const MIB = 2 ** 20;
const shape = { fit: 1, trailer: 0 } as const;

describe('the name of a layout', () => {
  it('is the same for files of any size where lengths are fixed', () => {
    const scheme = { kind: 'stripes', length: MIB, period: 10 * MIB, first: 0, ...shape } as const;
    expect(layoutName(scheme, 40 * MIB)).toEqual(layoutName(scheme, 33_000_001));
    expect(layoutName(scheme, 40 * MIB).text).toBe('1.0 MiB of every 10.0 MiB');
  });

  it('tells lengths that are a share of the file as that', () => {
    const sizes = [5_000_017, 9_437_187];
    const heads = sizes.map(
      (size) =>
        layoutName({ kind: 'head', length: Math.floor(size / 10), ...shape, trailer: 68 }, size + 68).text,
    );
    expect(new Set(heads)).toEqual(new Set(['the first 10 % of the file']));
    const size = 15_000_001;
    const thirds = { kind: 'stripes', length: MIB, period: 5_000_000, first: 0, ...shape } as const;
    expect(layoutName({ ...thirds, period: Math.floor(size / 3) }, size).text).toBe(
      '1.0 MiB of every 4.8 MiB',
    );
    const odd = 15_000_100;
    expect(layoutName({ ...thirds, period: Math.floor(odd / 3) }, odd).text).toBe(
      '1.0 MiB of every 1/3 of the file',
    );
  });

  it('leaves trailers out', () => {
    expect(layoutName({ kind: 'full', fit: 1, trailer: 534 }, 9000).text).toBe('the whole file');
  });
});

describe('the summary of a scan', () => {
  it('says how many files were encrypted in which layout', () => {
    const counts = {
      encrypted: 9,
      damaged: 0,
      suspect: 0,
      unread: 0,
      unproved: 0,
      protected: 0,
      intact: 0,
    };
    const layouts = Array.from({ length: 7 }, (_, i) => ({
      kind: 'head' as const,
      text: `the first ${i} bytes`,
      files: 7 - i,
    }));
    const totals = { files: 9, bytes: 1, counts, skipped: 0, unread: 0, milliseconds: 1, interrupted: false };
    const rows = summarise({ ...totals, worstFolders: [], layouts }, (text) => text);
    expect(rows).toContain('what of the encrypted files is encrypted:');
    expect(rows).toContain('         7  the first 0 bytes');
    expect(rows.at(-1)).toBe('         3  otherwise');
  });
});
