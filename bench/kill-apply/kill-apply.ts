// Kills `restore-plan apply` at random (seeded) moments: afterwards every file of the target is absent, or complete.
//   node bench/run.mjs kill-apply [kills] [seed]
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PlanLine } from '../../src/gate/restore/plan-line.ts';
import { Random } from '../attacks/random.ts';
import { hash, walk } from '../timeline/snapshots.ts';
import { makeTree } from '../tree.ts';

const root = process.env.BENCH_ROOT ?? '.';
const data = join(root, 'bench/data/kill-apply');
const command = join(root, 'dist/cli.js');
const [kills = 50, seed = 11] = process.argv.slice(2).map(Number);
const random = new Random(seed);

const snapshots = makeTwoSnapshots();
const planFile = join(data, 'plan.ndjson');
const target = join(data, 'target');
spawnSync(process.execPath, [command, 'timeline', ...snapshots, '--plan', planFile, '-q']);
const wanted = new Map(
  readFileSync(planFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PlanLine)
    .flatMap((line) => (line.type === 'restore' ? [[line.path.text, line.sha256]] : [])),
);
const whole = await timeWhole();
console.log(`${wanted.size} files in the plan; undisturbed, it takes ${(whole / 1000).toFixed(1)} s`);

const totals = { midway: 0, before: 0, after: 0, leftovers: 0, resumed: 0, wrong: [] as string[] };
for (let kill = 0; kill < kills; kill++) {
  const before = existsSync(target) ? completeFiles() : 0;
  if (before === wanted.size || kill % 5 === 0) rmSync(target, { recursive: true, force: true });
  const from = existsSync(target) ? before : 0;
  // Earlier there's nothing but a program that starts.
  await runAndKill(whole * (0.3 + 0.7 * (random.below(1000) / 1000)));
  const now = check();
  if (now > 0 && now < wanted.size) totals.midway++;
  else if (now === 0) totals.before++;
  else totals.after++;
  if (from > 0 && now > from) totals.resumed++;
}
const last = spawnSync(process.execPath, [command, 'restore-plan', 'apply', planFile, '--to', target, '-q']);
const complete = check();
const left = walk(target).filter(isTemporary).length;
console.log(
  `${kills} kills: ${totals.midway} midway, ${totals.before} before the first file, ${totals.after} after the last; ${totals.resumed} runs went on where one was killed`,
);
console.log(
  `half-written copies under temporary names, over all kills: ${totals.leftovers}; after the last run: ${left}`,
);
console.log(`files that were neither absent nor complete: ${totals.wrong.length}`);
for (const wrong of totals.wrong.slice(0, 20)) console.log(`  ${wrong}`);
console.log(
  `the last run, undisturbed: exit code ${last.status}, ${complete} of ${wanted.size} files complete`,
);
process.exitCode =
  totals.wrong.length === 0 && complete === wanted.size && last.status === 0 && left === 0 ? 0 : 1;

/** Small files of a server, and some that take a while to copy. */
function makeTwoSnapshots(): string[] {
  rmSync(data, { recursive: true, force: true });
  return [1, 2].map((day) => {
    const folder = join(data, `2026-03-0${day}`);
    makeTree(folder, { files: 200, folders: 10, largest: 8192, seed });
    rmSync(join(folder, '.plan.json'));
    mkdirSync(join(folder, 'large'), { recursive: true });
    const text = readFileSync(
      join(
        folder,
        walk(folder)
          .sort()
          .find((file) => file.endsWith('.txt'))!,
      ),
      'utf8',
    );
    for (let i = 0; i < 6; i++) {
      const lines = Array.from(
        { length: 20_000 },
        (_, line) => `${(line * 7919 + i) % 99_991} ${text.slice(0, 300)}`,
      );
      writeFileSync(join(folder, 'large', `${i}.gz`), gzipSync(lines.join('\n'), { level: 0 }));
    }
    return folder;
  });
}

async function timeWhole(): Promise<number> {
  const start = performance.now();
  await runAndKill(600_000);
  const elapsed = performance.now() - start;
  rmSync(target, { recursive: true, force: true });
  return elapsed;
}

async function runAndKill(milliseconds: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [command, 'restore-plan', 'apply', planFile, '--to', target, '-q', '-w', '1'],
    {
      stdio: 'ignore',
    },
  );
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await once(child, 'exit');
  clearTimeout(timer);
}

function isTemporary(file: string): boolean {
  return basename(file).startsWith('.unscathed-');
}

function completeFiles(): number {
  return walk(target).filter((file) => !isTemporary(file)).length;
}

/** How many files are there; each must be complete. */
function check(): number {
  if (!existsSync(target)) return 0;
  const files = walk(target);
  totals.leftovers += files.filter((file) => isTemporary(file) && !file.endsWith('.lock')).length;
  const named = files.filter((file) => !isTemporary(file));
  for (const file of named) {
    if (hash(readFileSync(join(target, file))) !== wanted.get(file)) totals.wrong.push(file);
  }
  return named.length;
}
