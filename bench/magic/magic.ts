import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Matcher } from '../../src/formats/match.ts';
import { signatures } from '../../src/formats/signatures.ts';
import { formats } from '../../src/formats/table.ts';
import { corpusRoot, hasCorpus } from '../../test/support/corpus.ts';
import { names } from './names.ts';
import { type Difference, reasons } from './reasons.ts';

/** What was said of one file. */
interface Answer {
  readonly type: string;
  readonly path: string;
  readonly ours: readonly string[];
  readonly theirs: string;
  readonly mime: string;
}

type Outcome = 'same' | 'neither knows it' | Difference;

/** Descriptions by which `file` says that it knows nothing. */
const unknown = /^(data|empty|very short file.*)$/;
/** Descriptions of a text, whose language `file` may have guessed from its words. */
const plainText =
  /^(Bourne-Again |POSIX |C\+\+ |C |Java |JavaScript |Python |BibTeX |Lisp\/Scheme |DOS batch |makefile |Windows setup |SubRip|ASCII |Unicode |UTF-\d+ |ISO-8859 |Non-ISO |news or mail|CSV ).*|(JSON|New Line Delimited JSON) text data/;

if (!hasCorpus) process.exit(2);
const matcher = new Matcher([...formats, ...signatures]);
const answers = askBoth(join(corpusRoot, 'genuine'));
printAgreement();
const unexplained = printDifferences();
printMimeTypes();
printSpeed();
process.exitCode = unexplained === 0 ? 0 : 1;

function askBoth(root: string): Answer[] {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const descriptions = askFile(paths, []);
  const mimes = askFile(paths, ['--mime-type']);
  return paths.map((path, i) => {
    const bytes = readFileSync(path);
    const ours = identify(bytes);
    const type = path.slice(root.length + 1).split('/')[0]!;
    return { type, path, ours, theirs: descriptions[i]!, mime: mimes[i]! };
  });
}

function askFile(paths: readonly string[], options: readonly string[]): string[] {
  const input = paths.join('\n');
  const said = execFileSync('file', ['-b', ...options, '-f', '-'], {
    input,
    encoding: 'latin1',
    maxBuffer: 1e8,
  });
  return said.trimEnd().split('\n');
}

/** By magic bytes, or else by what verifiers of formats without them say of the head. */
function identify(bytes: Uint8Array): string[] {
  const matched = matcher.match(bytes, bytes, bytes.length);
  if (matched.length > 0) return matched.map((format) => format.id);
  const head = bytes.subarray(0, 4096);
  return formats.filter((format) => format.recognise?.(head, bytes.length)).map((format) => format.id);
}

function outcomeOf({ ours, theirs }: Answer): Outcome {
  const text = ours.length > 0 && ours.every((id) => id === 'text');
  if (unknown.test(theirs)) return ours.length === 0 ? 'neither knows it' : 'we say more';
  if (plainText.test(theirs)) {
    if (ours.includes('text') || ours.some((id) => isNamed(id, theirs))) return 'same';
    return ours.length === 0 ? 'file says more' : 'we say more';
  }
  if (ours.some((id) => isNamed(id, theirs))) return 'same';
  return ours.length === 0 || text ? 'file says more' : 'another format';
}

function isNamed(id: string, description: string): boolean {
  return new RegExp(names[id] ?? id.replaceAll('-', ' '), 'i').test(description);
}

function printAgreement(): void {
  const counts = new Map<Outcome, number>();
  for (const answer of answers) counts.set(outcomeOf(answer), (counts.get(outcomeOf(answer)) ?? 0) + 1);
  const same = (counts.get('same') ?? 0) + (counts.get('neither knows it') ?? 0);
  console.log(
    `${answers.length} genuine files; magic bytes of ${formats.length + signatures.length} formats\n`,
  );
  for (const [outcome, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    console.log(`${outcome.padEnd(20)} ${String(count).padStart(5)}  ${share(count, answers.length)}`);
  }
  const named = answers.filter((one) => !['neither knows it', 'we say more'].includes(outcomeOf(one)));
  const alike = named.filter((one) => outcomeOf(one) === 'same');
  console.log(`\nagreement over all files: ${share(same, answers.length)}`);
  console.log(
    `agreement where file names a format: ${share(alike.length, named.length)} of ${named.length}\n`,
  );
}

/** Prints each difference by reason; returns the number of files without one. */
function printDifferences(): number {
  const byReason = new Map<string, Answer[]>();
  for (const answer of answers) {
    const outcome = outcomeOf(answer);
    if (outcome === 'same' || outcome === 'neither knows it') continue;
    const why = `${outcome}: ${whyOf(answer, outcome) ?? 'UNEXPLAINED'}`;
    byReason.set(why, [...(byReason.get(why) ?? []), answer]);
  }
  for (const [why, group] of [...byReason].sort((a, b) => b[1].length - a[1].length)) {
    const types = [...new Set(group.map((one) => one.type))];
    console.log(`${String(group.length).padStart(5)}  ${why}\n       ${types.join(' ')}`);
  }
  const left = answers.filter((one) => isUnexplained(one));
  for (const one of left) console.log(`\n${one.path}\n  ours: ${one.ours[0] ?? 'none'}; file: ${one.theirs}`);
  console.log(`\nunexplained: ${left.length}`);
  return left.length;
}

function whyOf({ type, theirs }: Answer, outcome: Difference): string | null {
  const reason = reasons.find(
    (one) =>
      one.difference === outcome &&
      one.types.includes(type) &&
      (one.says === undefined || new RegExp(one.says).test(theirs)),
  );
  return reason?.why ?? null;
}

function isUnexplained(answer: Answer): boolean {
  const outcome = outcomeOf(answer);
  if (outcome === 'same' || outcome === 'neither knows it') return false;
  return whyOf(answer, outcome) === null;
}

/** `file --mime-type` has fewer words than `file -b`: how often it can say less than we do. */
function printMimeTypes(): void {
  const vague = answers.filter((one) => /^(application\/octet-stream|text\/plain)$/.test(one.mime));
  const known = vague.filter((one) => one.ours.length > 0);
  console.log(
    `\nfile --mime-type says octet-stream or plain text: ${vague.length}; of these we name ${known.length}`,
  );
}

function printSpeed(): void {
  const heads = answers.map((one) => readFileSync(one.path).subarray(0, 4096));
  const rounds = 200;
  let found = 0;
  // Time of this process alone: other load on the machine does not count.
  const start = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    for (const head of heads) found += matcher.match(head, head, head.length).length;
  }
  const { user, system } = process.cpuUsage(start);
  const each = (1000 * (user + system)) / (rounds * heads.length);
  console.log(
    `matcher: ${each.toFixed(0)} ns of processor a file (heads of 4 KiB, ${found / rounds} matches a round)`,
  );
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
