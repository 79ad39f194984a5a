import { type Verdict, verdicts } from '../../src/ledger/terms.ts';
import { methods } from '../peers/methods.ts';
import { percent, printTable } from '../table.ts';
import type { Row } from './row.ts';

const MUCH = 65_536;
const LARGE = 4 * 1024 * 1024;
const noticed: readonly Verdict[] = ['encrypted', 'damaged', 'suspect'];

export function printReport(rows: readonly Row[], misses: number): void {
  const genuine = rows.filter((row) => row.class === 'genuine');
  const attacked = rows.filter((row) => row.class !== 'genuine');
  const cryptographic = attacked.filter((row) => row.class === 'cryptographic');
  printVerdicts('by class', [...genuine, ...attacked], (row) => row.class);
  printVerdicts('by attack', attacked, (row) => row.attack);
  printVerdicts('cryptographic, by cipher', cryptographic, (row) => row.cipher);
  printSafe(attacked, misses);
  printTargets(genuine, cryptographic, misses);
  printPeers(genuine, cryptographic);
}

function groupBy(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

function count(rows: readonly Row[], verdict: Verdict): number {
  return rows.filter((row) => row.verdict === verdict).length;
}

function printVerdicts(title: string, rows: readonly Row[], key: (row: Row) => string): void {
  console.log(`\n## Verdicts ${title}`);
  const table = [...groupBy(rows, key)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, those]) => [name, those.length, ...verdicts.map((verdict) => count(those, verdict))]);
  printTable(['', 'copies', ...verdicts], table);
}

/** Called safe, though changed: at or above the floor that the verdict itself states, and below it. */
function printSafe(attacked: readonly Row[], misses: number): void {
  // A good zip under a password is what it says, whoever made it.
  const changed = attacked.filter((row) => row.changed > 0 && row.class !== 'password container');
  const intact = changed.filter(({ verdict }) => verdict === 'intact' || verdict === 'protected');
  const isAbove = ({ longest, changed, floor }: Row) => longest >= floor || changed >= floor;
  const above = intact.filter(isAbove);
  console.log('\n## Called intact or protected, though changed');
  console.log(`longest changed run or changed bytes reach the stated floor: ${above.length}`);
  printRows(above, misses);
  const below = intact.length - above.length;
  console.log(`below the floor: ${below} of ${changed.filter((row) => !isAbove(row)).length} such changes`);
}

function printTargets(genuine: readonly Row[], cryptographic: readonly Row[], misses: number): void {
  const much = cryptographic.filter(({ encrypted }) => encrypted >= MUCH);
  const found = much.filter(({ verdict }) => verdict === 'encrypted');
  const large = cryptographic.filter(
    ({ size, scheme, truth }) => size >= LARGE && scheme !== null && truth !== null,
  );
  const unnoticed = cryptographic.filter(({ verdict }) => !noticed.includes(verdict));
  console.log('\n## Targets');
  const mean = (some: readonly Row[]) =>
    (some.reduce((sum, { overlap }) => sum + (overlap ?? 0), 0) / Math.max(1, some.length)).toFixed(4);
  printTable(
    ['', 'share', 'of', 'target'],
    [
      [
        'cryptographic: encrypted, damaged or suspect',
        percent(cryptographic.length - unnoticed.length, cryptographic.length),
        cryptographic.length,
        '≥ 98 %',
      ],
      ['encrypted, where ≥ 64 KiB were encrypted', percent(found.length, much.length), much.length, '≥ 95 %'],
      ['mean overlap of ranges, where ≥ 64 KiB', mean(much), much.length, '≥ 0.98'],
      ['the same, of those called encrypted', mean(found), found.length, ''],
      [
        'kind of layout, files ≥ 4 MiB',
        percent(large.filter(({ scheme, truth }) => scheme?.kind === truth?.kind).length, large.length),
        large.length,
        '≥ 90 %',
      ],
      [
        'parameters exact, files ≥ 4 MiB',
        percent(large.filter((row) => row.isExact).length, large.length),
        large.length,
        '≥ 80 %',
      ],
      ['genuine: encrypted', String(count(genuine, 'encrypted')), genuine.length, '0'],
      ['genuine: suspect', percent(count(genuine, 'suspect'), genuine.length), genuine.length, '< 1 %'],
    ],
  );
  printMisses('unnoticed', unnoticed, misses);
  printMisses(
    '≥ 64 KiB, not encrypted',
    much.filter(({ verdict }) => verdict !== 'encrypted'),
    misses,
  );
  printMisses(
    'overlap below 0.9',
    found.filter(({ overlap }) => (overlap ?? 1) < 0.9),
    misses,
  );
  printMisses(
    'layout',
    large.filter((row) => !row.isExact),
    misses,
    describeScheme,
  );
  printMisses(
    'genuine, suspect or encrypted',
    genuine.filter(({ verdict }) => verdict === 'suspect' || verdict === 'encrypted'),
    misses,
  );
}

