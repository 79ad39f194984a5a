import { describe, expect, it } from 'vitest';
import { planWork } from '../../src/scan/batches.ts';
import { Tally } from '../../src/scan/tally.ts';
import type { Work } from '../../src/scan/work.ts';
import type { FileEntry, WalkEntry } from '../../src/sources/folders/entry.ts';
import { fromText } from '../../src/sources/folders/path.ts';

function file(name: string, size: number, time = 1000): FileEntry {
  return { kind: 'file', path: fromText(name), size, mtimeMs: time, ctimeMs: time };
}

async function plan(entries: readonly WalkEntry[], since?: Date): Promise<Work[]> {
  async function* walked(): AsyncGenerator<readonly WalkEntry[]> {
    for (let at = 0; at < entries.length; at += 7) yield entries.slice(at, at + 7);
  }
  const work: Work[] = [];
  for await (const item of planWork(walked(), since, () => {})) work.push(item);
  return work;
}

function sizesOf(work: readonly Work[]): number[] {
  return work.flatMap((item) => (item.kind === 'batch' ? [item.files.length] : []));
}

describe('batches', () => {
  it('hold a few hundred small files', async () => {
    expect(sizesOf(await plan(Array.from({ length: 600 }, (_, i) => file(`f${i}`, 10))))).toEqual([
      256, 256, 88,
    ]);
  });

  it('hold fewer files where these are larger', async () => {
    expect(sizesOf(await plan(Array.from({ length: 8 }, (_, i) => file(`f${i}`, 3 << 20))))).toEqual([
      3, 3, 2,
    ]);
  });

  it('hold a huge file alone', async () => {
    expect(sizesOf(await plan([file('a', 1), file('huge', 2 ** 40), file('b', 1)]))).toEqual([1, 2]);
  });

  it('leave out what was not to be examined, and list it', async () => {
    const work = await plan(
      [{ kind: 'skipped', path: fromText('link'), why: 'symbolic link' }, file('old', 1, 5)],
      new Date(6),
    );
    expect(work).toHaveLength(1);
    expect(work[0]).toMatchObject({ kind: 'listed', skipped: 2, unread: 0 });
  });
});

describe('the tally', () => {
  it('knows the worst folders, however many there are', () => {
    const tally = new Tally();
    const add = (folder: string, files: number) =>
      tally.add({
        text: '',
        skipped: 0,
        unread: 0,
        examined: [
          {
            text: '',
            bytes: 0,
            counts: { encrypted: files },
            unsafe: [{ folder, verdict: 'encrypted', files }],
          },
        ],
      });
    add('worst', 1000);
    for (let i = 0; i < 20_000; i++) add(`folder-${i}`, 1);
    add('second', 500);
    expect(tally.worstFolders(2).map(({ folder }) => folder)).toEqual(['worst', 'second']);
    expect(tally.counts.encrypted).toBe(21_500);
  });
});
