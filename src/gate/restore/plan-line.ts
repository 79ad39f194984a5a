import type { Verdict } from '../../ledger/terms.ts';
import type { ReportedPath } from '../../report/line.ts';

/** The version of the plan's form. */
export const PLAN_VERSION = 1;

/** The first line of a plan. */
export interface PlanHeader {
  readonly type: 'plan';
  readonly schema: typeof PLAN_VERSION;
  readonly tool: string;
  /** ISO 8601, UTC. */
  readonly made: string;
  /** What the order of the snapshots was taken from. */
  readonly orderedBy: string;
  /** The oldest first; other lines name them by their place, from 0 on. */
  readonly snapshots: readonly PlannedSnapshot[];
  /** Verdicts of versions that may be chosen. */
  readonly accept: readonly Verdict[];
  readonly attack: {
    /** The first snapshot with files hit by it. */
    readonly snapshot: number;
    readonly by: 'jump' | 'first hit' | 'given';
    readonly newlyHit: number;
    readonly share: number;
  } | null;
}

export interface PlannedSnapshot {
  /** Absolute, without symbolic links. */
  readonly path: ReportedPath;
  readonly label: string;
  /** ISO 8601, UTC. */
  readonly time: string | null;
}

/** A version of a file. */
export interface PlannedVersion {
  readonly snapshot: number;
  /** Relative to the snapshot; left out where it's the path itself. */
  readonly source?: ReportedPath;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string | null;
  /** ISO 8601, UTC. */
  readonly modified: string;
  readonly verdict: Verdict | null;
}

/** A file to be restored. */
export interface RestoreLine extends PlannedVersion {
  readonly type: 'restore';
  /** Where it goes, relative to the target. */
  readonly path: ReportedPath;
  readonly sha256: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** A file of which no version may be restored. */
export interface MissingLine {
  readonly type: 'missing';
  readonly path: ReportedPath;
  readonly reason: string;
  /** The version of which most is proved: what could be saved by hand. */
  readonly best: (PlannedVersion & { readonly proved: number }) | null;
}

/** A file that isn't restored on purpose. */
export interface LeftLine {
  readonly type: 'left';
  readonly path: ReportedPath;
  readonly reason: string;
  readonly last: PlannedVersion;
}

/** The last line; a plan without it is incomplete, and isn't applied. */
export interface PlanEnd {
  readonly type: 'end';
  readonly restore: number;
  /** Of the files to be restored. */
  readonly bytes: number;
  readonly missing: number;
  readonly left: number;
}

export type PlanLine = PlanHeader | RestoreLine | MissingLine | LeftLine | PlanEnd;
