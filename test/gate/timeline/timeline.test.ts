import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PlanOptions, plan } from '../../../src/gate/restore/plan.ts';
import type { PlanLine } from '../../../src/gate/restore/plan-line.ts';
import type { History } from '../../../src/gate/timeline/history.ts';
import type { TimelineOptions } from '../../../src/gate/timeline/options.ts';
import { type Timeline, timeline } from '../../../src/gate/timeline/timeline.ts';
import { timelineLines } from '../../../src/gate/timeline/timeline-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { randomBytes } from '../../support/random.ts';
import { type Files, hit, honest, makeSnapshots } from '../../support/snapshots.ts';

async function compare(paths: string[], options: TimelineOptions = {}): Promise<Timeline> {
  const found = await timeline(paths, { workers: 1, ...options });
  onTestFinished(() => found.close());
  return found;
}

function timelineOf(snapshots: Files[], options: TimelineOptions = {}): Promise<Timeline> {
  return compare(makeSnapshots(temporaryFolder(), ...snapshots), options);
}

function historyOf(found: Timeline, path: string): History | undefined {
  return [...found.histories()].find((history) => history.path === path);
}

/** What each snapshot has, the newest first: `2:intact`. */
function versionsOf(found: Timeline, path: string): string[] | undefined {
  return historyOf(found, path)?.versions.map(({ snapshots, verdict }) => `${snapshots}:${verdict}`);
}

function choices(found: Timeline, options: PlanOptions = {}): Record<string, string> {
  const lines = [...plan(found, options)] as PlanLine[];
  return Object.fromEntries(
    lines.flatMap((line) => {
      if (line.type === 'restore') return [[line.path.text, `${line.snapshot}`]];
      return line.type === 'missing' || line.type === 'left' ? [[line.path.text, line.type]] : [];
    }),
  );
}

