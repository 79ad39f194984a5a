import { firstSeen, type History, isBad, type Version } from './history.ts';

/**
 * An attack that renames leaves `a.docx` gone and `a.docx.locked` or `[id].a.docx` new, beside it and of about its size:
 * these are hit versions of `a.docx`. Joins the histories of one folder so.
 */
export function joinRenamed(histories: readonly History[]): History[] {
  const gone = new Map(histories.map((history, place) => [nameOf(history.path), { history, place }]));
  const joined: (History | null)[] = [...histories];
  for (const [place, renamed] of histories.entries()) {
    if (!mayBeRenamed(renamed)) continue;
    const original = originalNames(nameOf(renamed.path))
      .map((name) => gone.get(name))
      .find((one) => one !== undefined && isOriginalOf(joined[one.place] ?? one.history, renamed));
    if (original === undefined) continue;
    joined[original.place] = append(joined[original.place] ?? original.history, renamed);
    joined[place] = null;
  }
  return joined.filter((history) => history !== null);
}

/** What's there from the beginning was renamed by nobody; what's intact under its new name may be what it says it is. */
function mayBeRenamed(history: History): boolean {
  return firstSeen(history) > 0;
}

function isOriginalOf(original: History, renamed: History): boolean {
  const since = firstSeen(renamed);
  const before = original.versions.filter(({ snapshots }) => snapshots[0]! < since);
  const newest = before[0];
  if (newest === undefined || newest.renamed === true) return false;
  const isGone = original.versions.every(({ snapshots }) => snapshots.at(-1)! <= since);
  return isGone && renamed.versions.every((version) => isLeftOf(newest, version));
}

/** Either its bytes as they were, or bytes that no honest program leaves under such a name. */
function isLeftOf(original: Version, version: Version): boolean {
  if (version.sha256 !== null && version.sha256 === original.sha256) return true;
  return isBad(version) && isSimilar(original.size, version.size);
}

/** Bytes that key blocks, headers and markers may add. */
const ADDED = 65_536;

function isSimilar(before: number, after: number): boolean {
  return after >= before / 2 && after <= before * 2 + ADDED;
}

/** Names that this one may have been made of, the longest first: without what comes behind, or before. */
function originalNames(name: string): string[] {
  const names: string[] = [];
  for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1))
    names.push(name.slice(0, at));
  for (const match of name.matchAll(/[\].\-_)}]+/g)) names.push(name.slice(match.index + match[0].length));
  return names.filter((one) => one !== '');
}

/** Where a snapshot has both, the attack was at work: the original counts. */
function append(original: History, renamed: History): History {
  const taken = new Set(original.versions.flatMap(({ snapshots }) => snapshots));
  const added = renamed.versions
    .map(
      (version): Version => ({
        ...version,
        snapshots: version.snapshots.filter((snapshot) => !taken.has(snapshot)),
        renamed: true,
      }),
    )
    .filter(({ snapshots }) => snapshots.length > 0);
  const versions = [...original.versions, ...added].sort((a, b) => b.snapshots.at(-1)! - a.snapshots.at(-1)!);
  return { ...original, versions };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
