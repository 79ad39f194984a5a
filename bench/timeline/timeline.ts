// Ten snapshots, an attack in the seventh that takes three: does the plan pick the last intact version of every file, and
// what does the timeline cost?
//   node bench/run.mjs timeline [files] [seed] [--copies]
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanLine } from '../../src/gate/restore/plan-line.ts';
import { percent, printTable } from '../table.ts';
import { type Made, makeSnapshots } from './snapshots.ts';

const root = process.env.BENCH_ROOT ?? '.';
const data = join(root, 'bench/data/timeline');
const [files = 5000, seed = 7] = process.argv.slice(2).map(Number).filter(Number.isFinite);
const made = makeSnapshots({
  folder: join(data, 'snapshots'),
  files,
  snapshots: 10,
  attackAt: 6,
  attackTakes: 3,
  hitShare: 0.25,
  changedShare: 0.01,
  seed,
});
const planFile = join(data, 'plan.ndjson');
rmSync(planFile, { force: true });

const linked = compareCost('hard links', made.folders);
const planLines = readFileSync(planFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as PlanLine);
if (process.argv.includes('--copies')) compareCost('copies, by hash', copies(made.folders));
const isRight = compareWithTruth(made, planLines);
process.exitCode = isRight && linked < 2 ? 0 : 1;

/** Processor time of the timeline against that of one scan of the last snapshot, which other processes disturb less. */
function compareCost(what: string, folders: readonly string[]): number {
  const scan = timed('scan', folders.at(-1)!, '--sha256', '-q');
  const timeline = timed('timeline', ...folders, '--plan', planFile, '-q');
  const once = timed('scan', folders.at(-1)!, '--sha256', '-q');
  const one = (scan.processor + once.processor) / 2;
  const ratio = timeline.processor / one;
  console.log(
    `${what}: one scan ${one.toFixed(1)} s of processor (${((scan.wall + once.wall) / 2).toFixed(1)} s), ten snapshots ${timeline.processor.toFixed(1)} s (${timeline.wall.toFixed(1)} s): ${ratio.toFixed(2)} ×`,
  );
  return ratio;
}

function timed(...parameters: string[]): { processor: number; wall: number } {
  const command = `TIMEFORMAT='%U %S %R'; time "$0" "$@" >/dev/null 2>&1`;
  const run = spawnSync('bash', ['-c', command, process.execPath, join(root, 'dist/cli.js'), ...parameters], {
    encoding: 'utf8',
  });
  const [user = 0, system = 0, wall = 0] = run.stderr.trim().split(' ').map(Number);
  return { processor: user + system, wall };
}

function copies(folders: readonly string[]): string[] {
  return folders.map((folder) => {
    const to = folder.replace('/snapshots/', '/copies/');
    rmSync(to, { recursive: true, force: true });
    cpSync(folder, to, { recursive: true, preserveTimestamps: true });
    return to;
  });
}

function compareWithTruth({ truth, hostile, layouts }: Made, lines: readonly PlanLine[]): boolean {
  const chosen = new Map(
    lines.flatMap((line) => (line.type === 'restore' ? [[line.path.text, line.sha256]] : [])),
  );
  const missing = new Map(lines.flatMap((line) => (line.type === 'missing' ? [[line.path.text, line]] : [])));
  const header = lines[0];
  const rows = { right: 0, unprovable: 0, older: [] as string[], lost: [] as string[], back: [] as string[] };
  const hit = { all: 0, right: 0 };
  for (const [path, { last, deleted, hit: at }] of truth) {
    const sha256 = chosen.get(path);
    if (deleted) {
      if (sha256 !== undefined) rows.back.push(path);
      continue;
    }
    if (at !== null) hit.all++;
    if (at !== null && sha256 === last) hit.right++;
    if (sha256 === last) rows.right++;
    else if (sha256 !== undefined) rows.older.push(path);
    else if (missing.has(path)) rows.unprovable++;
    else rows.lost.push(path);
  }
  const encrypted = [...chosen].filter(([, sha256]) => hostile.has(sha256));
  const expected = truth.size - [...truth.values()].filter(({ deleted }) => deleted).length;
  printTable(
    ['', 'files', 'of those expected'],
    [
      ['expected', expected, ''],
      ['the last honest version chosen', rows.right, percent(rows.right, expected)],
      ['  of files that were hit', hit.right, percent(hit.right, hit.all)],
      ['listed as missing: honest, but not provable', rows.unprovable, percent(rows.unprovable, expected)],
      ['another version chosen', rows.older.length, ''],
      ['neither chosen nor listed', rows.lost.length, ''],
      ['deleted before the attack, and brought back', rows.back.length, ''],
      ['encrypted, and chosen', encrypted.length, ''],
    ],
  );
  if (header?.type === 'plan') console.log(`attack: ${JSON.stringify(header.attack)} (truth: snapshot 6)`);
  console.log(`${hostile.size} hit contents, ${layouts.size} layouts of families`);
  for (const path of [...rows.older, ...rows.lost, ...encrypted.map(([path]) => path)].slice(0, 20)) {
    console.log(`  ${path} ${JSON.stringify(truth.get(path))}`);
  }
  return rows.older.length + rows.lost.length + rows.back.length + encrypted.length === 0;
}
