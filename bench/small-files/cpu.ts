import { spawnSync } from 'node:child_process';

/** What a command cost, in seconds. */
export interface Cost {
  readonly wall: number;
  /** Of all its processes and threads, in user and system mode. */
  readonly cpu: number;
}

/** Runs a shell command to its end; the shell's `times` tells what its children used. @throws when it fails */
export function costOf(command: string): Cost {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${command}; code=$?; times; exit $code`], {
    encoding: 'utf8',
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  const children = stdout.trim().split('\n').at(-1)!;
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + Number(m) * 60 + Number(s),
    0,
  );
  return { wall, cpu };
}
