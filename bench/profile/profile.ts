// Where the time of a whole scan goes, by thread, room, module and function:
//   node bench/run.mjs profile [path …]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printTable } from '../table.ts';
import { Modules } from './modules.ts';
import { type Profile, selfTimes } from './self-times.ts';

const MOST_ROWS = 40;

const root = process.env.BENCH_ROOT ?? '.';
const paths = process.argv.slice(2);
if (paths.length === 0) paths.push(join(root, 'bench/data/small-files'));

const folder = mkdtempSync(join(tmpdir(), 'unscathed-profile-'));
try {
  recordScan();
  const modules = new Modules();
  const profiles = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile);
  const threads = profiles.map((profile) => selfTimes(profile, modules));
  printThreads(threads);
  const all = threads.flat();
  for (const by of ['room', 'module', 'name'] as const) printSums(all, by);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Each thread writes a profile of its own when it ends. */
function recordScan(): void {
  const flags = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', '500'];
  const scan = [join(root, 'dist/cli.js'), 'scan', ...paths, '-q', '-o', join(folder, 'report.ndjson')];
  const { status, stderr } = spawnSync(process.execPath, [...flags, ...scan], { encoding: 'utf8' });
  if (status === null || status > 1) throw new Error(`the scan ended with ${status}: ${stderr}`);
}

type SelfTime = ReturnType<typeof selfTimes>[number];

function printThreads(threads: readonly (readonly SelfTime[])[]): void {
  const rows = threads.map((times, i) => {
    const idle = sum(times.filter(({ name }) => name === '(idle)' || name === '(program)'));
    return [String(i + 1), seconds(sum(times) - idle), seconds(idle)];
  });
  printTable(['thread', 'busy', 'idle'], rows);
}

function printSums(times: readonly SelfTime[], by: 'room' | 'module' | 'name'): void {
  const busy = times.filter(({ name }) => name !== '(idle)' && name !== '(program)');
  const sums = new Map<string, number>();
  for (const time of busy) {
    const key = by === 'name' ? `${time.name} (${time.module})` : time[by];
    sums.set(key, (sums.get(key) ?? 0) + time.milliseconds);
  }
  const total = sum(busy);
  const rows = [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_ROWS)
    .map(([key, time]) => [key, seconds(time), `${((100 * time) / total).toFixed(1)} %`]);
  printTable([by, 'time', 'share'], rows);
}

function sum(times: readonly SelfTime[]): number {
  return times.reduce((total, { milliseconds }) => total + milliseconds, 0);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
