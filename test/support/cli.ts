import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built command; `npm test` builds it first. */
export const command = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(command)) throw new Error(`${command} is missing: run "npm run build" first`);

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. */
export function run(...parameters: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...parameters], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/** Runs a line of shell in which `$UNSCATHED` is the built command. */
export function runShell(line: string, folder: string): Ran {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, UNSCATHED: `${process.execPath} ${command}` },
  });
  return { code: status, stdout, stderr };
}

/** Starts the built command, to be signalled while it runs. */
export function start(...parameters: string[]): ReturnType<typeof spawn> {
  return spawn(process.execPath, [command, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
}
