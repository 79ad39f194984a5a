import { type Verdict, verdicts } from '../../ledger/terms.ts';
import type { ScanOptions } from '../../scan/options.ts';
import type { Trust } from './identity.ts';
import type { Order } from './order.ts';

/** Verdicts that may be allowed to be restored. What's encrypted, damaged, suspect or unread can't be. */
export const acceptable = ['intact', 'protected', 'unproved'] as const;
export type Acceptable = (typeof acceptable)[number];

export interface TimelineOptions
  extends Pick<
    ScanOptions,
    | 'workers'
    | 'policy'
    | 'budget'
    | 'plugins'
    | 'families'
    | 'patience'
    | 'heap'
    | 'include'
    | 'exclude'
    | 'crossMounts'
    | 'signal'
  > {
  /** How the snapshots are put in order; `auto` by default. */
  readonly order?: Order;
  /** What tells that a file didn't change, so that it needn't be read again; `inodes` by default. */
  readonly trust?: Trust;
  /** Names that differ in case, or in how accents are encoded, are the same; for snapshots of such file systems. */
  readonly foldCase?: boolean;
  /** Versions of these verdicts may be chosen; `intact` alone by default. */
  readonly accept?: readonly Acceptable[];
  /** Leaves versions alone that are older than one that may be chosen; by default each distinct content is examined. */
  readonly untilAccepted?: boolean;
  /** Where lists are kept meanwhile, about 200 bytes for each file of each snapshot; the system's temporary folder by default. */
  readonly scratch?: string;
  /** Called now and then. */
  readonly onProgress?: (progress: TimelineProgress) => void;
}

export interface TimelineProgress {
  readonly stage: 'listing' | 'examining';
  /** Snapshots that were listed. */
  readonly snapshots: number;
  /** Files that were listed, in all snapshots. */
  readonly files: number;
  /** Paths whose history is known. */
  readonly paths: number;
  readonly examined: number;
  readonly hashed: number;
}

/** @throws RangeError where a verdict is no such that may be accepted */
export function acceptedOf(accept: readonly string[] = ['intact']): ReadonlySet<Verdict> {
  for (const verdict of accept) {
    if ((acceptable as readonly string[]).includes(verdict)) continue;
    const isVerdict = (verdicts as readonly string[]).includes(verdict);
    throw new RangeError(
      isVerdict
        ? `a version that is ${verdict} can't be accepted; these can: ${acceptable.join(', ')}`
        : `there is no verdict ${verdict}; these can be accepted: ${acceptable.join(', ')}`,
    );
  }
  return new Set(accept as Verdict[]);
}
