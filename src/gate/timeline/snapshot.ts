import { readFileSync, statfsSync, statSync } from 'node:fs';
import { folderOf, fromText, joinPath, nameOf, type Path, toSystemPath } from '../../sources/folders/path.ts';
import { displayText } from '../../sources/folders/path-text.ts';
import { findRoots, type Root, type RootPath } from '../../sources/folders/roots.ts';
import { momentIn } from './moment.ts';

/** Where a snapshot's time was read. */
export type TimeSource = 'info.xml' | 'name' | 'folder';

/** A folder that holds a state of the files at one time. */
export interface Snapshot {
  /** As it was given; of snapper, the folder `snapshot` in it. */
  readonly path: Path;
  /** Absolute, without symbolic links. */
  readonly real: Path;
  /** What tells it from the others: the part in which their paths differ. */
  readonly label: string;
  /** Milliseconds since 1970; null where nothing tells. */
  readonly time: number | null;
  readonly timeFrom: TimeSource | null;
  /** Device number of its folder. */
  readonly device: bigint;
  /** The kernel's number for the kind of its file system; 0 where it can't be told. */
  readonly fileSystem: number;
}

/** Something that a reader of the result should know. `wrong`: the result may mislead. */
export interface Notice {
  readonly level: 'wrong' | 'note';
  readonly text: string;
}

/** The folders can't be compared as snapshots. Nothing was read. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  readonly code = 'UNSCATHED_SNAPSHOTS';
}

/** Looks at all folders, in the order in which they were given. @throws MissingRoot, SnapshotError */
export async function findSnapshots(
  given: readonly RootPath[],
  notices: Notice[],
): Promise<readonly Snapshot[]> {
  const found = await findRoots(given);
  for (const { path, stats } of found) {
    if (!stats.isDirectory()) throw new SnapshotError(`${displayText(path)} is no folder`);
  }
  const roots = found.map(enterSnapper);
  if (roots.length < given.length) {
    notices.push({
      level: 'note',
      text: `${given.length - roots.length} of the folders were given twice, or are links to others`,
    });
  }
  if (roots.length < 2) throw new SnapshotError('a timeline needs two snapshots or more');
  refuseOverlaps(roots);
  const labels = labelsOf(roots.map(({ path }) => path));
  return roots.map((root, i) => toSnapshot(root, labels[i]!));
}

/** Snapper keeps a snapshot as `NUMBER/snapshot`, with its date beside it. */
function enterSnapper(root: Root): Root {
  const inner = joinPath(root.path, fromText('snapshot'));
  const stats = statSync(toSystemPath(inner), { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true || snapperTime(inner) === null) return root;
  return { path: inner, real: joinPath(root.real, fromText('snapshot')), stats };
}

/** Files of the inner one would count as its own and as the outer one's. */
function refuseOverlaps(roots: readonly Root[]): void {
  const sorted = roots.toSorted((a, b) => (`${a.real}/` < `${b.real}/` ? -1 : 1));
  for (const [i, { real, path }] of sorted.entries()) {
    const inner = sorted[i + 1];
    if (inner === undefined || !`${inner.real}/`.startsWith(real === '/' ? '/' : `${real}/`)) continue;
    throw new SnapshotError(
      `${displayText(inner.path)} lies in ${displayText(path)}: a snapshot can't hold another one`,
    );
  }
}

function toSnapshot({ path, real, stats }: Root, label: string): Snapshot {
  const place = { path, real, label, device: deviceOf(path), fileSystem: fileSystemOf(path) };
  const told = snapperTime(path);
  if (told !== null) return { ...place, time: told, timeFrom: 'info.xml' };
  const named = momentIn(label) ?? momentIn(nameOf(path));
  if (named !== null) return { ...place, time: named, timeFrom: 'name' };
  return { ...place, time: stats.mtimeMs, timeFrom: 'folder' };
}

function deviceOf(path: Path): bigint {
  return statSync(toSystemPath(path), { bigint: true }).dev;
}

function fileSystemOf(path: Path): number {
  try {
    return statfsSync(toSystemPath(path)).type;
  } catch {
    // Windows, and file systems that don't answer: nothing is concluded from their inodes then.
    return 0;
  }
}

/** `<date>2026-03-01 10:00:00</date>`, in UTC, in the file beside the snapshot. */
function snapperTime(path: Path): number | null {
  if (nameOf(path) !== 'snapshot') return null;
  try {
    const info = readFileSync(toSystemPath(joinPath(folderOf(path), fromText('info.xml'))), 'utf8');
    const date = /<date>([^<]{1,40})<\/date>/.exec(info.slice(0, 65_536))?.[1];
    return date === undefined ? null : momentIn(date);
  } catch {
    // No such file: the snapshot isn't one of snapper's.
    return null;
  }
}

/** The segments in which the paths differ; all of a path where that tells no two apart. */
function labelsOf(paths: readonly Path[]): string[] {
  const all = paths.map((path) => displayText(path).split('/'));
  const shortest = Math.min(...all.map(({ length }) => length));
  let before = 0;
  while (before < shortest - 1 && all.every((one) => one[before] === all[0]![before])) before++;
  let after = 0;
  while (after < shortest - before - 1 && all.every((one) => one.at(-1 - after) === all[0]!.at(-1 - after)))
    after++;
  const labels = all.map((one) => one.slice(before, one.length - after).join('/'));
  return new Set(labels).size === labels.length ? labels : paths.map(displayText);
}
