import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FileLine, IncidentLine, ReportLine } from '../../src/report/line.ts';
import { corpusRoot } from '../../test/support/corpus.ts';
import { percent, printTable } from '../table.ts';
import { type InventedFamily, inventedFamilies } from './families.ts';

const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    family: { type: 'string', default: '' },
    marks: { type: 'boolean', default: false },
    missed: { type: 'boolean', default: false },
  },
});
const every = Number(values.every);
const seed = Number(values.seed);
const command = join(process.env.BENCH_ROOT!, 'dist', 'cli.js');

interface Victim {
  readonly type: string;
  readonly path: string;
}

const genuine = join(corpusRoot, 'genuine');
const victims: Victim[] = readdirSync(genuine, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => ({
    type: entry.parentPath.slice(genuine.length + 1) || '.',
    path: join(entry.parentPath, entry.name),
  }))
  .sort((a, b) => (a.path < b.path ? -1 : 1))
  .filter((_, i) => i % every === 0);

interface Outcome {
  /** Lines on files that were attacked, and on others. */
  readonly hit: readonly FileLine[];
  readonly spared: readonly FileLine[];
  readonly incident: IncidentLine | null;
}

/** Attacks files in every `share`-th folder of a tree of genuine files, and scans the tree. */
function run(family: InventedFamily | null, share: number): Outcome {
  const root = mkdtempSync(join(tmpdir(), 'unscathed-incident-'));
  try {
    writeTree(root, family, share);
    return scan(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** 64 folders, each with files of many types, as people keep them; what is hit lies in folders of its own. */
function writeTree(root: string, family: InventedFamily | null, share: number): void {
  const attack = family?.make(seed);
  for (const [i, { path }] of victims.entries()) {
    const group = (i * 7919) % 64;
    const isHit = attack !== undefined && group % share === 0;
    const file = { name: path.slice(path.lastIndexOf('/') + 1), bytes: readFileSync(path) };
    if (file.bytes.length === 0) continue;
    const { name, bytes } = isHit ? attack(file, i) : file;
    const folder = join(root, isHit ? 'hit' : 'spared', `folder-${group}`, String(i));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

function scan(root: string): Outcome {
  const { stdout } = spawnSync(process.execPath, [command, 'scan', root, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReportLine);
  const files = lines.filter((line) => line.type === 'file');
  return {
    hit: files.filter(({ path }) => path.text.startsWith(join(root, 'hit'))),
    spared: files.filter(({ path }) => !path.text.startsWith(join(root, 'hit'))),
    incident: lines.find((line) => line.type === 'incident') ?? null,
  };
}

/** What the file itself shows: its verdict before the scan as a whole raised it. */
function before({ verdict, reasons }: FileLine): FileLine['verdict'] {
  const code = reasons[0]?.code ?? '';
  if (/^E12[1-4]$/.test(code)) return 'suspect';
  return code === 'S321' ? 'unproved' : verdict;
}

function row(name: string, { hit, spared }: Outcome): (string | number)[] {
  const share = (of: (line: FileLine) => string, ...wanted: string[]) =>
    percent(hit.filter((line) => wanted.includes(of(line))).length, hit.length);
  const now = ({ verdict }: FileLine) => verdict;
  const raised = spared.filter((line) => before(line) !== line.verdict).length;
  return [
    name,
    hit.length,
    share(before, 'encrypted'),
    share(now, 'encrypted'),
    share(before, 'encrypted', 'suspect', 'damaged'),
    share(now, 'encrypted', 'suspect', 'damaged'),
    share(now, 'intact'),
    spared.length,
    spared.filter(({ verdict }) => verdict === 'encrypted').length,
    raised,
  ];
}

const head = [
  'family',
  'hit',
  'encrypted, alone',
  'encrypted',
  'e/s/d, alone',
  'e/s/d',
  'intact',
  'spared',
  'encrypted',
  'raised',
];
const rows: (string | number)[][] = [];
const missed = new Map<string, number>();

function note(name: string, outcome: Outcome): void {
  rows.push(row(name, outcome));
  if (values.marks)
    for (const { text, files, kinds, chance } of outcome.incident?.marks ?? [])
      console.log(`  ${name}: ${text}; ${files} files of ${kinds} kinds, chance ${chance?.toExponential(1)}`);
  for (const { verdict, reasons } of outcome.hit) {
    const key = `${name}: ${verdict} ${reasons[0]?.code}`;
    if (verdict !== 'encrypted') missed.set(key, (missed.get(key) ?? 0) + 1);
  }
}

if (values.family === '') note('(none)', run(null, 1));
for (const family of inventedFamilies.filter(({ id }) => id.includes(values.family))) {
  note(`${family.id}, all`, run(family, 1));
  note(`${family.id}, 1 of 8 folders`, run(family, 8));
}
console.log(`${victims.length} genuine files (every ${every}th), seed ${seed}\n`);
printTable(head, rows);
console.log(`\n${inventedFamilies.map(({ id, leaves }) => `${id}: ${leaves}`).join('\n')}`);
if (values.missed)
  console.log([...missed].map(([key, count]) => `${String(count).padStart(6)} ${key}`).join('\n'));
