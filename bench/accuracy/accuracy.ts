// Verdicts over whole corpora, and over attacks made from the genuine files:
//   node bench/run.mjs accuracy [--types] [--seed N] [--class genuine|protected|malformed|attacks]
import { parseArgs } from 'node:util';
import { examine } from '../../src/examine/examine.ts';
import { type Verdict, verdicts } from '../../src/ledger/terms.ts';
import { allCorpusFiles, type CorpusClass, corpusRoot, hasCorpus } from '../../test/support/corpus.ts';
import { attack } from '../attacks/attack.ts';
import { type CipherName, ciphers } from '../attacks/ciphers.ts';
import { basicLayouts } from '../attacks/layouts.ts';
import { percent, printTable } from '../table.ts';

const { values } = parseArgs({
  options: { types: { type: 'boolean' }, seed: { type: 'string', default: '1' }, class: { type: 'string' } },
});
const SLOW_MS = 10_000;

interface Row {
  readonly type: string;
  readonly path: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly format: string | null;
  readonly floor: number;
  readonly milliseconds: number;
}

/** Types whose every byte carries a checksum, feeds a decoder or obeys a grammar. */
const firstFormats = [
  'zip',
  'docx',
  'xlsx',
  'pptx',
  'odt',
  'ods',
  'odp',
  'epub',
  'jar',
  'gz',
  'png',
  'pdf',
  'sqlite',
  'jpg',
  'elf',
  'exe',
  'dll',
  'txt',
  'json',
  'xml',
  'csv',
  'text-utf-8',
  'text-utf-16',
];

function judgeFile(type: string, path: string, file: { name: string; bytes: Uint8Array }): Row {
  const started = performance.now();
  const { evidence, judgement } = examine(file.bytes, { name: file.name });
  const [first] = judgement.reasons;
  return {
    type,
    path,
    verdict: judgement.verdict,
    reason: `${first?.code} ${first?.text}`,
    format: evidence.identity.format?.id ?? null,
    floor: judgement.floor,
    milliseconds: performance.now() - started,
  };
}

function countByVerdict(rows: readonly Row[]): (string | number)[] {
  return verdicts.map((verdict) => rows.filter((row) => row.verdict === verdict).length);
}

function printOffenders(title: string, rows: readonly Row[]): void {
  if (rows.length === 0) return;
  console.log(`\n${title}: ${rows.length}`);
  for (const { path, verdict, reason } of rows) console.log(`  ${verdict.padEnd(9)} ${path}: ${reason}`);
}

function printByType(rows: readonly Row[]): void {
  const types = [...new Set(rows.map(({ type }) => type))];
  const table = types.map((type) => {
    const those = rows.filter((row) => row.type === type);
    const unproved = those.find(({ verdict }) => verdict !== 'intact');
    return [type, those.length, ...countByVerdict(those), unproved?.reason.slice(0, 60) ?? ''];
  });
  printTable(['type', 'files', ...verdicts, 'first that is not intact'], table);
}

function examineClass(kind: CorpusClass): Row[] {
  const rows = [...allCorpusFiles(kind)].map((file) =>
    judgeFile(file.type, file.path.slice(corpusRoot.length + 1), file),
  );
  console.log(`\n## ${kind}: ${rows.length} files`);
  printTable(
    ['', ...verdicts],
    [
      ['files', ...countByVerdict(rows)],
      [
        'share',
        ...verdicts.map((verdict) =>
          percent(rows.filter((row) => row.verdict === verdict).length, rows.length),
        ),
      ],
    ],
  );
  if (values.types) printByType(rows);
  printOffenders(
    'slower than 10 s',
    rows.filter(({ milliseconds }) => milliseconds > SLOW_MS),
  );
  return rows;
}

function examineAttacks(): void {
  const names = Object.keys(ciphers) as CipherName[];
  const rows: (Row & { layout: string; changed: number })[] = [];
  let seed = Number(values.seed) * 1_000_003;
  for (const file of allCorpusFiles('genuine')) {
    for (const layout of basicLayouts) {
      seed++;
      const cipher = names[seed % names.length]!;
      const attacked = attack(file, layout, cipher, seed);
      if (attacked === null || file.bytes.length === 0) continue;
      // Ciphers of blocks leave files of a few bytes as they are: that's no attack.
      if (attacked.name === file.name && Buffer.compare(attacked.bytes, file.bytes) === 0) continue;
      const path = `${file.path.slice(corpusRoot.length + 1)} (${layout.id}, ${cipher}, seed ${seed})`;
      rows.push({
        ...judgeFile(file.type, path, attacked),
        layout: layout.id,
        changed: attacked.changedBytes,
      });
    }
  }
  console.log(`\n## attacks: ${rows.length} attacked copies`);
  printTable(
    ['layout', 'copies', ...verdicts],
    basicLayouts.map(({ id }) => {
      const those = rows.filter(({ layout }) => layout === id);
      return [id, those.length, ...countByVerdict(those)];
    }),
  );
  const large = rows.filter(({ changed }) => changed >= 65_536);
  console.log(
    `encrypted where ≥ 64 KiB were changed: ${percent(large.filter(({ verdict }) => verdict === 'encrypted').length, large.length)} of ${large.length}`,
  );
  const noticed = rows.filter(
    ({ verdict }) => verdict === 'encrypted' || verdict === 'damaged' || verdict === 'suspect',
  );
  console.log(`encrypted, damaged or suspect: ${percent(noticed.length, rows.length)}`);
  const safe = rows.filter(({ verdict }) => verdict === 'intact' || verdict === 'protected');
  console.log(
    `renamed only, their content proved: ${safe.filter(({ changed }) => changed === 0).length} are safe to restore`,
  );
  printOffenders(
    'attacked, yet called safe, changed bytes ≥ floor',
    safe.filter(({ changed, floor }) => changed > 0 && changed >= floor),
  );
  printOffenders(
    'attacked, yet called safe, changed bytes < floor',
    safe.filter(({ changed, floor }) => changed > 0 && changed < floor),
  );
}

if (!hasCorpus) {
  console.log(`skipped: no corpus at ${corpusRoot}`);
  process.exit(0);
}
const wanted = (name: string) => values.class === undefined || values.class === name;
if (wanted('genuine')) {
  const genuine = examineClass('genuine');
  printOffenders(
    'genuine, yet called encrypted',
    genuine.filter(({ verdict }) => verdict === 'encrypted'),
  );
  printOffenders(
    'genuine, yet called suspect',
    genuine.filter(({ verdict }) => verdict === 'suspect'),
  );
  printOffenders(
    'genuine, yet called damaged',
    genuine.filter(({ verdict }) => verdict === 'damaged'),
  );
  const first = genuine.filter(({ type }) => firstFormats.includes(type));
  console.log(
    `\nintact among the first formats: ${percent(first.filter(({ verdict }) => verdict === 'intact').length, first.length)} of ${first.length}`,
  );
  printOffenders(
    'first formats, not intact',
    first.filter(({ verdict }) => verdict !== 'intact'),
  );
}
if (wanted('protected')) {
  const sealed = examineClass('protected');
  printOffenders(
    'protected, yet called otherwise',
    sealed.filter(({ verdict }) => verdict !== 'protected'),
  );
}
if (wanted('malformed')) {
  const malformed = examineClass('malformed');
  printOffenders(
    'malformed, yet called encrypted',
    malformed.filter(({ verdict }) => verdict === 'encrypted'),
  );
  printOffenders(
    'malformed, yet called intact',
    malformed.filter(({ verdict }) => verdict === 'intact'),
  );
}
if (wanted('attacks')) examineAttacks();
