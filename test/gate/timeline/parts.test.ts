import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAttack, poissonTail } from '../../../src/gate/timeline/attack.ts';
import { Census } from '../../../src/gate/timeline/census.ts';
import { ExternalSort } from '../../../src/gate/timeline/external-sort.ts';
import type { History, Version } from '../../../src/gate/timeline/history.ts';
import { identityOf } from '../../../src/gate/timeline/identity.ts';
import { toKey } from '../../../src/gate/timeline/name-key.ts';
import { joinRenamed } from '../../../src/gate/timeline/renames.ts';
import type { Snapshot } from '../../../src/gate/timeline/snapshot.ts';
import type { Path } from '../../../src/sources/folders/path.ts';
import { temporaryFolder } from '../../support/folder.ts';

function version(snapshots: number[], verdict: Version['verdict'], path: string, size = 1000): Version {
  const sha256 = `${path}${verdict}${snapshots}`;
  return { snapshots, path: path as Path, size, modified: 0, verdict, sha256, reason: null, proved: 0 };
}

function history(path: string, ...versions: Version[]): History {
  return { path: path as Path, versions, unknown: [] };
}

describe('ExternalSort', () => {
  it('gives all rows in order, though hardly any fit into memory', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.nat())), (rows) => {
        const compare = (a: [string, number], b: [string, number]) =>
          a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1];
        const sorter = new ExternalSort<[string, number]>(temporaryFolder(), compare, 3);
        for (const row of rows) sorter.add(row);
        expect([...sorter.sorted()]).toEqual(rows.toSorted(compare));
      }),
      { numRuns: 40 },
    );
  });

  it('merges its files when there are many', () => {
    const sorter = new ExternalSort<[number]>(temporaryFolder(), (a, b) => a[0] - b[0], 2);
    const rows = Array.from({ length: 999 }, (_, i): [number] => [(i * 7919) % 999]);
    for (const row of rows) sorter.add(row);
    expect([...sorter.sorted()].map(([row]) => row)).toEqual(Array.from({ length: 999 }, (_, i) => i));
  });

  it('keeps bytes of names that are no text', () => {
    const sorter = new ExternalSort<[string]>(temporaryFolder(), (a, b) => (a[0] < b[0] ? -1 : 1), 1);
    for (const name of ['b\udcff', 'a\udc0a']) sorter.add([name]);
    expect([...sorter.sorted()]).toEqual([['a\udc0a'], ['b\udcff']]);
  });
});

describe('toKey', () => {
  it('brings the files of a folder together, after what is in its folders', () => {
    const paths = ['a/z', 'a/b/c', 'a.x', 'a/b', 'a/y', 'b/a'] as Path[];
    const sorted = paths.toSorted((a, b) => (toKey(a, false) < toKey(b, false) ? -1 : 1));
    expect(sorted).toEqual(['a/b/c', 'a/b', 'a/y', 'a/z', 'b/a', 'a.x']);
  });

  it('takes names that differ in case or in encoding of accents for the same only if asked for', () => {
    expect(toKey('A/É.txt' as Path, true)).toBe(toKey('a/e\u0301.TXT' as Path, true));
    expect(toKey('A' as Path, false)).not.toBe(toKey('a' as Path, false));
  });
});

describe('identityOf', () => {
  const stats = { dev: 5n, ino: 7n, size: 10n, mtimeNs: 1n, ctimeNs: 2n } as never;
  const on = (fileSystem: number, device = 5n) => ({ fileSystem, device }) as Snapshot;

  it('trusts inodes of local file systems, and of no others', () => {
    expect(identityOf(stats, on(0xef53), 'inodes')).not.toBe('');
    expect(identityOf(stats, on(0x65735546), 'inodes')).toBe('');
    expect(identityOf(stats, on(0xef53, 6n), 'inodes')).toBe('');
    expect(identityOf(stats, on(0xef53), 'nothing')).toBe('');
  });

  it('knows an inode in two snapshots of btrfs, which have device numbers of their own', () => {
    const other = { ...(stats as object), dev: 6n } as never;
    expect(identityOf(stats, on(0x9123683e), 'inodes')).toBe(identityOf(other, on(0x9123683e, 6n), 'inodes'));
    expect(identityOf(stats, on(0xef53), 'inodes')).not.toBe(identityOf(other, on(0xef53, 6n), 'inodes'));
  });

  it('tells a file with its time set back from the one before by the time of change', () => {
    const forged = { ...(stats as object), ctimeNs: 3n } as never;
    expect(identityOf(stats, on(0x9123683e), 'inodes')).not.toBe(
      identityOf(forged, on(0x9123683e), 'inodes'),
    );
    expect(identityOf(stats, on(0x9123683e), 'times')).toBe(identityOf(forged, on(0x9123683e), 'times'));
  });
});

