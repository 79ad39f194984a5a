// A whole scan of 100,000 small files, report written to a file, against reading them by find and cat:
//   node bench/run.mjs small-files [rounds] [workers]
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EndLine } from '../../src/report/line.ts';
import { printTable } from '../table.ts';
import { makeTree } from '../tree.ts';

const FILES = 100_000;
const WANTED = 1;

const root = process.env['BENCH_ROOT'] ?? '.';
const rounds = Number(process.argv[2] ?? 5);
const workers = process.argv[3];
const data = join(root, 'bench/data');
const tree = join(data, 'small-files');
const report = join(data, 'small-files.ndjson');
mkdirSync(tree, { recursive: true });
makeTree(tree, { files: FILES, folders: 2000, largest: 16 << 10, seed: 1 });

const scanCommand = [
  join(root, 'dist/cli.js'),
  'scan',
  tree,
  '-q',
  '-o',
  report,
  ...(workers ? ['-w', workers] : []),
];
time('sh', ['-c', peer()]);
const peers: number[] = [];
const scans: number[] = [];
for (let round = 0; round < rounds; round++) {
  peers.push(time('sh', ['-c', peer()]));
  scans.push(time(process.execPath, scanCommand));
  check(lastLine(report));
  console.log(
    `round ${round + 1}: find | xargs cat ${seconds(peers.at(-1)!)}, scan ${seconds(scans.at(-1)!)}`,
  );
}
const ratios = peers.map((peer, i) => peer / scans[i]!);
printTable(
  ['', 'min', 'median', 'max'],
  [
    ['find | xargs cat', ...spread(peers).map(seconds)],
    ['scan', ...spread(scans).map(seconds)],
    ['files/s', ...spread(scans.map((scan) => Math.round(FILES / scan)))],
    ['find | xargs cat ÷ scan', ...spread(ratios).map((ratio) => ratio.toFixed(2))],
  ],
);
rmSync(report);
process.exitCode = spread(ratios)[1]! >= WANTED ? 0 : 1;

function peer(): string {
  return `find '${tree}' -type f -print0 | xargs -0 cat >/dev/null`;
}

function time(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** The plan that marks the tree is a file as well. */
function check({ files, unread, interrupted }: EndLine): void {
  if (files !== FILES + 1 || unread > 0 || interrupted)
    throw new Error(`wrong end: ${files} files, ${unread} unread`);
}

function lastLine(path: string): EndLine {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(4096);
  const got = readSync(file, buffer, 0, buffer.length, Math.max(0, fstatSync(file).size - buffer.length));
  closeSync(file);
  return JSON.parse(buffer.toString('utf8', 0, got).trimEnd().split('\n').at(-1)!) as EndLine;
}

function spread(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