function printMisses(title: string, rows: readonly Row[], most: number, describe = describeRow): void {
  if (rows.length === 0 || most === 0) return;
  const groups = [...groupBy(rows, ({ file }) => file.split('/')[0] ?? '')].sort(
    (a, b) => b[1].length - a[1].length,
  );
  const types = groups.slice(0, 12).map(([type, those]) => `${type} ${those.length}`);
  console.log(`\n${title}: ${rows.length} (${types.join(', ')}${groups.length > 12 ? ', …' : ''})`);
  printRows(rows, most, describe);
}

/** Spread evenly, since neighbours are alike. */
function printRows(rows: readonly Row[], most: number, describe = describeRow): void {
  const step = Math.max(1, Math.ceil(rows.length / Math.max(1, most)));
  for (let i = 0; i < rows.length; i += step) console.log(`  ${describe(rows[i]!)}`);
}

function describeRow(row: Row): string {
  const overlap = row.overlap === null ? '' : ` overlap ${row.overlap.toFixed(3)},`;
  return `${row.verdict.padEnd(9)} ${row.file} (${row.attack}, ${row.cipher}, ${row.size} bytes, ${row.changed} changed, floor ${row.floor},${overlap} ${row.format ?? 'no format'}): ${row.reason}`;
}

function describeScheme(row: Row): string {
  return `${row.file} (${row.attack}, ${row.cipher}, ${row.size}): ${JSON.stringify(row.scheme)} instead of ${JSON.stringify(row.truth)}`;
}

function printPeers(genuine: readonly Row[], cryptographic: readonly Row[]): void {
  console.log('\n## Compared with other methods: cryptographic attacks missed, genuine files accused');
  const ours = (rows: readonly Row[], which: readonly Verdict[]) =>
    rows.filter(({ verdict }) => which.includes(verdict)).length;
  const rate = (caught: number, accused: number) => [
    percent(cryptographic.length - caught, cryptographic.length),
    percent(accused, genuine.length),
  ];
  printTable(
    ['method', 'missed', 'false alarms'],
    [
      [
        'unscathed: encrypted, damaged or suspect',
        ...rate(ours(cryptographic, noticed), ours(genuine, noticed)),
      ],
      ['unscathed: encrypted', ...rate(ours(cryptographic, ['encrypted']), ours(genuine, ['encrypted']))],
      [
        'unscathed: not called safe (gate)',
        ...rate(
          cryptographic.length - ours(cryptographic, ['intact', 'protected']),
          genuine.length - ours(genuine, ['intact', 'protected']),
        ),
      ],
      ...methods.map(({ id }, i) => [
        id,
        ...rate(
          cryptographic.filter((row) => row.accused[i]).length,
          genuine.filter((row) => row.accused[i]).length,
        ),
      ]),
    ],
  );
}