describe('joinRenamed', () => {
  const before = version([0, 1], 'intact', 'a.docx');

  it.each(['a.docx.locked', 'a.docx.id[7F].[x@y.z].phobos', '[A1B2].a.docx', 'Lock.a.docx'])(
    'takes %s for a hit version of a.docx that is gone',
    (name) => {
      const joined = joinRenamed([
        history('a.docx', before),
        history(name, version([2], 'encrypted', name, 1500)),
      ]);
      expect(joined).toHaveLength(1);
      expect(joined[0]?.versions[0]).toMatchObject({ path: name, renamed: true, snapshots: [2] });
    },
  );

  it('leaves alone what is intact, of another size, there from the beginning, or beside the original', () => {
    const alone = (versionBefore: Version, name: string, other: Version) =>
      joinRenamed([history('a.docx', versionBefore), history(name, other)]).length;
    expect(alone(before, 'a.docx.gz', version([2], 'intact', 'a.docx.gz'))).toBe(2);
    expect(alone(before, 'a.docx.x', version([2], 'encrypted', 'a.docx.x', 900_000))).toBe(2);
    expect(alone(before, 'a.docx.x', version([0, 2], 'encrypted', 'a.docx.x'))).toBe(2);
    const still = version([0, 1, 2, 3], 'intact', 'a.docx');
    expect(alone(still, 'a.docx.x', version([2, 3], 'encrypted', 'a.docx.x'))).toBe(2);
  });

  it('joins what was renamed and nothing else', () => {
    const same = { ...version([2], 'intact', 'a.docx.locked'), sha256: before.sha256 };
    expect(joinRenamed([history('a.docx', before), history('a.docx.locked', same)])).toHaveLength(1);
  });
});

describe('Census and findAttack', () => {
  function countsOf(days: number[], files: number) {
    const census = new Census(days.length + 1);
    const all = days.flatMap((hits, day) => Array.from({ length: hits }, () => day + 1));
    for (let i = 0; i < files; i++) {
      const day = all[i];
      const to = (from: number, until: number) => Array.from({ length: until - from }, (_, k) => from + k);
      const good = version(to(0, day ?? days.length + 1), 'intact', `f${i}`);
      const bad = day === undefined ? [] : [version(to(day, days.length + 1), 'encrypted', `f${i}`)];
      census.add(history(`f${i}`, ...bad, good));
    }
    return census.counts;
  }

  it('finds the jump, not the single files before it', () => {
    const days = [1, 0, 2, 1, 200, 150, 0];
    const attack = findAttack(countsOf(days, 5000), [0, ...days]);
    expect(attack).toMatchObject({ snapshot: 5, by: 'jump', newlyHit: 200 });
    expect(attack?.chance).toBeLessThan(1e-6);
  });

  it('names the first hit where there is no jump, and nothing where there is no hit', () => {
    expect(findAttack(countsOf([0, 2, 0], 5000), [0, 0, 2, 0])).toMatchObject({
      snapshot: 2,
      by: 'first hit',
    });
    expect(findAttack(countsOf([0, 0], 100), [0, 0, 0])).toBeNull();
  });

  it('counts what was hit until it is good again, and what recovers', () => {
    const census = new Census(4);
    census.add(
      history(
        'f',
        version([3], 'intact', 'f'),
        version([1, 2], 'encrypted', 'f'),
        version([0], 'intact', 'f'),
      ),
    );
    expect(census.counts.map(({ hit, newlyHit, recovered }) => [hit, newlyHit, recovered])).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  it('agrees with tails that are known', () => {
    expect(poissonTail(0, 3)).toBe(1);
    expect(poissonTail(1, 1)).toBeCloseTo(1 - Math.exp(-1), 10);
    expect(poissonTail(10, 1)).toBeCloseTo(1.1142547833872e-7, 12);
    expect(poissonTail(100, 100)).toBeCloseTo(0.5133, 3);
    expect(poissonTail(5000, 1)).toBe(0);
  });
});
