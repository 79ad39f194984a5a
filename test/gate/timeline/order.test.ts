import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { momentIn } from '../../../src/gate/timeline/moment.ts';
import { type Order, putInOrder } from '../../../src/gate/timeline/order.ts';
import { findSnapshots, type Notice } from '../../../src/gate/timeline/snapshot.ts';
import { temporaryFolder } from '../../support/folder.ts';

function folders(...names: string[]): string[] {
  const root = temporaryFolder();
  return names.map((name) => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  });
}

async function ordered(paths: string[], order: Order = 'auto') {
  const notices: Notice[] = [];
  const { snapshots, by } = putInOrder(await findSnapshots(paths, notices), order, notices);
  return { labels: snapshots.map(({ label }) => label), by, notices: notices.map(({ text }) => text) };
}

describe('momentIn', () => {
  it.each([
    ['2026-03-01T10:00:00+01:00', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01T10:00:00.123456789Z', '2026-03-01T10:00:00.000Z'],
    ['20260301-101500', '2026-03-01T10:15:00.000Z'],
    ['@GMT-2026.03.01-10.00.00', '2026-03-01T10:00:00.000Z'],
    ['zfs-auto-snap_daily-2026-03-01-0425', '2026-03-01T04:25:00.000Z'],
    ['autosnap_2026-03-01_00:00:01_daily', '2026-03-01T00:00:01.000Z'],
    ['backup.2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['host-1767225600', '2026-01-01T00:00:00.000Z'],
  ])('reads %s', (name, moment) => {
    expect(new Date(momentIn(name)!).toISOString()).toBe(moment);
  });

  it.each(['daily.0', '2026-02-31', 'HarddiskVolumeShadowCopy12', '1234567', ''])(
    'reads none in "%s"',
    (name) => {
      expect(momentIn(name)).toBeNull();
    },
  );
});

describe('putInOrder', () => {
  it('goes by the dates in names, whatever the order given', async () => {
    const paths = folders('b-2026-03-02', 'a-2026-03-10', 'c-2026-02-28');
    expect((await ordered(paths)).labels).toEqual(['c-2026-02-28', 'b-2026-03-02', 'a-2026-03-10']);
  });

  it('takes the part in which paths differ for the name, so that it finds the date of a mount above the root', async () => {
    const paths = folders('2026-03-02T00:00:00Z/srv/share', '2026-03-01T00:00:00Z/srv/share');
    expect((await ordered(paths)).labels).toEqual(['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z']);
  });

  it('counts the numbers of rsnapshot backwards, and weeks after days', async () => {
    const paths = folders('daily.0', 'daily.1', 'weekly.0', 'hourly.3');
    const { labels, by } = await ordered(paths);
    expect(labels).toEqual(['weekly.0', 'daily.1', 'daily.0', 'hourly.3']);
    expect(by).toContain('backwards');
  });

  it('reads the dates of snapper from info.xml', async () => {
    const root = temporaryFolder();
    for (const [number, date] of [
      ['9', '2026-03-02'],
      ['10', '2026-03-01'],
    ]) {
      mkdirSync(join(root, number!, 'snapshot'), { recursive: true });
      writeFileSync(join(root, number!, 'info.xml'), `<snapshot><date>${date} 10:00:00</date></snapshot>`);
    }
    const paths = [join(root, '9'), join(root, '10', 'snapshot')];
    const { labels, by } = await ordered(paths);
    expect(labels).toEqual(['10', '9']);
    expect(by).toContain('info.xml');
  });

  it('counts up where names hold nothing but a number', async () => {
    const paths = folders('HarddiskVolumeShadowCopy10', 'HarddiskVolumeShadowCopy9');
    expect((await ordered(paths)).labels).toEqual([
      'HarddiskVolumeShadowCopy9',
      'HarddiskVolumeShadowCopy10',
    ]);
  });

  it('stays with the order given where names tell no time, and says so', async () => {
    const { labels, by } = await ordered(folders('before', 'after'));
    expect(labels).toEqual(['before', 'after']);
    expect(by).toContain('given');
  });

  it('warns when the order given goes backwards in time', async () => {
    const { labels, notices } = await ordered(folders('2026-03-02', '2026-03-01'), 'given');
    expect(labels).toEqual(['2026-03-02', '2026-03-01']);
    expect(notices[0]).toContain('backwards from 2026-03-02 to 2026-03-01');
  });

  it('goes by the times of folders with --order time', async () => {
    const [a, b] = folders('one', 'two') as [string, string];
    utimesSync(a, 2000, 2000);
    utimesSync(b, 1000, 1000);
    expect((await ordered([a, b], 'time')).labels).toEqual(['two', 'one']);
  });

  it('warns when two have the same time', async () => {
    const { notices } = await ordered(folders('a-2026-03-01', 'b-2026-03-01'));
    expect(notices[0]).toContain('have the same time');
  });
});

describe('findSnapshots', () => {
  it('leaves a link "latest" out, and says so', async () => {
    const paths = folders('2026-03-01', '2026-03-02');
    const latest = join(paths[0]!, '..', 'latest');
    symlinkSync('2026-03-02', latest);
    const notices: Notice[] = [];
    expect(await findSnapshots([...paths, latest], notices)).toHaveLength(2);
    expect(notices[0]?.text).toContain('1 of the folders were given twice');
  });

  it('refuses a snapshot that lies in another one', async () => {
    const paths = folders('2026-03-01', '2026-03-01/2026-03-02');
    await expect(findSnapshots(paths, [])).rejects.toThrow(
      /lies in .*2026-03-01: a snapshot can't hold another/,
    );
  });

  it('refuses a single snapshot, a file, and one that is missing', async () => {
    const [one, two] = folders('1', '2') as [string, string];
    writeFileSync(join(two, 'file'), 'text');
    await expect(findSnapshots([one], [])).rejects.toThrow('two snapshots or more');
    await expect(findSnapshots([one, join(two, 'file')], [])).rejects.toThrow('is no folder');
    await expect(findSnapshots([one, join(two, 'gone')], [])).rejects.toThrow('no such file or folder');
  });
});
