import { spawnSync } from 'node:child_process';
import { command } from './cli.ts';

/**
 * Runs a script in bash, where `unscathed` is the built command. Standard input is closed: bash takes Node's sockets for a
 * remote login, and would read the user's own settings first.
 */
export function shell(
  script: string,
  folder: string,
  variables: Readonly<Record<string, string>>,
): { readonly status: number | null; readonly output: string } {
  const start = `unscathed() { '${process.execPath}' '${command}' "$@"; }\n`;
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', start + script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, output: stdout + stderr };
}
