// Peak resident memory of a scan, for few files, many files, and a huge sparse one (Linux):
//   node bench/run.mjs memory [files] [GB of the sparse file] [GB that a zip unpacks to]; 0 leaves one out
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { printTable } from '../table.ts';
import { makeTree } from '../tree.ts';

const WANTED = 300;
const EVERY_MS = 20;

const root = process.env.BENCH_ROOT ?? '.';
const [many = 300_000, gigabytes = 100, unpacked = 10] = process.argv.slice(2).map(Number);
const data = join(root, 'bench/data');

const count = many.toLocaleString('en-US');
const places: readonly (readonly [amount: number, what: string, make: () => string])[] = [
  [1000, '1,000 files', () => tree(1000)],
  [many, `${count} files`, () => tree(many)],
  [many, `${count} files in one folder`, () => oneFolder(many)],
  [gigabytes, `one sparse file of ${gigabytes} GB`, () => sparse(gigabytes * 1e9)],
  [unpacked, `a zip of ${unpacked} GB of zeros`, () => zipOfZeros(unpacked * 1e9)],
];
const rows: Measured[] = [];
for (const [amount, what, make] of places) {
  if (amount === 0) continue;
  rows.push(await measure(what, make()));
  console.log(`${what}: ${rows.at(-1)!.peak.toFixed(0)} MiB`);
}
printTable(
  ['', 'peak MiB', 'seconds', 'exit code'],
  rows.map(({ what, peak, seconds, code }) => [what, peak.toFixed(0), seconds.toFixed(1), String(code)]),
);
process.exitCode = rows.every(({ peak }) => peak <= WANTED) ? 0 : 1;

function tree(files: number): string {
  const path = join(data, `memory-${files}`);
  makeTree(path, { files, folders: Math.ceil(files / 50), largest: 1024, seed: 2 });
  return path;
}

function oneFolder(files: number): string {
  const path = join(data, `memory-flat-${files}`);
  makeTree(path, { files, folders: 1, largest: 256, seed: 3 });
  return path;
}

function sparse(size: number): string {
  const path = join(data, 'memory-sparse');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'sparse.img'), '');
  truncateSync(join(path, 'sparse.img'), size);
  return path;
}

function zipOfZeros(size: number): string {
  const path = join(data, `memory-zip-${size}`);
  const file = join(path, 'zeros.zip');
  if (existsSync(file)) return path;
  mkdirSync(path, { recursive: true });
  execFileSync('sh', ['-c', `head -c ${size} /dev/zero | zip -q -1 '${file}.part' -`]);
  renameSync(`${file}.part`, file);
  return path;
}

interface Measured {
  readonly what: string;
  /** MiB. */
  readonly peak: number;
  readonly seconds: number;
  readonly code: number | null;
}

/** The kernel keeps the highest resident size of a process; it's read until the process ends. */
async function measure(what: string, path: string): Promise<Measured> {
  const report = join(data, 'memory.ndjson');
  const start = performance.now();
  const command = [join(root, 'dist/cli.js'), 'scan', path, '-q', '-o', report];
  const child = spawn(process.execPath, command, { stdio: 'ignore' });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, highest(child.pid!));
  }, EVERY_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  rmSync(report, { force: true });
  return { what, peak, seconds: (performance.now() - start) / 1000, code };
}

function highest(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    // It ended just now.
    return 0;
  }
}
