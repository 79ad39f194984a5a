import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusRoot } from '../../support/corpus.ts';

const script = join(corpusRoot, 'odd/make-odd.sh');

export const canMakeOddTree = process.platform === 'linux' && existsSync(script);
if (!canMakeOddTree) console.warn('the script for odd names is not here: tests with it are skipped');

/** A folder that everybody may enter, for tests that look at it as another user. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unscathed-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** A tree of odd names and nodes. */
export function makeOddTree(): string {
  const folder = join(makeFolder(), 'odd');
  mkdirSync(folder);
  execFileSync('bash', [script, folder], { stdio: 'ignore' });
  return folder;
}

/** Also what lies beyond the longest path that a system call takes. */
export function removeTree(folder: string): void {
  if (process.platform === 'win32') rmSync(folder, { recursive: true, force: true });
  else execFileSync('rm', ['-rf', '--', folder]);
}

/** What `find` prints, as sorted hexadecimal paths. */
export function find(...args: string[]): string[] {
  const out = execFileSync('find', [...args, '-print0'], { maxBuffer: 2 ** 28 });
  const paths: string[] = [];
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(0, at);
    paths.push(out.toString('latin1', at, end));
    at = end + 1;
  }
  return paths.sort();
}
