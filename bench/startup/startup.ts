// From the start of the command to its first result on the screen, against a bare `node -e 0`:
//   node bench/run.mjs startup [--runs N]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, numberOption } from '../command.ts';
import { type Cost, costOf } from '../small-files/cpu.ts';
import { spreadCells, spreadOf } from '../spread.ts';
import { printTable } from '../table.ts';

const WANTED_MS = 150;

const runs = numberOption('runs', 11);
const folder = mkdtempSync(join(tmpdir(), 'unscathed-startup-'));
writeFileSync(join(folder, 'letter.txt'), 'This is a letter, and it is quite well.\n');
try {
  const node = `'${process.execPath}'`;
  const measured = { bare: [] as number[], version: [] as number[], first: [] as number[] };
  const cpu = { bare: [] as number[], version: [] as number[], first: [] as number[] };
  for (let run = 0; run < runs; run++) {
    note('bare', costOf(`${node} -e 0`));
    note('version', costOf(`${node} '${cli}' --version`));
    note('first', costOf(`${node} '${cli}' scan -q -w 1 '${folder}'`));
    measured.first[run] = await firstResult();
  }
  printTable(
    ['', 'wall ms min', 'median', 'max', 'CPU ms min', 'median', 'max'],
    (
      [
        ['node -e 0', 'bare'],
        ['unscathed --version', 'version'],
        ['scan of a letter, to its line', 'first'],
      ] as const
    ).map(([what, kind]) => [
      what,
      ...spreadCells(spreadOf(measured[kind]), 0),
      ...spreadCells(spreadOf(cpu[kind]), 0),
    ]),
  );
  // The fastest runs: what others do on the machine only adds.
  const more = spreadOf(measured.first).min - spreadOf(measured.bare).min;
  console.log(`the first result comes ${more.toFixed(0)} ms after a bare node; wanted: at most ${WANTED_MS}`);
  process.exitCode = more <= WANTED_MS ? 0 : 1;

  function note(kind: keyof typeof cpu, cost: Cost): void {
    measured[kind].push(cost.wall * 1000);
    cpu[kind].push(cost.cpu * 1000);
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Milliseconds until the first line of the list. */
async function firstResult(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [cli, 'scan', '-a', '-w', '1', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const spent = performance.now() - start;
  await ended;
  return spent;
}
