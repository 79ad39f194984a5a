import type { Attribute } from '../file.ts';
import type { Geometry } from '../geometry.ts';
import type { Ground } from '../ground.ts';
import { indexEntriesOfBlock, readBlock } from '../index.ts';
import { u16, u32, u64 } from '../little-endian.ts';
import { parentOf } from '../name.ts';
import { attributeValue, firstAttribute, isBase, isFolder, nextAttribute, typeOf, types } from '../record.ts';
import { appendRuns, emptyRuns, HOLE } from '../runs.ts';
import { type FoundRecord, scanRecords } from './scan.ts';

/** Records whose places follow from their numbers: one run of the table, or of a table inside of some file. */
export interface Group {
  readonly records: { readonly number: number; readonly at: number }[];
  /** Folders, and the cluster in which the index of each begins. */
  readonly folders: { readonly number: number; readonly cluster: number }[];
}

/** What a search of the whole volume for records gives. */
export interface Search {
  readonly groups: readonly Group[];
  /** Copies of the table's own record. */
  readonly tables: readonly FoundRecord[];
  readonly clusterSize: number;
  readonly recordSize: number;
  readonly indexSize: number;
}

/** Folders of one group whose index is looked at. */
const MOST_FOLDERS = 256;
const MOST_TABLES = 16;
/** More than any volume has clusters of 512 bytes; for reading runs before the size of a cluster is known. */
const ANY = 2 ** 53;

/** Looks for records in all of the volume. */
export function searchRecords(ground: Ground): Search {
  const searcher = new Searcher();
  for (const record of scanRecords(ground)) searcher.add(record);
  return searcher.result();
}

class Searcher {
  readonly #groups = new Map<number, Group>();
  readonly #tables: FoundRecord[] = [];
  readonly #clusterSizes = new Map<number, number>();
  readonly #recordSizes = new Map<number, number>();
  readonly #indexSizes = new Map<number, number>();

  add(found: FoundRecord): void {
    const { at, number, bytes } = found;
    const base = at - number * bytes.length;
    let group = this.#groups.get(base);
    if (group === undefined) {
      group = { records: [], folders: [] };
      this.#groups.set(base, group);
    }
    group.records.push({ number, at });
    if (number === 0 && this.#tables.length < MOST_TABLES) this.#tables.push(found);
    vote(this.#recordSizes, bytes.length);
    for (let i = firstAttribute(bytes); i > 0; i = nextAttribute(bytes, i)) {
      this.#learn({ record: bytes, number, at: i }, group);
    }
  }

  result(): Search {
    return {
      groups: [...this.#groups.values()],
      tables: this.#tables,
      clusterSize: winner(this.#clusterSizes),
      recordSize: winner(this.#recordSizes),
      indexSize: winner(this.#indexSizes) || 4096,
    };
  }

  #learn(attribute: Attribute, group: Group): void {
    const { record, at } = attribute;
    const type = typeOf(record, at);
    if (type === types.indexRoot) vote(this.#indexSizes, u32(attributeValue(record, at) ?? record, 8));
    if (record[at + 8] === 0 || u64(record, at + 16) !== 0) return;
    // Without holes, the bytes allocated are those of the clusters.
    if (u16(record, at + 12) === 0)
      vote(this.#clusterSizes, u64(record, at + 40) / (u64(record, at + 24) + 1));
    if (type !== types.indexAllocation || !isFolder(record) || !isBase(record)) return;
    const cluster = firstCluster(attribute);
    if (cluster >= 0 && group.folders.length < MOST_FOLDERS)
      group.folders.push({ number: attribute.number, cluster });
  }
}

function firstCluster({ record, at }: Attribute): number {
  const runs = emptyRuns();
  try {
    appendRuns(runs, record, at, ANY);
  } catch {
    // A record of another time: it has no say.
    return HOLE;
  }
  return runs.places[0] ?? HOLE;
}

/** Only powers of two of a size that NTFS has. */
function vote(votes: Map<number, number>, value: number): void {
  if (value >= 512 && value <= 2 << 20 && (value & (value - 1)) === 0)
    votes.set(value, (votes.get(value) ?? 0) + 1);
}

function winner(votes: ReadonlyMap<number, number>): number {
  let best = 0;
  for (const [value, count] of votes) if (count > (votes.get(best) ?? 0)) best = value;
  return best;
}

/** The geometry of a volume both of whose boot sectors are lost; null where the records don't tell. */
export function inferGeometry(size: number, { clusterSize, recordSize, indexSize }: Search): Geometry | null {
  if (clusterSize === 0 || recordSize === 0) return null;
  const clusters = Math.floor(size / clusterSize);
  return {
    sectorSize: 512,
    clusterSize,
    recordSize,
    indexSize,
    size: clusters * clusterSize,
    clusters,
    mftAt: 0,
    mirrorAt: 0,
    serial: 'unknown',
  };
}

/**
 * Whether the records of a group are this volume's, as the runs of its folders lead to the very indexes of these
 * folders. Records inside of some file, such as the image of another disk, count from another place.
 */
export function isOfThisVolume(ground: Ground, { folders }: Group): boolean {
  let agreeing = 0;
  let contradicting = 0;
  for (const { number, cluster } of folders) {
    const at = cluster * ground.geometry.clusterSize;
    if (ground.isHit(at, at + ground.geometry.indexSize)) continue;
    const block = readBlock(ground, at);
    const entry = block === null ? undefined : indexEntriesOfBlock(block).next().value;
    if (entry !== undefined && parentOf(entry.value) === number) agreeing++;
    else if (block === null || entry !== undefined) contradicting++;
  }
  return agreeing > 0 && agreeing >= 4 * contradicting;
}