// Each starts workers, which takes seconds on a busy machine.
describe('timeline', { timeout: 120_000 }, () => {
  it('finds for each path its versions, when it was hit, and the last intact one', async () => {
    const text = honest(1);
    const found = await timelineOf([
      { 'a.txt': text, 'b/b.txt': honest(2), 'c.txt': honest(3) },
      { 'a.txt': '=', 'b/b.txt': honest(4), 'c.txt': '=' },
      { 'a.txt': hit(), 'b/b.txt': '=', 'c.txt': '=' },
      { 'a.txt': '=', 'b/b.txt': hit(), 'c.txt': '=' },
    ]);
    expect(versionsOf(found, 'a.txt')).toEqual(['2,3:encrypted', '0,1:intact']);
    expect(versionsOf(found, 'b/b.txt')).toEqual(['3:encrypted', '1,2:intact', '0:intact']);
    expect(versionsOf(found, 'c.txt')).toEqual(['0,1,2,3:intact']);
    expect(found.attack).toMatchObject({ snapshot: 2, by: 'first hit' });
    expect(found.cleanPoint).toBe(1);
    expect(choices(found)).toEqual({ 'a.txt': '1', 'b/b.txt': '2', 'c.txt': '3' });
    const lines = [...timelineLines(found)];
    expect(lines.find((line) => line.type === 'path' && line.path.text === 'a.txt')).toMatchObject({
      hit: 2,
      intact: 1,
    });
  });

  it('examines each distinct content once: one inode, or by hash where files are copies', async () => {
    const linked = await timelineOf([{ 'a.txt': honest(1) }, { 'a.txt': '=' }, { 'a.txt': '=' }]);
    expect(linked.effort).toMatchObject({ examined: 1, hashed: 0 });
    const copied = await timelineOf([{ 'a.txt': honest(1) }, { 'a.txt': honest(1) }, { 'a.txt': honest(1) }]);
    expect(copied.effort).toMatchObject({ examined: 1, hashed: 2 });
    expect(versionsOf(copied, 'a.txt')).toEqual(['0,1,2:intact']);
  });

  it('is not deceived by a file that was hit with size and time kept, unless times are to be trusted', async () => {
    const paths = makeSnapshots(temporaryFolder(), { 'a.txt': honest(1) }, { 'a.txt': honest(1) });
    const [before, after] = paths.map((path) => join(path, 'a.txt')) as [string, string];
    const { size } = statSync(before);
    writeFileSync(after, randomBytes(size));
    for (const path of [before, after]) utimesSync(path, 1_700_000_000, 1_700_000_000);
    expect(versionsOf(await compare(paths), 'a.txt')).toEqual(['1:encrypted', '0:intact']);
    expect(versionsOf(await compare(paths, { trust: 'times' }), 'a.txt')).toHaveLength(1);
  });

  it('follows a file that was hit, restored, and hit again', async () => {
    const found = await timelineOf([
      { 'a.txt': honest(1) },
      { 'a.txt': hit() },
      { 'a.txt': honest(2) },
      { 'a.txt': hit() },
    ]);
    expect(versionsOf(found, 'a.txt')).toEqual(['3:encrypted', '2:intact', '1:encrypted', '0:intact']);
    expect(choices(found)).toEqual({ 'a.txt': '2' });
  });

  it('takes what was renamed by the attack for a version of the original', async () => {
    const found = await timelineOf([
      { 'd/a.txt': honest(1), 'd/b.txt': honest(2) },
      { 'd/a.txt.locked': hit(), 'd/[id].b.txt': hit() },
    ]);
    expect(versionsOf(found, 'd/a.txt')).toEqual(['1:encrypted', '0:intact']);
    expect(found.paths).toBe(2);
    expect(choices(found)).toEqual({ 'd/a.txt': '0', 'd/b.txt': '0' });
  });

  it('restores what went with the attack, and leaves what its owner deleted before, unless asked for', async () => {
    const found = await timelineOf([
      { 'a.txt': honest(1), 'old.txt': honest(2), 'gone.txt': honest(3) },
      { 'a.txt': '=', 'gone.txt': '=' },
      { 'a.txt': hit() },
    ]);
    expect(choices(found)).toEqual({ 'a.txt': '1', 'gone.txt': '1', 'old.txt': 'left' });
    expect(choices(found, { deleted: true })['old.txt']).toBe('0');
    expect(choices(found, { attack: 1 })['old.txt']).toBe('0');
    expect(() => [...plan(found, { attack: 3 })]).toThrow('from 0 to 2');
  });

  it('lists what has no intact version, with the best there is, and never chooses what is encrypted', async () => {
    const found = await timelineOf(
      [{ 'a.txt': honest(1) }, { 'a.txt': '=', 'new.docx': hit() }, { 'a.txt': hit() }],
      {
        accept: ['intact', 'unproved', 'protected'],
      },
    );
    const missing = [...plan(found)].find((line) => line.type === 'missing');
    expect(missing).toMatchObject({
      path: { text: 'new.docx' },
      best: { snapshot: 1, verdict: 'encrypted' },
    });
    await expect(timelineOf([{}, {}], { accept: ['encrypted' as 'intact'] })).rejects.toThrow(
      "can't be accepted",
    );
  });

  it('accepts what nothing proves only as it was before the attack', async () => {
    const records = (seed: number) =>
      Buffer.from(Array.from({ length: 4096 }, (_, i) => ((i * seed) % 7) + (i % 4 === 0 ? 9 : 0)));
    const files = (seed: number, text: string | Buffer) => ({ 'r.dat': records(seed), 'a.txt': text });
    const found = await timelineOf([files(3, honest(1)), files(5, hit())], {
      accept: ['intact', 'unproved'],
    });
    expect(versionsOf(found, 'r.dat')).toEqual(['1:unproved', '0:unproved']);
    expect(choices(found)).toEqual({ 'a.txt': '0', 'r.dat': '0' });
  });

  it('stops at the first intact version with untilAccepted', async () => {
    const found = await timelineOf(
      [{ 'a.txt': honest(1) }, { 'a.txt': honest(22) }, { 'a.txt': honest(333) }],
      {
        untilAccepted: true,
      },
    );
    expect(versionsOf(found, 'a.txt')).toEqual(['2:intact', '1:null', '0:null']);
    expect(found.effort.examined).toBe(1);
  });

  it('counts nothing as gone in a snapshot that is empty, as one that is not mounted', async () => {
    const found = await timelineOf([{ 'a.txt': honest(1) }, {}, { 'a.txt': honest(1) }]);
    expect(found.counts[1]?.gone).toBe(0);
    expect(found.notices[0]).toMatchObject({ level: 'wrong' });
    expect(found.notices[0]?.text).toContain('is it mounted?');
    expect(historyOf(found, 'a.txt')?.unknown).toEqual([1]);
  });

  it.skipIf(process.getuid?.() === 0)(
    'says which folders could not be read, and counts nothing as gone there',
    async () => {
      const paths = makeSnapshots(
        temporaryFolder(),
        { 'd/a.txt': honest(1) },
        { 'd/a.txt': '=', 'b.txt': honest(2) },
      );
      chmodSync(join(paths[1]!, 'd'), 0);
      onTestFinished(() => chmodSync(join(paths[1]!, 'd'), 0o755));
      const found = await compare(paths);
      expect(found.notices[0]?.text).toContain('permission denied');
      expect(historyOf(found, 'd/a.txt')?.unknown).toEqual([1]);
    },
  );

  it('warns where snapshots begin at different folders', async () => {
    const found = await timelineOf([{ 'a.txt': honest(1) }, { 'srv/a.txt': honest(1) }]);
    expect(found.notices[0]?.text).toContain('do they begin at the same folder?');
  });

  it('brings names together that differ in case alone only if asked for, and none of one snapshot', async () => {
    const snapshots: Files[] = [{ 'A.txt': honest(1) }, { 'a.txt': hit() }];
    expect(choices(await timelineOf(snapshots))).toEqual({ 'A.txt': '0', 'a.txt': 'missing' });
    const folded = await timelineOf(snapshots, { foldCase: true });
    expect(choices(folded)).toEqual({ 'a.txt': '0' });
    expect([...plan(folded)][1]).toMatchObject({ source: { text: 'A.txt' } });
  });

  it('tells names of one snapshot that differ in case alone apart in any case', async () => {
    const both = await timelineOf([{ 'A.txt': honest(1), 'a.txt': honest(2) }, { 'a.txt': honest(2) }], {
      foldCase: true,
    });
    expect(both.paths).toBe(2);
  });

  it('does not restore a file and a folder of the same name: one is listed as missing', async () => {
    const found = await timelineOf([
      { a: honest(1), 'b.txt': honest(2) },
      { 'a/x.txt': honest(3), 'b.txt': hit() },
    ]);
    expect(choices(found)).toEqual({ 'a/x.txt': '1', 'b.txt': '0', a: 'missing' });
  });

  it('carries names through that are no text', async () => {
    const paths = makeSnapshots(temporaryFolder(), { x: honest(1) }, { x: honest(1) });
    for (const path of paths)
      writeFileSync(Buffer.concat([Buffer.from(`${path}/a\nb`), Buffer.of(0xff)]), honest(5));
    const found = await compare(paths);
    const raw = [...plan(found)].flatMap((line) => (line.type === 'restore' ? [line.path.raw] : []));
    expect(raw).toContain(Buffer.from([0x61, 0x0a, 0x62, 0xff]).toString('base64'));
  });

  it('leaves nothing behind, neither in the snapshots nor in the scratch folder', async () => {
    const folder = temporaryFolder();
    const paths = makeSnapshots(folder, { 'a.txt': honest(1) }, { 'a.txt': hit() });
    const scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    const before = paths.map((path) => statSync(join(path, 'a.txt')).ctimeMs);
    const found = await timeline(paths, { workers: 1, scratch });
    found.close();
    expect(paths.map((path) => statSync(join(path, 'a.txt')).ctimeMs)).toEqual(before);
    expect(readFileSync(join(dirname(scratch), '2026-03-01/a.txt'), 'utf8')).toBe(honest(1));
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('ends with the reason of its signal', async () => {
    const paths = makeSnapshots(temporaryFolder(), { 'a.txt': honest(1) }, { 'a.txt': hit() });
    await expect(timeline(paths, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });
});
