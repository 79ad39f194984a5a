// A whole scan of 100,000 small files, report written to a file, against reading them by find and cat:
//   node bench/run.mjs small-files [rounds] [workers]
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EndLine } from '../../src/report/line.ts';
import { printTable } from '../table.ts';
import { makeTree } from '../tree.ts';
import { type Cost, costOf } from './cpu.ts';

const FILES = 100_000;
const WANTED = 1;

const root = process.env.BENCH_ROOT ?? '.';
const rounds = Number(process.argv[2] ?? 5);
const workers = process.argv[3];
const data = join(root, 'bench/data');
const tree = join(data, 'small-files');
const report = join(data, 'small-files.ndjson');
mkdirSync(tree, { recursive: true });
makeTree(tree, { files: FILES, folders: 2000, largest: 16 << 10, seed: 1 });

const peer = `find '${tree}' -type f -print0 | xargs -0 cat >/dev/null`;
const scan = `'${process.execPath}' '${join(root, 'dist/cli.js')}' scan '${tree}' -q -o '${report}' ${workers ? `-w ${workers}` : ''}`;
const peers: Cost[] = [];
const scans: Cost[] = [];
for (let round = 0; round < rounds; round++) {
  costOf(peer); // Warms the cache.
  peers.push(costOf(peer));
  scans.push(costOf(scan));
  check(lastLine(report));
  console.log(
    `round ${round + 1}: find | xargs cat ${costText(peers.at(-1)!)}, scan ${costText(scans.at(-1)!)}`,
  );
}
const ratios = peers.map(({ wall }, i) => wall / scans[i]!.wall);
printTable(
  ['', 'min', 'median', 'max'],
  [
    ['find | xargs cat', ...spread(peers.map(({ wall }) => wall)).map(seconds)],
    ['scan', ...spread(scans.map(({ wall }) => wall)).map(seconds)],
    ['scan, CPU', ...spread(scans.map(({ cpu }) => cpu)).map(seconds)],
    ['files/s', ...spread(scans.map(({ wall }) => Math.round(FILES / wall)))],
    ['find | xargs cat ÷ scan', ...spread(ratios).map((ratio) => ratio.toFixed(2))],
  ],
);
rmSync(report);
process.exitCode = spread(ratios)[1]! >= WANTED ? 0 : 1;

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

function costText({ wall, cpu }: Cost): string {
  return `${seconds(wall)} (CPU ${seconds(cpu)})`;
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
