import { lengthOf, type Range } from '../../bytes/range.ts';
import { SHORTEST_DIGIT_RUN } from './digit-runs.ts';

/** Lines of digits that belong together, in a run of digits and line ends. */
export interface DigitBlock {
  /** Indices into the run. */
  readonly start: number;
  readonly end: number;
  /** What stands in the line after it, if that begins with `=`: the checksum of OpenPGP armour. */
  readonly checksum: string | null;
}

interface Line extends Range {
  readonly text: string;
  readonly isPadded: boolean;
}

/** Splits a run at empty lines, at lines with dashes (MIME boundaries, PEM labels), and after padding. */
export function splitIntoBlocks(run: Buffer): DigitBlock[] {
  const blocks: DigitBlock[] = [];
  let first: Line | null = null;
  let last: Line | null = null;
  const close = (checksum: string | null) => {
    const start = first?.start ?? 0;
    const end = last?.end ?? 0;
    if (end - start >= SHORTEST_DIGIT_RUN) blocks.push({ start, end, checksum });
    first = last = null;
  };
  for (const line of linesOf(run)) {
    if (line.text.startsWith('=')) close(line.text);
    else if (line.text === '' || line.text.includes('--')) close(null);
    else {
      if (last?.isPadded === true) close(null);
      // A word at the end of the line before belongs to no block, which begins with a full line.
      if (first === last && first !== null && lengthOf(line) > lengthOf(first)) first = null;
      first ??= line;
      last = line;
    }
  }
  close(null);
  return blocks;
}

/** Lines with their ends cut off; a line of more than a few hundred digits is kept by its start and end only. */
function* linesOf(run: Buffer): Generator<Line> {
  for (let at = 0; at < run.length; ) {
    const found = run.indexOf(0x0a, at);
    const next = found < 0 ? run.length : found + 1;
    let end = found < 0 ? run.length : found;
    while (end > at && run[end - 1] === 0x0d) end--;
    yield {
      start: at,
      end,
      isPadded: run[end - 1] === 0x3d,
      text: run.toString('latin1', at, Math.min(end, at + 512)),
    };
    at = next;
  }
}
