import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The built command that is measured; `UNSCATHED_CLI` names another one. */
export const cli = process.env.UNSCATHED_CLI ?? join(process.env.BENCH_ROOT ?? '.', 'dist/cli.js');

/** A scan as a line for the shell, which fails only where the scan itself did: verdicts are no failure. */
export function scanCommand(paths: readonly string[], report: string, options = ''): string {
  return `{ '${process.execPath}' '${cli}' scan ${paths.map(quote).join(' ')} -q -o ${quote(report)} ${options}; [ $? -le 1 ]; }`;
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** `--name value` of the bench's arguments, else what is given. */
export function numberOption(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? otherwise : Number(process.argv[at + 1]);
}

export function textOption(name: string): string | null {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? null : (process.argv[at + 1] ?? null);
}
