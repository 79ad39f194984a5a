import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestText } from '../support/honest.ts';
import { randomBytes } from '../support/random.ts';
import { shell } from '../support/shell.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const recipes = readFileSync(join(root, 'docs/recipes.md'), 'utf8');

/** The block of the recipe, as it stands in the text. */
const recipe = (name: string) =>
  new RegExp(`^\`\`\`sh ${name}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(recipes)![1]!;

function has(...tools: string[]): boolean {
  const missing = tools.filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (missing.length > 0) console.warn(`${missing.join(', ')} missing: recipes that need it are not tried`);
  return missing.length === 0;
}

/** A share with sound files, one of a strange name, and one that was hit. */
function hitShare() {
  const folder = temporaryFolder();
  const share = join(folder, 'share');
  mkdirSync(join(share, 'd'), { recursive: true });
  writeFileSync(join(share, 'a.txt'), honestText(60));
  writeFileSync(join(share, 'd', '#b two\nlines.txt'), honestText(80));
  writeFileSync(join(share, 'd', 'hit.docx'), randomBytes(40_000));
  return { folder, share };
}

/** Files below, wherever the backup program puts the share. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

const sound = ['#b two\nlines.txt', 'a.txt'];

describe('the recipes of the gate', { timeout: 300_000 }, () => {
  it.skipIf(!has('restic', 'tar'))(
    'restore from restic what was found safe in the stream of its dump',
    () => {
      const { folder, share } = hitShare();
      const variables = {
        RESTIC_REPOSITORY: join(folder, 'repository'),
        RESTIC_PASSWORD: 'x',
        SHARE: share,
        SNAPSHOT: 'latest',
      };
      const made = shell('restic init && restic backup --no-cache "$SHARE"', folder, variables);
      expect(made.status, made.output).toBe(0);
      const ran = shell(recipe('restic-tar'), folder, variables);
      expect(ran.status, ran.output).toBe(0);
      expect(ran.output).toMatch(/hold: 1 file is encrypted: \S*hit\.docx/);
      expect(filesIn(join(folder, 'restored'))).toEqual(sound);
      const file = shell(recipe('restic-file'), folder, variables);
      expect(file, file.output).toMatchObject({
        status: 0,
        output: expect.stringMatching(/^intact +a\.txt/),
      });
      const missing = shell(recipe('restic-file'), folder, { ...variables, SHARE: '/nowhere' });
      expect(missing.status, missing.output).not.toBe(0);
    },
  );

  it.skipIf(!has('borg', 'tar'))('restore from borg what was found safe in the stream of its archive', () => {
    const { folder, share } = hitShare();
    const variables = {
      BORG_REPO: join(folder, 'repository'),
      BORG_BASE_DIR: folder,
      ARCHIVE: 'one',
      SHARE: share,
    };
    const made = shell('borg init -e none && borg create ::one "$SHARE"', folder, variables);
    expect(made.status, made.output).toBe(0);
    const ran = shell(recipe('borg-tar'), folder, variables);
    expect(ran.status, ran.output).toBe(0);
    expect(ran.output).toMatch(/hold: 1 file is encrypted: \S*hit\.docx/);
    expect(filesIn(join(folder, 'restored'))).toEqual(sound);
  });

  it.skipIf(!has('rsync'))('copy with rsync what was found safe', () => {
    const { folder, share } = hitShare();
    const ran = shell(recipe('rsync'), folder, { BACKUP: share });
    expect(ran.status, ran.output).toBe(0);
    expect(filesIn(join(folder, 'restored'))).toEqual(sound);
  });

  it('compare with a known-good state, and keep results', () => {
    const { folder, share } = hitShare();
    const ran = shell(recipe('baseline'), folder, { BACKUP: share });
    expect(ran.status, ran.output).toBe(1);
    expect(ran.output).toContain('hit.docx');
    expect(existsSync(join(folder, 'results.cache'))).toBe(true);
  });

  it.skipIf(!has('jq'))('fail the step of a pipeline', () => {
    const { folder, share } = hitShare();
    const step = `'${join(root, 'examples/ci-gate.sh')}'`;
    const variables = { UNSCATHED: `${process.execPath} ${command}` };
    expect(shell(`${step} '${share}'`, folder, variables)).toEqual({
      status: 1,
      output: 'hold: 1 × file is encrypted\n',
    });
    expect(shell(`${step} '${share}/a.txt'`, folder, variables)).toEqual({ status: 0, output: 'pass: \n' });
    expect(shell(`${step} /nowhere`, folder, variables).status).toBe(2);
  });
});
