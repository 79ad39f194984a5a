// The programs themselves, and our own verdicts, on the same attacked copies, written to a temporary folder one by one:
//   node bench/run.mjs peers [--sample N] [--every N] [--seed N] [--least BYTES]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { examine } from '../../src/examine/examine.ts';
import type { Attacked } from '../attacks/attack.ts';
import { victims } from '../attacks/hosts/victims.ts';
import { variantsOf } from '../attacks/plan.ts';
import { percent, printTable } from '../table.ts';
import { methods } from './methods.ts';
import { tools } from './tools.ts';

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '90' },
    every: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    least: { type: 'string', default: '0' },
  },
});

interface Row {
  readonly isGenuine: boolean;
  /** For each of the judges whether it accuses; null where it couldn't be asked. */
  readonly accused: readonly (boolean | null)[];
}

const noticed = new Set(['encrypted', 'damaged', 'suspect']);
const judges = [
  'unscathed: encrypted, damaged or suspect',
  'unscathed: encrypted',
  ...methods.map(({ id }) => id),
  ...tools.map(({ id }) => id),
];
const folder = mkdtempSync(join(tmpdir(), 'peers-'));

function ask({ name, bytes }: Attacked): Row['accused'] {
  const path = join(folder, `copy${extname(name)}`);
  writeFileSync(path, bytes);
  const { verdict } = examine(bytes, { name }).judgement;
  return [
    noticed.has(verdict),
    verdict === 'encrypted',
    ...methods.map((method) => method.accuses(bytes, name)),
    ...tools.map((tool) => tool.accuses(path)),
  ];
}

/** All genuine files that were chosen, and every so many-th of the cryptographic copies of them. */
function* askAbout(): Generator<Row> {
  const choice = {
    file: '',
    least: Number(values.least),
    every: Number(values.sample),
    all: false,
    large: false,
  };
  const wanted = { only: '', most: Number.MAX_SAFE_INTEGER, seed: Number(values.seed) };
  let number = 0;
  let count = 0;
  for (const victim of victims(choice)) {
    const file = victim();
    for (const { origin, make } of variantsOf(file, number++, wanted)) {
      const isGenuine = origin.class === 'genuine';
      if (!isGenuine && (origin.class !== 'cryptographic' || count++ % Number(values.every) !== 0)) continue;
      const attacked = make();
      if (attacked !== null && attacked.bytes.length > 0) yield { isGenuine, accused: ask(attacked) };
    }
  }
}

function printRates(rows: readonly Row[]): void {
  const share = (some: readonly Row[], i: number, wanted: boolean) => {
    const asked = some.filter(({ accused }) => accused[i] !== null);
    return percent(asked.filter(({ accused }) => accused[i] === wanted).length, asked.length);
  };
  const genuine = rows.filter(({ isGenuine }) => isGenuine);
  const attacked = rows.filter(({ isGenuine }) => !isGenuine);
  console.log(`${attacked.length} attacked copies, ${genuine.length} genuine files`);
  printTable(
    ['method', 'attacks missed', 'genuine accused'],
    judges.map((judge, i) => [judge, share(attacked, i, false), share(genuine, i, true)]),
  );
}

try {
  printRates([...askAbout()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
