import { OverBudget } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Statistics } from '../kernel/statistics.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountByContrast } from '../signs/contrast.ts';
import { findRandomRuns } from '../signs/random-runs.ts';
import type { RandomRun, WholeFile } from '../verdict/evidence.ts';

export interface Signs {
  readonly wholeFile: WholeFile;
  readonly runs: readonly RandomRun[];
  /** Why the search ended early; null if it didn't. */
  readonly stopped: string | null;
}

/** Statistics over the bytes that no proof accounts for; contrast is entered into the ledger. */
export function gatherSigns(reader: Reader, ledger: Ledger, statistics: Statistics): Signs {
  let runs: readonly RandomRun[] = [];
  let stopped: string | null = null;
  try {
    readTheRest(reader, statistics);
    accountByContrast(reader, ledger);
    runs = findRandomRuns(reader, ledger.ranges('unaccounted', 'raw', 'coded'), statistics);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    stopped = error.message;
  }
  return { wholeFile: wholeFileOf(statistics), runs, stopped };
}

/** Shows the statistics the blocks that no verifier asked for. */
function readTheRest(reader: Reader, statistics: Statistics): void {
  if (statistics.complete) return;
  for (const _ of reader.stream(0, reader.size)) reader.meter.step();
}

function wholeFileOf({ entropy, chiSquare, printableShare, zeroShare }: Statistics): WholeFile {
  return { entropy, chiSquare, printable: printableShare, zero: zeroShare };
}
