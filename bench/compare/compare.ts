// Runs benches of speed, and compares their ratios to peers with those of a stored run:
//   node bench/run.mjs compare [--store] [--size MiB] [--runs N] [--new FILE]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numberOption, textOption } from '../command.ts';
import { printTable } from '../table.ts';
import { type Ratios, regressions } from './regressions.ts';

const root = process.env.BENCH_ROOT ?? '.';
const stored = join(process.env.BENCH_FOLDER ?? '.', 'stored.json');
const size = numberOption('size', 64);
const runs = numberOption('runs', 5);

const results = textOption('new');
const now = results === null ? measure() : (JSON.parse(readFileSync(results, 'utf8')) as Ratios);
if (process.argv.includes('--store')) {
  writeFileSync(stored, `${JSON.stringify(now, null, 2)}\n`);
  console.log(`stored ${Object.keys(now).length} ratios`);
} else if (!existsSync(stored)) {
  console.error('there is no stored run yet: --store makes one');
  process.exitCode = 2;
} else compare(JSON.parse(readFileSync(stored, 'utf8')) as Ratios);

/** Each bench writes its ratios where UNSCATHED_RATIOS says. */
function measure(): Ratios {
  const all: Record<string, Ratios[string]> = {};
  for (const bench of ['large', 'verifiers']) {
    const path = join(root, 'bench/data', `ratios-${bench}.json`);
    const options = ['--size', String(size), '--runs', String(runs)];
    spawnSync(process.execPath, [join(root, 'bench/run.mjs'), bench, ...options], {
      stdio: 'inherit',
      env: { ...process.env, UNSCATHED_RATIOS: path },
    });
    Object.assign(all, JSON.parse(readFileSync(path, 'utf8')));
  }
  return all;
}

function compare(before: Ratios): void {
  const worse = regressions(before, now);
  const names = Object.keys(before).filter((name) => name in now);
  printTable(
    ['', 'stored', 'now', 'change', ''],
    names.map((name) => {
      const change = now[name]!.median / before[name]!.median - 1;
      return [
        name,
        before[name]!.median.toFixed(2),
        now[name]!.median.toFixed(2),
        `${(change * 100).toFixed(0)} %`,
        worse.includes(name) ? 'WORSE' : '',
      ];
    }),
  );
  const missing = Object.keys(before).filter((name) => !(name in now));
  if (missing.length > 0) console.log(`not measured now: ${missing.join(', ')}`);
  process.exitCode = worse.length > 0 ? 1 : 0;
}
