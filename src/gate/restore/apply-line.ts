import type { Verdict } from '../../ledger/terms.ts';
import type { ReportedPath } from '../../report/line.ts';

/** The first line. */
export interface ApplyHeader {
  readonly type: 'apply';
  readonly schema: 1;
  readonly tool: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Absolute, without links. */
  readonly to: string;
  readonly dryRun: boolean;
  /** Files of the plan, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files of which the plan knows no version that may be restored. */
  readonly missing: number;
}

/** A file that is where it belongs, complete and verified; or, in a dry run, would be. */
export interface DoneLine {
  readonly type: 'done';
  /** `present`: it was there before, with the same bytes. */
  readonly what: 'restored' | 'replaced' | 'present' | 'would restore' | 'would replace';
  readonly path: ReportedPath;
  readonly size: number;
  readonly sha256: string;
  /** What it was found to be, once more, before it got its name. */
  readonly verdict: Verdict;
}

/** A file that was left alone, and why. */
export interface RefusedLine {
  readonly type: 'refused';
  readonly path: ReportedPath;
  readonly why: string;
}

/** The last line. */
export interface ApplyEnd {
  readonly type: 'end';
  readonly restored: number;
  readonly replaced: number;
  readonly present: number;
  readonly refused: number;
  readonly bytes: number;
  readonly interrupted: boolean;
}

export type ApplyLine = ApplyHeader | DoneLine | RefusedLine | ApplyEnd;
