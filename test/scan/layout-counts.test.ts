import { describe, expect, it } from 'vitest';
import { LayoutCounts } from '../../src/scan/layout-counts.ts';

describe('the layouts of a scan', () => {
  it('are counted for encrypted files alone, those with most files first', () => {
    const counts = new LayoutCounts();
    const scheme = { kind: 'head', length: 4096, fit: 1, trailer: 0 } as const;
    counts.addFile({ verdict: 'encrypted', scheme: { kind: 'full', fit: 1, trailer: 0 }, size: 900 });
    counts.addFile({ verdict: 'encrypted', scheme, size: 9000 });
    counts.addFile({ verdict: 'encrypted', scheme, size: 90_000 });
    counts.addFile({ verdict: 'encrypted', scheme: null, size: 90_000 });
    counts.addFile({ verdict: 'suspect', scheme, size: 90_000 });
    expect(counts.top(1)).toEqual({
      layouts: [{ kind: 'head', text: 'the first 4.0 KiB', files: 2 }],
      others: 1,
    });
  });

  it('take bounded memory: the rare ones are counted as others', () => {
    const counts = new LayoutCounts();
    for (let i = 0; i < 5000; i++) counts.add({ kind: 'head', text: `${i}`, files: i < 3 ? 10 : 1 });
    const { layouts, others } = counts.top(3);
    expect(layouts.map(({ files }) => files)).toEqual([10, 10, 10]);
    expect(others).toBe(4997);
    expect(counts.ranked().length).toBeLessThanOrEqual(1024);
  });
});
