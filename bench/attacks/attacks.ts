// Attacks every genuine file in every known way, and compares verdicts, ranges and layouts with the truth:
//   node bench/run.mjs attacks [--all] [--sample N] [--seed N] [--layout PATTERN] [--file PATTERN] [--from FOLDER]
//                              [--least BYTES] [--large] [--variants N] [--workers N] [--rows FILE] [--misses N]
import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { victims } from './hosts/victims.ts';
import { variantsOf } from './plan.ts';
import { printReport } from './report.ts';
import { measure, type Row } from './row.ts';

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    sample: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    layout: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
    least: { type: 'string', default: '0' },
    from: { type: 'string' },
    variants: { type: 'string' },
    workers: { type: 'string', default: '2' },
    rows: { type: 'string' },
    misses: { type: 'string', default: '15' },
    part: { type: 'string' },
  },
});

const SLOWER_MS = 30_000;
/** Attacks a file, where all files are wanted: more than 100,000 copies, and each attack on each kind of file. */
const VARIANTS_OF_ALL = 42;

/** Every `step`th file from `first` on, in all variants. */
function* attackPart(first: number, step: number): Generator<Row> {
  const chosen = victims({
    ...values,
    least: Number(values.least),
    every: values.all ? 1 : Number(values.sample),
  });
  const most = values.variants ?? (values.all ? VARIANTS_OF_ALL : Number.MAX_SAFE_INTEGER);
  const wanted = { only: values.layout, most: Number(most), seed: Number(values.seed) };
  let number = 0;
  for (const victim of chosen) {
    if (number++ % step !== first) continue;
    const file = victim();
    if (file.bytes.length === 0) continue;
    for (const { origin, make } of variantsOf(file, number, wanted)) {
      const attacked = make();
      if (attacked === null) continue;
      const row = measure(origin, attacked);
      if (row.milliseconds > SLOWER_MS)
        console.error(`${origin.file}, ${origin.attack}: ${row.milliseconds} ms`);
      yield row;
    }
  }
}

function runPart(part: string): void {
  const [first = 0, step = 1] = part.split('/').map(Number);
  let batch: Row[] = [];
  const flush = () => {
    if (batch.length > 0) process.send?.(batch);
    batch = [];
  };
  for (const row of attackPart(first, step)) {
    batch.push(row);
    if (batch.length === 200) flush();
  }
  flush();
  process.disconnect?.();
}

async function runAll(): Promise<void> {
  const started = performance.now();
  const rows: Row[] = [];
  const file = values.rows === undefined ? null : createWriteStream(values.rows);
  const count = Number(values.workers);
  const arguments_ = process.argv.slice(2);
  const children = Array.from({ length: count }, (_, i) =>
    fork(process.argv[1]!, [...arguments_, '--part', `${i}/${count}`]),
  );
  for (const child of children) {
    child.on('message', (batch: Row[]) => {
      for (const row of batch) {
        rows.push(row);
        file?.write(`${JSON.stringify(row)}\n`);
      }
    });
  }
  const codes = await Promise.all(children.map(ended));
  file?.end();
  printReport(rows, Number(values.misses));
  console.log(
    `\n${rows.length} copies in ${((performance.now() - started) / 1000).toFixed(0)} s by ${count} workers`,
  );
  if (codes.some((code) => code !== 0)) throw new Error('a worker died: the table is incomplete');
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', resolve));
}

if (values.part === undefined) await runAll();
else runPart(values.part);
