// How the cost of a scan grows with bytes, files, folders and workers, fitted by least squares, and what follows:
//   node bench/run.mjs scaling [--runs N] [--files N]
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { numberOption, scanCommand } from '../command.ts';
import { type Cost, costOf } from '../small-files/cpu.ts';
import { spreadOf } from '../spread.ts';
import { printTable } from '../table.ts';
import { makeTree, type TreePlan } from '../tree.ts';
import { leastSquares } from './least-squares.ts';
import { places, predict } from './predict.ts';

const runs = numberOption('runs', 3);
const most = numberOption('files', 20_000);
const data = join(process.env.BENCH_ROOT ?? '.', 'bench/data');
const report = join(data, 'scaling.ndjson');

/** Each factor varies while others stay: so their shares can be told apart. */
const plans: readonly TreePlan[] = [
  { files: most, folders: most / 50, largest: 1024, seed: 1 },
  { files: most, folders: most / 50, largest: 16 << 10, seed: 1 },
  { files: most / 4, folders: most / 200, largest: 1024, seed: 1 },
  { files: most / 4, folders: most / 200, largest: 64 << 10, seed: 1 },
  { files: most, folders: most / 2, largest: 1024, seed: 1 },
  { files: 10, folders: 1, largest: 1024, seed: 1 },
];

mkdirSync(data, { recursive: true });
const points = plans.map((plan, i) => {
  const path = join(data, `scaling-${most}-${i}`);
  makeTree(path, plan);
  const scan = scanCommand([path], report, '-w 2');
  costOf(scan); // Warms the cache.
  const costs = Array.from({ length: runs }, () => costOf(scan));
  const bytes = Number(costText(`du -sb --apparent-size '${path}'`).split('\t')[0]);
  return { ...plan, bytes, cpu: spreadOf(costs.map(({ cpu }) => cpu)).median };
});
const model = leastSquares(
  points.map(({ files, folders, bytes }) => [1, files, folders, bytes]),
  points.map(({ cpu }) => cpu),
);
printTable(
  ['files', 'folders', 'MB', 'CPU s', 'by the model'],
  points.map(({ files, folders, bytes, cpu }, i) => [
    files,
    folders,
    (bytes / 1e6).toFixed(1),
    cpu.toFixed(2),
    model.fitted[i]!.toFixed(2),
  ]),
);
const [start = 0, perFile = 0, perFolder = 0, perByte = 0] = model.factors;
console.log(
  `CPU = ${start.toFixed(2)} s + ${(perFile * 1e6).toFixed(0)} µs × files + ${(perFolder * 1e6).toFixed(0)} µs × folders` +
    ` + ${(perByte * 1e9).toFixed(2)} ns × bytes; R² ${model.share.toFixed(4)}`,
);

const path = join(data, `scaling-${most}-1`);
const walls = [1, 2, availableParallelism()].map((workers) => {
  const costs = Array.from(
    { length: runs },
    (): Cost => costOf(scanCommand([path], report, `-w ${workers}`)),
  );
  return spreadOf(costs.map(({ wall }) => wall)).median;
});
rmSync(report, { force: true });
const gain = walls[0]! / walls[1]!;
console.log(
  `workers 1 → 2: ${gain.toFixed(2)} × as fast (wall ${walls.map((wall) => wall.toFixed(2)).join(', ')} s)`,
);
printTable(
  ['PREDICTION for 10 TB in 50 million files', 'processors h', 'medium h', 'hours', 'bound by'],
  places.map((place) => predict(place, { perFile, perFolder, perByte })),
);

function costText(command: string): string {
  return execFileSync('sh', ['-c', command], { encoding: 'utf8' });
}
