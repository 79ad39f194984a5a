import type { Path } from '../../../folders/path.ts';
import { displayText } from '../../../folders/path-text.ts';
import { type Clusters, chain, folderPlaces } from '../clusters.ts';
import { reasonOf } from '../notice-list.ts';
import type { SparseBits } from '../sparse-bits.ts';
import { ENTRY, EntrySet, type ExfatRecord } from './entry-set.ts';
import type { ExfatMedium } from './exfat-medium.ts';

/** Bytes of a folder that are read at once. */
const PIECE = 4096;

/** Where a folder's clusters are. */
export interface FolderPlace {
  readonly cluster: number;
  /** Bytes; null for the root, which goes on to the end of its chain. */
  readonly size: number | null;
  readonly consecutive: boolean;
}

/** One entry of 32 bytes. */
export interface RawEntry {
  readonly bytes: Buffer;
  /** In the volume, in bytes. */
  readonly at: number;
}

/** All entries of a folder up to its end. @throws Broken, Truncated, ReadError */
export function* rawEntries(medium: ExfatMedium, place: FolderPlace, seen: SparseBits): Generator<RawEntry> {
  const { table, blocks } = medium;
  const limit = place.size ?? Number.POSITIVE_INFINITY;
  let done = 0;
  for (const cluster of folderPlaces(table, numbersOf(table, place), seen)) {
    for (let at = cluster; at < cluster + table.clusterSize; at += PIECE) {
      const bytes = Buffer.from(blocks.bytes(at, Math.min(PIECE, table.clusterSize), 'folder'));
      for (let i = 0; i < bytes.length; i += ENTRY, done += ENTRY) {
        if (bytes[i] === 0 || done >= limit) return;
        yield { bytes: bytes.subarray(i, i + ENTRY), at: at + i };
      }
    }
  }
}

/** The clusters of a folder, in order. */
export function numbersOf(table: Clusters, { cluster, size, consecutive }: FolderPlace): Iterable<number> {
  return consecutive && size !== null
    ? following(cluster, Math.ceil(size / table.clusterSize), table.count)
    : chain(table, cluster);
}

function* following(first: number, count: number, clusters: number): Generator<number> {
  for (let i = 0; i < count && first + i < clusters + 2; i++) yield first + i;
}

/** The files and folders of one folder. What's broken becomes a notice. */
export function* records(
  medium: ExfatMedium,
  path: Path,
  place: FolderPlace,
  seen: SparseBits,
): Generator<ExfatRecord> {
  const title = `folder /${displayText(path)}`;
  const set = new EntrySet();
  try {
    for (const { bytes, at } of rawEntries(medium, place, seen)) {
      const result = set.add(bytes, at);
      if (typeof result === 'string') medium.notices.wrong(`${title}: ${result}`);
      else if (result !== null) yield result;
    }
    const problem = set.end();
    if (problem !== null) medium.notices.wrong(`${title}: ${problem}`);
  } catch (error) {
    medium.notices.wrong(`${title} can't be read to its end: ${reasonOf(error)}`);
  }
}
