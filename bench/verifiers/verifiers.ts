// Each verifier against the native tester of its format, on the same file, by turns:
//   node bench/run.mjs verifiers [--size MB] [--runs N] [--only FORMAT,…]
import { join } from 'node:path';
import { FileSource } from '../../src/bytes/file-source.ts';
import { examine } from '../../src/examine/examine.ts';
import { isInstalled, numberOption, textOption } from '../command.ts';
import { writeRatios } from '../compare/write-ratios.ts';
import { type Cost, costOf } from '../small-files/cpu.ts';
import { type Spread, spreadCells, spreadOf } from '../spread.ts';
import { printTable } from '../table.ts';
import { type Contest, commandFor, contests, makeFile } from './formats.ts';

const WANTED = 0.7;

const runs = numberOption('runs', 5);
const megabytes = numberOption('size', 100);
const only = textOption('only')?.split(',');
const folder = join(process.env.BENCH_ROOT ?? '.', 'bench/data', `verifiers-${megabytes}`);
const entered = contests.filter(({ format }) => only === undefined || only.includes(format));
const rows: (readonly string[])[] = [];
const ratios: Record<string, Spread> = {};
let isGood = true;
for (const contest of entered) {
  const missing = contest.needs.filter((program) => !isInstalled(program));
  if (missing.length > 0) console.log(`${contest.format}: left out, ${missing.join(', ')} isn't installed`);
  else rows.push(compete(contest));
}
printTable(
  ['', 'MB', 'verdict', 'tester, CPU s', 'ours', 'wall s', 'ours', 'CPU ratio min', 'median', 'max'],
  rows,
);
writeRatios(ratios);
process.exitCode = isGood ? 0 : 1;

/** Both before the clock starts: what it takes once, such as compiling, is the start's and not the verifier's. */
function compete(contest: Contest): readonly string[] {
  const path = makeFile(contest, folder, megabytes * 1e6);
  const test = `${commandFor(contest.test, path)} >/dev/null 2>&1`;
  costOf(test);
  const { verdict, size } = examineOnce(path);
  const native: Cost[] = [];
  const ours: Cost[] = [];
  for (let run = 0; run < runs; run++) {
    native.push(costOf(test));
    ours.push(examineOnce(path).cost);
  }
  const ratio = spreadOf(native.map(({ cpu }, run) => cpu / ours[run]!.cpu));
  ratios[`verifier: ${contest.format}`] = ratio;
  isGood &&= ratio.median >= WANTED && verdict === 'intact';
  const middle = (costs: readonly Cost[], kind: keyof Cost) =>
    spreadOf(costs.map((cost) => cost[kind])).median.toFixed(2);
  return [
    contest.format,
    (size / 1e6).toFixed(0),
    verdict,
    middle(native, 'cpu'),
    middle(ours, 'cpu'),
    middle(native, 'wall'),
    middle(ours, 'wall'),
    ...spreadCells(ratio),
  ];
}

function examineOnce(path: string): { cost: Cost; verdict: string; size: number } {
  const start = performance.now();
  const before = process.cpuUsage();
  const source = new FileSource(path);
  try {
    const { judgement } = examine(source, { name: path, budget: { milliseconds: 600_000 } });
    const { user, system } = process.cpuUsage(before);
    const cost = { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
    return { cost, verdict: judgement.verdict, size: source.size };
  } finally {
    source.close();
  }
}
