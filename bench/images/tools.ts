import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Which of these programs aren't installed. */
export function missingTools(names: readonly string[]): string[] {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  return names.filter((name) => !path.split(':').some((folder) => existsSync(`${folder}/${name}`)));
}

/** Where large data go: a folder in memory, if there is one. `UNSCATHED_SCRATCH` names another. */
export function scratchRoot(): string {
  return process.env.UNSCATHED_SCRATCH ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
}

/** Runs a program to its end and gives what it wrote. @throws Error with what it said, where it fails */
export function run(command: string, args: readonly string[], cwd?: string): Buffer {
  const env = {
    ...process.env,
    PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`,
    MTOOLS_SKIP_CHECK: '1',
    TZ: 'UTC',
  };
  const result = spawnSync(command, args, { cwd, env, maxBuffer: 1 << 30 });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `${command} ${args.join(' ')}: ${result.error?.message ?? result.stderr.toString().slice(0, 500)}`,
  );
}

/** Whether a program ends well. */
export function succeeds(command: string, args: readonly string[], cwd?: string): boolean {
  try {
    run(command, args, cwd);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds that `work` takes. */
export function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Milliseconds of processor that this process took so far, and its children that ended (proc(5), in steps of 10 ms). */
export function processorTime(): { readonly own: number; readonly children: number } {
  const { user, system } = process.cpuUsage();
  // Fields 16 and 17; the second is a name in parentheses that may hold spaces.
  const fields = readFileSync('/proc/self/stat', 'latin1').replace(/^.*\)/s, '').trim().split(' ');
  return { own: (user + system) / 1000, children: 10 * (Number(fields[13]) + Number(fields[14])) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
