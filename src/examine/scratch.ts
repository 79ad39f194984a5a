import { WINDOW } from '../bytes/reader.ts';
import { Statistics } from '../kernel/statistics.ts';

/** What the examination of one file works with: reused, as a server's files are small and many. */
export interface Scratch {
  readonly window: Uint8Array<ArrayBuffer>;
  readonly statistics: Statistics;
}

/** One for each level of nesting that was ever in use at once. */
const spare: Scratch[] = [];

/** Lends a scratch while `work` runs. Nothing of it may be kept. */
export function withScratch<T>(size: number, work: (scratch: Scratch) => T): T {
  const scratch = spare.pop() ?? { window: new Uint8Array(WINDOW), statistics: new Statistics(0) };
  scratch.statistics.reset(size);
  try {
    return work(scratch);
  } finally {
    spare.push(scratch);
  }
}
