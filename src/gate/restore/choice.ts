import type { Verdict } from '../../ledger/terms.ts';
import { firstSeen, type History, lastSeen, type Version } from '../timeline/history.ts';

/** What a choice rests on, beside the history of the path. */
export interface Circumstances {
  /** How many snapshots there are. */
  readonly snapshots: number;
  /** Index of the first snapshot after the attack began; null where none was found. */
  readonly attack: number | null;
  readonly accepted: ReadonlySet<Verdict>;
  /** Also what was gone before the attack. */
  readonly deleted: boolean;
}

/** What is to be done for one path. */
export type Choice =
  /** `current`: the newest version itself; `hit`: newer ones aren't acceptable; `gone`: there is none any more. */
  | { readonly what: 'restore'; readonly version: Version; readonly because: 'current' | 'hit' | 'gone' }
  /** No version may be restored; `best` is the one of which most is proved. */
  | { readonly what: 'missing'; readonly best: Version | null }
  /** Nothing should be. `deleted`: gone before the attack; `note`: left by the attacker. */
  | { readonly what: 'leave'; readonly version: Version; readonly because: 'deleted' | 'note' };

/** Chooses the newest version that may be restored. What's encrypted, damaged, suspect or unread never may. */
export function choose(history: History, around: Circumstances): Choice {
  const newest = history.versions[0]!;
  if (history.versions.every(isRansomNote)) return { what: 'leave', version: newest, because: 'note' };
  const version = ownName(
    history.versions.find((one) => mayBeRestored(one, history, around)),
    history,
  );
  const isGone = !isInNewest(history, around);
  if (isGone && !around.deleted && !wasThereAtAttack(history, around)) {
    return { what: 'leave', version: version ?? newest, because: 'deleted' };
  }
  if (version === undefined) return { what: 'missing', best: bestOf(history.versions) };
  if (isGone) return { what: 'restore', version, because: 'gone' };
  return { what: 'restore', version, because: version === newest ? 'current' : 'hit' };
}

/** Of the same bytes under the old name and under the one that an attack gave, the old one is taken. */
function ownName(version: Version | undefined, { versions }: History): Version | undefined {
  if (version?.renamed !== true) return version;
  return versions.find((one) => one.renamed !== true && one.sha256 === version.sha256) ?? version;
}

function mayBeRestored(version: Version, history: History, { accepted, attack }: Circumstances): boolean {
  const { verdict, sha256, snapshots } = version;
  if (verdict === null || sha256 === null || !accepted.has(verdict)) return false;
  // What was plain before may have been locked up by the attacker.
  if (verdict === 'protected') return history.versions.every((one) => !isPlain(one) || isNewer(one, version));
  // Nothing proves it, unless that it hasn't changed since before the attack.
  if (verdict === 'unproved') return attack === null || snapshots[0]! < attack;
  return true;
}

function isPlain({ verdict }: Version): boolean {
  return verdict === 'intact' || verdict === 'unproved';
}

function isNewer(one: Version, other: Version): boolean {
  return one.snapshots[0]! > other.snapshots.at(-1)!;
}

/** Where a snapshot can't tell, the path counts as there: rather restored than lost. */
function isInNewest(history: History, { snapshots }: Circumstances): boolean {
  return lastSeen(history) === snapshots - 1 || history.unknown.includes(snapshots - 1);
}

/** Whether the snapshot just before the attack had it, or a later one has, or may have. */
function wasThereAtAttack(history: History, { attack }: Circumstances): boolean {
  if (attack === null) return false;
  return lastSeen(history) >= attack - 1 || history.unknown.some((snapshot) => snapshot >= attack - 1);
}

/** S310 (docs/evidence.md). */
function isRansomNote({ reason }: Version): boolean {
  return reason?.code === 'S310';
}

const ranks: readonly (Verdict | null)[] = [
  'unread',
  null,
  'encrypted',
  'damaged',
  'suspect',
  'unproved',
  'protected',
  'intact',
];

function bestOf(versions: readonly Version[]): Version | null {
  const share = ({ proved, size }: Version) => (size === 0 ? 0 : proved / size);
  const better = (a: Version, b: Version) =>
    ranks.indexOf(b.verdict) - ranks.indexOf(a.verdict) || share(b) - share(a);
  return versions.toSorted(better)[0] ?? null;
}

/** Whether the path appeared only after the attack had begun. */
export function isNewSince(history: History, attack: number | null): boolean {
  return attack !== null && firstSeen(history) >= attack;
}
