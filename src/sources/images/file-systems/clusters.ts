import { Broken } from '../../../bytes/errors.ts';
import type { Range } from '../../../bytes/range.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import type { ExtentList } from './extent-list.ts';
import type { SparseBits } from './sparse-bits.ts';

/** Clusters of a FAT or exFAT file system. They're numbered from 2. */
export interface Clusters {
  readonly volume: ByteSource;
  /** Bytes. */
  readonly clusterSize: number;
  /** Where cluster 2 stands in the volume, in bytes. */
  readonly dataAt: number;
  readonly count: number;
  /** What the table says of a cluster: the next one, 0 where it's free, `END` behind the last. @throws Broken, ReadError */
  next(cluster: number): number;
}

/** The end of a chain, above every number of a cluster. */
export const END = 0x0fffffff;

export function isCluster(clusters: Clusters, number: number): boolean {
  return number >= 2 && number < clusters.count + 2;
}

export function placeOf(clusters: Clusters, cluster: number): number {
  return clusters.dataAt + (cluster - 2) * clusters.clusterSize;
}

/**
 * The clusters of a chain, from `first` to its end.
 * @throws Broken where the chain leaves the volume, meets a free cluster, or comes back to one of its own
 */
export function* chain(clusters: Clusters, first: number): Generator<number> {
  // Brent's search for a cycle: the mark moves to where the chain is after 1, 2, 4, 8… steps.
  let mark = 0;
  let steps = 0;
  let limit = 1;
  for (let cluster = first; cluster !== END; ) {
    if (!isCluster(clusters, cluster)) {
      throw new Broken(clusters.dataAt, 'cluster of a chain', `2–${clusters.count + 1}`, cluster);
    }
    if (cluster === mark) throw new Broken(placeOf(clusters, cluster), 'chain', 'an end', 'a loop');
    yield cluster;
    if (++steps === limit) {
      mark = cluster;
      steps = 0;
      limit *= 2;
    }
    cluster = clusters.next(cluster);
  }
}

/** The ranges of the volume where clusters stand, in this order. @throws what `numbers` throws */
export function* rangesOf(clusters: Clusters, numbers: Iterable<number>): Generator<Range> {
  for (const cluster of numbers) {
    const start = placeOf(clusters, cluster);
    yield { start, end: start + clusters.clusterSize };
  }
}

/** Adds the clusters of a chain up to `length` bytes of the file. @throws Broken where the chain is shorter */
export function addChain(list: ExtentList, clusters: Clusters, first: number, length: number): void {
  let at = 0;
  for (const cluster of length === 0 ? [] : chain(clusters, first)) {
    list.addData(at, Math.min(clusters.clusterSize, length - at), placeOf(clusters, cluster));
    at += clusters.clusterSize;
    if (at >= length) return;
  }
  if (at < length) throw new Broken(placeOf(clusters, first), 'chain', `${length} bytes`, at);
}

/** Adds clusters that follow each other up to `length` bytes of the file. @throws Broken, Truncated */
export function addConsecutive(list: ExtentList, clusters: Clusters, first: number, length: number): void {
  if (length === 0) return;
  const last = first + Math.ceil(length / clusters.clusterSize) - 1;
  if (!isCluster(clusters, first) || !isCluster(clusters, last)) {
    throw new Broken(clusters.dataAt, 'first cluster', `2–${clusters.count + 1}`, `${first}–${last}`);
  }
  list.addData(0, length, placeOf(clusters, first));
}

/** Whether all clusters that `length` bytes need from `first` on are free by the table. */
export function areFree(clusters: Clusters, first: number, length: number): boolean {
  const count = Math.ceil(length / clusters.clusterSize);
  if (!isCluster(clusters, first) || !isCluster(clusters, first + count - 1)) return false;
  for (let i = 0; i < count; i++) if (clusters.next(first + i) !== 0) return false;
  return true;
}

/**
 * Places of a folder's clusters in the volume, none of which was seen before: no honest one belongs to two.
 * @throws Broken, ReadError
 */
export function* folderPlaces(
  clusters: Clusters,
  numbers: Iterable<number>,
  seen: SparseBits,
): Generator<number> {
  for (const cluster of numbers) {
    const at = placeOf(clusters, cluster);
    if (!seen.add(cluster)) throw new Broken(at, 'cluster of a folder', 'one of no other folder', cluster);
    yield at;
  }
}

/** Ranges of the volume whose clusters `isFree`. */
export function* freeClusters(clusters: Clusters, isFree: (cluster: number) => boolean): Generator<Range> {
  let start = -1;
  for (let cluster = 2; cluster < clusters.count + 2; cluster++) {
    if (isFree(cluster)) {
      if (start < 0) start = placeOf(clusters, cluster);
    } else if (start >= 0) {
      yield { start, end: placeOf(clusters, cluster) };
      start = -1;
    }
  }
  if (start >= 0) yield { start, end: placeOf(clusters, clusters.count + 2) };
}
