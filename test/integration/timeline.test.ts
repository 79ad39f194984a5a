import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { shell } from '../support/shell.ts';
import { hit, honest } from '../support/snapshots.ts';

const recipes = readFileSync(fileURLToPath(new URL('../../docs/recipes.md', import.meta.url)), 'utf8');

function has(...commands: string[]): boolean {
  return commands.every((name) => spawnSync('which', [name]).status === 0);
}

/** The block of the recipe, as it stands in the text. */
function recipe(name: string): string {
  return new RegExp(`^\`\`\`sh ${name}\\n([^]*?)^\`\`\``, 'm').exec(recipes)![1]!;
}

/** A share that is backed up, goes on, is backed up, is hit, and is backed up once more. */
function backedUp(
  init: string,
  backup: (day: number) => string,
  more: (folder: string) => Record<string, string>,
) {
  const folder = temporaryFolder();
  const share = join(folder, 'share');
  mkdirSync(join(share, 'd'), { recursive: true });
  const variables = { ...more(folder), SHARE: share };
  const step = (script: string) => expect(shell(script, folder, variables)).toMatchObject({ status: 0 });
  const put = (name: string, content: string | Buffer) => writeFileSync(join(share, name), content);
  put('a.txt', honest(1));
  put('d/b.txt', honest(2));
  put('d/c.txt', honest(3));
  step(init);
  step(backup(1));
  put('a.txt', honest(4));
  step(backup(2));
  put('a.txt', hit());
  put('d/b.txt', hit());
  renameSync(join(share, 'd/b.txt'), join(share, 'd/b.txt.locked'));
  step(backup(3));
  onTestFinished(() => {
    if (existsSync(join(folder, 'mnt'))) spawnSync('fusermount', ['-uqz', join(folder, 'mnt')]);
  });
  return { folder, variables };
}

function checkRestored(folder: string): void {
  const restored = join(folder, 'restored');
  expect(readFileSync(join(restored, 'a.txt'), 'utf8')).toBe(honest(4));
  expect(readFileSync(join(restored, 'd/b.txt'), 'utf8')).toBe(honest(2));
  expect(readFileSync(join(restored, 'd/c.txt'), 'utf8')).toBe(honest(3));
  expect(readdirSync(join(restored, 'd')).sort()).toEqual(['b.txt', 'c.txt']);
}

const canMount = existsSync('/dev/fuse') && has('fusermount', 'mountpoint');
const hasRestic = canMount && has('restic');
const hasBorg = canMount && has('borg');
if (!hasRestic) console.warn('restic or FUSE is missing: its recipe is not tried');
if (!hasBorg) console.warn('borg or FUSE is missing: its recipe is not tried');

describe('the recipes of docs/recipes.md', { timeout: 300_000 }, () => {
  it.skipIf(!hasRestic)('restores the last intact versions from a restic repository', () => {
    const { folder, variables } = backedUp(
      'restic init',
      () => 'sleep 1; restic backup --no-cache "$SHARE"',
      (at) => ({
        RESTIC_REPOSITORY: join(at, 'repository'),
        RESTIC_PASSWORD: 'a test',
        RESTIC_CACHE_DIR: join(at, 'cache'),
      }),
    );
    const { status, output } = shell(recipe('restic'), folder, variables);
    expect(output).toContain('the latest snapshot is held');
    expect({ status, output }).toMatchObject({ status: 0 });
    checkRestored(folder);
  });

  it.skipIf(!hasBorg)('restores the last intact versions from a borg repository', () => {
    const { folder, variables } = backedUp(
      'borg init -e repokey',
      (day) => `borg create ::share-2026-03-0${day} "$SHARE"`,
      (at) => ({
        BORG_REPO: join(at, 'repository'),
        BORG_PASSPHRASE: 'a test',
        BORG_BASE_DIR: join(at, 'base'),
      }),
    );
    const { status, output } = shell(recipe('borg'), folder, variables);
    expect({ status, output }).toMatchObject({ status: 0 });
    checkRestored(folder);
  });

  it.skipIf(!has('rsync'))(
    'restores from trees of rsync --link-dest, by the lists as well as by the plan',
    () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'live'));
      const live = (name: string, content: string | Buffer) => {
        rmSync(join(folder, 'live', name), { force: true });
        writeFileSync(join(folder, 'live', name), content);
      };
      const backup = (day: number) =>
        shell(`rsync -a --link-dest="$PWD/2026-03-0${day - 1}/" live/ 2026-03-0${day}/`, folder, {});
      live('a.txt', honest(1));
      live('b.txt', honest(2));
      backup(1);
      live('a.txt', hit());
      backup(2);
      const script = `unscathed timeline 2026-03-0* --plan plan --lists lists
      unscathed restore-plan apply plan --to restored
      for list in lists/*; do
        from=$(basename "$list" .list0); rsync -a --files-from="$list" --from0 "\${from#*-}/" copied/
      done
      diff -r restored copied`;
      expect(shell(script, folder, {})).toMatchObject({ status: 0 });
      expect(readFileSync(join(folder, 'restored/a.txt'), 'utf8')).toBe(honest(1));
      expect(readdirSync(join(folder, 'restored'))).toEqual(['a.txt', 'b.txt']);
    },
  );
});
