import { Broken } from '../../../../bytes/errors.ts';
import { type ByteSource, SliceSource } from '../../../../bytes/source.ts';
import { type Clusters, END } from '../clusters.ts';
import { PageCache } from '../page-cache.ts';
import type { ExfatLayout } from './boot-sector.ts';

/** The file allocation table: the chains of those files whose clusters don't follow each other. */
export class AllocationTable implements Clusters {
  readonly volume: ByteSource;
  readonly clusterSize: number;
  readonly dataAt: number;
  readonly count: number;
  readonly #pages: PageCache;

  /** @throws ReadError where the table lies outside of the volume */
  constructor(volume: ByteSource, layout: ExfatLayout) {
    this.volume = volume;
    this.clusterSize = layout.clusterSize;
    this.dataAt = layout.heapAt;
    this.count = layout.clusters;
    const start = layout.fatAt + layout.activeFat * layout.fatSize;
    this.#pages = new PageCache(
      new SliceSource(volume, start, Math.min(start + layout.fatSize, volume.size)),
    );
  }

  next(cluster: number): number {
    const value = this.#pages.bytes(cluster * 4, 4, 'FAT').readUInt32LE(0);
    if (value === 0xffffffff) return END;
    // END is a number that clusters of the largest volumes have, too; nobody makes files of so many.
    if (value === END) throw new Broken(cluster * 4, 'cluster of a chain', `less than ${END}`, value);
    return value;
  }
}
