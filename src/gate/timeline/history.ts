import type { Verdict } from '../../ledger/terms.ts';
import type { Path } from '../../sources/folders/path.ts';

/** What was found in one content of a file. */
export interface Content {
  /** Null where it wasn't looked at, since a newer one is intact. */
  readonly verdict: Verdict | null;
  readonly sha256: string | null;
  /** Of the reasons for the verdict, the first, with its code; null where it wasn't looked at. */
  readonly reason: { readonly code: string; readonly text: string } | null;
  /** Bytes that some proof accounts for. */
  readonly proved: number;
}

/** A content that a file had, in one snapshot or in several. */
export interface Version extends Content {
  /** Indexes, the oldest snapshot first. */
  readonly snapshots: readonly number[];
  /** Where it stands in those snapshots, relative to them. */
  readonly path: Path;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Under another name than the file had before, as an attack renamed it. */
  readonly renamed?: true;
}

/** What became of one path. */
export interface History {
  /** As the newest snapshot has it that wasn't renamed by an attack. */
  readonly path: Path;
  /** The newest first. */
  readonly versions: readonly Version[];
  /** Snapshots in which it may have been, though it couldn't be found: the folder wasn't readable. */
  readonly unknown: readonly number[];
}

/** Verdicts with which a version counts as hit, if an earlier one was better. */
const bad: ReadonlySet<Verdict | null> = new Set<Verdict | null>(['encrypted', 'damaged', 'suspect']);

export function isBad({ verdict }: Content): boolean {
  return bad.has(verdict);
}

/** What each snapshot has, the oldest first. */
export function inOrder(history: History, snapshots: number): (Version | null)[] {
  const states: (Version | null)[] = Array.from({ length: snapshots }, () => null);
  for (const version of history.versions) {
    for (const snapshot of version.snapshots) states[snapshot] = version;
  }
  return states;
}

/** The snapshot in which the file was hit for the first time: bad there, and not before. Null if it never was. */
export function firstHit(history: History, snapshots: number): number | null {
  let before: Version | null = null;
  for (const [snapshot, version] of inOrder(history, snapshots).entries()) {
    if (version === null) continue;
    if (isHit(version, before)) return snapshot;
    before = version;
  }
  return null;
}

/** Whether a version was hit after the one before it. A file that is new and encrypted was hit before it was seen. */
export function isHit(version: Version, before: Version | null): boolean {
  if (!isBad(version)) return false;
  return before === null ? version.verdict === 'encrypted' : !isBad(before);
}

/** The index of the last snapshot that has it. */
export function lastSeen({ versions }: History): number {
  return Math.max(...versions.map(({ snapshots }) => snapshots.at(-1)!));
}

/** The index of the first snapshot that has it. */
export function firstSeen({ versions }: History): number {
  return Math.min(...versions.map(({ snapshots }) => snapshots[0]!));
}
