import { basename, dirname, join } from 'node:path';
import { ReadError } from '../bytes/errors.ts';
import { FileSource } from '../bytes/file-source.ts';
import { examine } from '../examine/examine.ts';
import type { Verdict } from '../ledger/terms.ts';
import { explain } from '../report/explanation.ts';
import { fileLine } from '../report/line.ts';
import { exitCode, UsageError } from './exit.ts';
import { marksFrom } from './families.ts';
import { painterFor } from './paint.ts';

/** Explains one file on standard output, and returns the exit code. @throws UsageError, ReadError */
export function explainFile(path: string, asJson: boolean, marks?: string): number {
  const source = open(path);
  try {
    const folder = dirname(path);
    const sibling = (name: string) => openBeside(join(folder, basename(name)));
    const examination = examine(source, { name: basename(path), sibling, marks: marksFrom(marks) });
    const lines = asJson
      ? [JSON.stringify(fileLine({ path: { text: path }, modified: source.stats.mtime }, examination))]
      : explain(path, examination, painterFor(process.stdout));
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
