// Our verdict beside that of the tester which people already trust, over genuine and malformed files:
//   node bench/run.mjs agreement [tester …]

import type { Examination } from '../../src/examine/examination.ts';
import { examine } from '../../src/examine/examine.ts';
import { allCorpusFiles, corpusRoot, hasCorpus } from '../../test/support/corpus.ts';
import { percent, printTable } from '../table.ts';
import { ask, isInstalled, type Said } from './ask.ts';
import { reasons } from './reasons.ts';
import { builtIns, testers } from './testers.ts';

type Outcome =
  | 'both ok'
  | 'both bad'
  | 'only we accept'
  | 'only we reject'
  | 'we don’t know it'
  | 'tester silent';
const outcomes: readonly Outcome[] = [
  'both ok',
  'both bad',
  'only we accept',
  'only we reject',
  'we don’t know it',
  'tester silent',
];

interface Row {
  readonly tester: string;
  readonly type: string;
  /** Relative to the corpus. */
  readonly path: string;
  readonly outcome: Outcome;
  readonly ours: string;
  readonly theirs: string;
}

interface Judge {
  readonly name: string;
  readonly types: readonly string[];
  say(path: string, bytes: Uint8Array): Said;
}

if (!hasCorpus) process.exit(2);
const judges = findJudges(process.argv.slice(2));
const rows = compare(judges);
printByType();
const unexplained = printDisagreements('only we accept') + printDisagreements('only we reject');
printSummary();
process.exitCode = unexplained === 0 ? 0 : 1;

function findJudges(wanted: readonly string[]): Judge[] {
  const isWanted = ({ name }: { name: string }) =>
    wanted.length === 0 || wanted.some((part) => name.includes(part));
  const missing = testers.filter((tester) => !isInstalled(tester));
  for (const { name } of missing.filter(isWanted)) console.log(`not installed, left out: ${name}`);
  const programs = testers
    .filter((tester) => !missing.includes(tester))
    .map((tester) => ({ ...tester, say: (path: string) => ask(tester, path) }));
  const inside = builtIns.map((one) => ({
    ...one,
    say: (_: string, bytes: Uint8Array) => ({ word: one.test(bytes), line: '' }),
  }));
  return [...programs, ...inside].filter(isWanted);
}

function compare(asked: readonly Judge[]): Row[] {
  const found: Row[] = [];
  for (const kind of ['genuine', 'malformed'] as const) {
    for (const file of allCorpusFiles(kind)) {
      for (const judge of asked.filter(({ types }) => types.includes(file.type))) {
        const said = judge.say(file.path, file.bytes);
        const examined = examine(file.bytes, { name: file.name });
        found.push({
          tester: judge.name,
          type: file.type,
          path: file.path.slice(corpusRoot.length + 1),
          outcome: outcomeOf(examined, said),
          ours: ourWords(examined),
          theirs: said.line,
        });
      }
    }
  }
  return found;
}

function outcomeOf(examined: Examination, { word }: Said): Outcome {
  if (word === 'silent') return 'tester silent';
  if (isUnknown(examined)) return 'we don’t know it';
  const isAccepted = accepts(examined);
  if (isAccepted) return word === 'ok' ? 'both ok' : 'only we accept';
  return word === 'ok' ? 'only we reject' : 'both bad';
}

/** A file whose type we don't know is neither accepted nor rejected. */
function isUnknown({ evidence, judgement }: Examination): boolean {
  return evidence.identity.format === null && judgement.verdict === 'unproved';
}

/** Sound as far as anything was seen: what is unproved, without a contradiction, isn't rejected. */
function accepts({ evidence, judgement }: Examination): boolean {
  if (!['intact', 'unproved', 'protected'].includes(judgement.verdict)) return false;
  return !evidence.ledger.observations.some(({ kind }) => kind === 'broken' || kind === 'truncated');
}

function ourWords({ judgement }: Examination): string {
  const [first] = judgement.reasons;
  return `${judgement.verdict}, ${first?.code} ${first?.text.slice(0, 120)}`;
}

function printByType(): void {
  const keys = [...new Set(rows.map(({ tester, type }) => `${tester}\t${type}`))].sort();
  const table = keys.map((key) => {
    const those = rows.filter(({ tester, type }) => `${tester}\t${type}` === key);
    return [key.replace('\t', '  '), those.length, ...count(those)];
  });
  table.push(['all', rows.length, ...count(rows)]);
  printTable(['tester, type', 'files', ...outcomes], table);
}

function count(those: readonly Row[]): number[] {
  return outcomes.map((outcome) => those.filter((row) => row.outcome === outcome).length);
}

/** Prints each disagreement with its reason; returns how many have none. */
function printDisagreements(outcome: Outcome): number {
  const those = rows.filter((row) => row.outcome === outcome);
  console.log(`\n## ${outcome}: ${those.length}`);
  let without = 0;
  for (const row of those) {
    const why = whyOf(row);
    if (why === null) without++;
    console.log(`${row.path} (${row.tester})\n    ours: ${row.ours}\n    theirs: ${row.theirs}`);
    console.log(`    why: ${why ?? 'UNEXPLAINED'}`);
  }
  return without;
}

function whyOf({ path, outcome, tester }: Row): string | null {
  const reason = reasons.find(
    (one) =>
      one.outcome === outcome &&
      (one.tester === undefined || one.tester === tester) &&
      one.paths.some((start) => path.startsWith(start)),
  );
  return reason?.why ?? null;
}

function printSummary(): void {
  const heard = rows.filter(({ outcome }) => outcome !== 'tester silent' && outcome !== 'we don’t know it');
  const alike = heard.filter(({ outcome }) => outcome === 'both ok' || outcome === 'both bad');
  console.log(`\nagreement: ${percent(alike.length, heard.length)} of ${heard.length}`);
  console.log(`disagreements without a reason: ${unexplained}`);
}
