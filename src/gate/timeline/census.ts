import type { Verdict } from '../../ledger/terms.ts';
import { verdicts } from '../../ledger/terms.ts';
import { type History, inOrder, isHit, type Version } from './history.ts';

/** What a snapshot's files are, against the snapshot before. */
export interface Counts {
  /** Paths that have a version in it, under their own name or under one that an attack gave them. */
  files: number;
  added: number;
  /** Of other content than in the snapshot in which they were seen last. */
  changed: number;
  gone: number;
  /** Bad, after an earlier version that wasn't; or new, and encrypted. */
  hit: number;
  /** Those of them that weren't hit in the snapshot before. */
  newlyHit: number;
  /** Those that were hit in the snapshot before, and are good again. */
  recovered: number;
  readonly verdicts: Record<Verdict | 'unseen', number>;
}

/** Counts over all paths, snapshot by snapshot. */
export class Census {
  readonly counts: readonly Counts[];

  constructor(snapshots: number) {
    this.counts = Array.from(
      { length: snapshots },
      (): Counts => ({
        files: 0,
        added: 0,
        changed: 0,
        gone: 0,
        hit: 0,
        newlyHit: 0,
        recovered: 0,
        verdicts: Object.fromEntries(
          [...verdicts, 'unseen'].map((verdict) => [verdict, 0]),
        ) as Counts['verdicts'],
      }),
    );
  }

  add(history: History): void {
    const unknown = new Set(history.unknown);
    let seen: Version | null = null;
    let isThere = false;
    let isUnderHit = false;
    for (const [snapshot, version] of inOrder(history, this.counts.length).entries()) {
      const counts = this.counts[snapshot]!;
      if (version === null) {
        if (isThere && !unknown.has(snapshot)) counts.gone++;
        isThere = isThere && unknown.has(snapshot);
        continue;
      }
      counts.files++;
      counts.verdicts[version.verdict ?? 'unseen']++;
      if (seen === null) counts.added++;
      else if (version !== seen) counts.changed++;
      const isNowHit: boolean = isUnderHit ? isStill(version) : isHit(version, seen);
      if (isNowHit) counts.hit++;
      if (isNowHit && !isUnderHit) counts.newlyHit++;
      if (isUnderHit && !isNowHit) counts.recovered++;
      isUnderHit = isNowHit;
      isThere = true;
      seen = version;
    }
  }
}

/** What was hit is so until it's seen to be good again. */
function isStill({ verdict }: Version): boolean {
  return verdict !== 'intact' && verdict !== 'protected';
}
