import { basename, dirname, join } from 'node:path';
import { ReadError } from '../bytes/errors.ts';
import { FileSource } from '../bytes/file-source.ts';
import type { Examination } from '../examine/examination.ts';
import { examine } from '../examine/examine.ts';
import type { Verdict } from '../ledger/terms.ts';
import { explain } from '../report/explanation.ts';
import { fileLine } from '../report/line.ts';
import { toJsonLine, toNdjson } from '../report/ndjson.ts';
import { salvageableLines } from '../report/salvageable-text.ts';
import { toneOf } from '../report/summary.ts';
import { printable } from '../report/text.ts';
import { findSalvageableOf } from '../salvage/salvage.ts';
import { exitCode, UsageError } from './exit.ts';
import { marksFrom } from './families.ts';
import { readStdin, STDIN } from './input.ts';
import { painterFor } from './paint.ts';

export interface ExplainOptions {
  readonly json?: boolean;
  readonly marks?: string;
  /** What the file would be called; for standard input, which has no name. */
  readonly name?: string;
  /** Also tell what is provably left of the file. */
  readonly salvageable?: boolean;
}

/** Explains one file on standard output, and returns the exit code. @throws UsageError, ReadError */
export function explainFile(path: string, options: ExplainOptions): Promise<number> {
  return tell(path, options, (name, examination) => explain(name, examination, painterFor(process.stdout)));
}

/** Tells the verdict on one file in one line, and returns the exit code. @throws UsageError, ReadError */
export function examineFile(path: string, options: ExplainOptions): Promise<number> {
  return tell(path, options, (name, { judgement: { verdict, reasons } }) => [
    `${painterFor(process.stdout)(verdict.padEnd(9), toneOf[verdict])}  ${printable(name)}  ${printable(reasons[0]?.text ?? '')}`,
  ]);
}

async function tell(
  path: string,
  { json, marks, name, salvageable }: ExplainOptions,
  inWords: (name: string, examination: Examination) => string[],
): Promise<number> {
  const shown = name ?? (path === STDIN ? 'standard input' : path);
  const source = path === STDIN ? await readStdin() : open(path);
  try {
    if (path === STDIN && source.size === 0) {
      process.stderr.write('unscathed: standard input was empty: did the program before it fail?\n');
      return exitCode.incomplete;
    }
    const sibling = (other: string) =>
      path === STDIN ? null : openBeside(join(dirname(path), basename(other)));
    const examineOptions = {
      name: basename(name ?? (path === STDIN ? '' : path)),
      sibling,
      marks: marksFrom(marks),
    };
    const examination = examine(source, examineOptions);
    const modified = source instanceof FileSource ? source.stats.mtime : null;
    const lines =
      json === true
        ? [toNdjson(fileLine({ path: { text: shown }, modified }, examination)).trimEnd()]
        : inWords(shown, examination);
    if (salvageable === true) {
      const left = findSalvageableOf({ source, examination, options: examineOptions });
      if (json === true) lines.push(toJsonLine({ type: 'salvageable', ...left }).trimEnd());
      else lines.push(...salvageableLines(left, painterFor(process.stdout)));
    }
    process.stdout.write(`${lines.join('\n')}\n`);
    return codeFor(examination.judgement.verdict);
  } finally {
    source.close();
  }
}

function open(path: string): FileSource {
  try {
    return new FileSource(path);
  } catch (error) {
    if (error instanceof ReadError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

function openBeside(path: string): FileSource | null {
  try {
    return new FileSource(path);
  } catch {
    // There is no such file, or none that can be read: for a verifier that's the same.
    return null;
  }
}

function codeFor(verdict: Verdict): number {
  return verdict === 'encrypted' || verdict === 'damaged' || verdict === 'suspect'
    ? exitCode.unsafe
    : exitCode.safe;
}
