// A whole scan of big files against what a user would pick instead, by turns in one run:
//   node bench/run.mjs large [--size MiB] [--runs N] [--workers N] [--only NAME,…] [--cold]
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isInstalled, numberOption, quote, scanCommand, textOption } from '../command.ts';
import { writeRatios } from '../compare/write-ratios.ts';
import { type Cost, costOf } from '../small-files/cpu.ts';
import { spreadCells, spreadOf } from '../spread.ts';
import { printTable } from '../table.ts';
import { makeLargeFiles } from './files.ts';

const root = process.env.BENCH_ROOT ?? '.';
const runs = numberOption('runs', 5);
const size = numberOption('size', 512);
const only = textOption('only')?.split(',');
const data = join(root, 'bench/data');
const report = join(data, 'large.ndjson');
mkdirSync(data, { recursive: true });
const paths = makeLargeFiles(join(data, `large-${size}`), size).filter(
  (path) => only === undefined || only.includes(basename(path)),
);
const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
const names = paths.map(quote).join(' ');

const isCold = process.argv.includes('--cold');
// posix_fadvise(2) POSIX_FADV_DONTNEED, by way of dd: it puts out of the cache what these files have in it, nobody else's.
const putOut = paths.map((path) => `dd if=${quote(path)} iflag=nocache count=0 status=none`).join('; ');

/** `wanted`: how many times as fast as it the scan is to be. */
const peers = [
  { name: 'cat', wanted: 0.25, command: `cat ${names} >/dev/null` },
  { name: 'sha256sum', wanted: 4, command: `sha256sum ${names}` },
  { name: 'openssl', wanted: 1, command: `openssl dgst -sha256 ${names}` },
  { name: 'ent', wanted: 12, command: `for f in ${names}; do ent -t "$f"; done` },
  { name: 'binwalk', wanted: 60, command: `for f in ${names}; do binwalk -E -N "$f"; done >/dev/null` },
]
  .filter(({ name }) => isInstalled(name))
  .filter(({ name }) => !isCold || name === 'cat')
  .map((peer) => ({ ...peer, wanted: isCold ? 0.9 : peer.wanted }));

const workers = numberOption('workers', 2);
const scan = scanCommand(paths, report, `-w ${workers}`);
costOf(`cat ${names} >/dev/null`); // Warms the cache.
const scans: Cost[] = [];
const costs = peers.map((): Cost[] => []);
for (let run = 0; run < runs; run++) {
  scans.push(measure(scan));
  // binwalk takes minutes for half a gigabyte: once is enough.
  peers.forEach(({ name, command }, i) => {
    if (run === 0 || name !== 'binwalk') costs[i]!.push(measure(command));
  });
}
rmSync(report, { force: true });

console.log(`${paths.length} files, ${(bytes / 2 ** 20).toFixed(0)} MiB, ${runs} runs, ${workers} workers`);
printTable(
  ['seconds', 'wall min', 'median', 'max', 'CPU min', 'median', 'max'],
  [
    ['scan', ...cells(scans)],
    ...peers.map(({ name }, i) => [
      `${name}${costs[i]!.length < runs ? ' (once)' : ''}`,
      ...cells(costs[i]!),
    ]),
  ],
);
const rows = peers.map(({ name, wanted }, i) => {
  const ratios = costs[i]!.map(({ wall }, run) => wall / scans[run]!.wall);
  return { name, wanted, spread: spreadOf(ratios), cpu: median(costs[i]!, 'cpu') / median(scans, 'cpu') };
});
printTable(
  ['peer ÷ scan', 'min', 'median', 'max', 'wanted', 'of processor time'],
  rows.map(({ name, wanted, spread, cpu }) => [name, ...spreadCells(spread), `≥ ${wanted}`, cpu.toFixed(2)]),
);
writeRatios(
  Object.fromEntries(
    peers.map(({ name }, i) => [
      `large: ${name}`,
      spreadOf(costs[i]!.map(({ cpu }, run) => cpu / scans[run]!.cpu)),
    ]),
  ),
);
process.exitCode = rows.every(({ spread, wanted }) => spread.median >= wanted) ? 0 : 1;

function measure(command: string): Cost {
  if (isCold) costOf(putOut);
  return costOf(command);
}

function cells(measured: readonly Cost[]): string[] {
  return (['wall', 'cpu'] as const).flatMap((kind) =>
    spreadCells(spreadOf(measured.map((cost) => cost[kind]))),
  );
}

function median(measured: readonly Cost[], kind: 'wall' | 'cpu'): number {
  return spreadOf(measured.map((cost) => cost[kind])).median;
}
