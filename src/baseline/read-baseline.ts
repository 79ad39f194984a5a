import { createReadStream } from 'node:fs';
import { type Baseline, BaselineBuilder, MOST_ENTRIES } from './baseline.ts';
import { BaselineError } from './baseline-error.ts';
import { detectForm, type LineParser } from './forms.ts';

/** Longer lines are in no list, in characters: a report's line on a file ends sooner. */
const LONGEST_LINE = 4 << 20;

/**
 * Reads a known-good state from a file: a report that `scan --sha256` wrote, lines as `sha256sum` writes them, CSV with a
 * header as the NSRL's, or DFXML. The list is read once, line by line.
 * @throws BaselineError with the line at which it's wrong; what the system says where it can't be read
 */
export async function readBaseline(file: string): Promise<Baseline> {
  const builder = new BaselineBuilder();
  let parser: LineParser | null = null;
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    if (line.trim() === '' && parser === null) continue;
    parser ??= detectForm(line, builder);
    const wrong = parser === null ? UNKNOWN_FORM : parser.take(line);
    if (wrong !== null) throw new BaselineError(`${file}, line ${number}: ${wrong}`);
    if (builder.entries > MOST_ENTRIES) throw new BaselineError(`${file}: more than ${MOST_ENTRIES} entries`);
  }
  const wrong = parser === null ? 'it is empty' : parser.end();
  if (wrong !== null) throw new BaselineError(`${file}: ${wrong}`);
  if (builder.files === 0) throw new BaselineError(`${file}: no SHA-256 or SHA-1 of a sound file is in it`);
  return builder.build();
}

const UNKNOWN_FORM =
  'neither a report of unscathed, nor lines as sha256sum writes them, nor CSV with a header as the NSRL’s, nor DFXML';

async function* linesOf(file: string): AsyncGenerator<string> {
  let left = '';
  for await (const piece of createReadStream(file, 'utf8')) {
    const lines = (left + piece).split('\n');
    left = lines.pop()!;
    if (left.length > LONGEST_LINE)
      throw new BaselineError(`${file}: a line of more than ${LONGEST_LINE} characters`);
    yield* lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
  if (left !== '') yield left;
}
