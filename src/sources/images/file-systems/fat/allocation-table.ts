import { Truncated } from '../../../../bytes/errors.ts';
import { type ByteSource, SliceSource } from '../../../../bytes/source.ts';
import { type Clusters, END } from '../clusters.ts';
import { PageCache } from '../page-cache.ts';
import type { FatLayout } from './boot-sector.ts';

/** Bytes of the table that are looked at together. A table of 12-bit entries is shorter. */
const WINDOW = 65536;

/** The file allocation table: for each cluster the next of its chain. */
export class AllocationTable implements Clusters {
  readonly volume: ByteSource;
  readonly clusterSize: number;
  readonly dataAt: number;
  readonly count: number;
  readonly #pages: PageCache;
  readonly #bits: 12 | 16 | 32;
  readonly #size: number;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = -1;

  /** @throws ReadError where the table lies outside of the volume */
  constructor(volume: ByteSource, layout: FatLayout) {
    this.volume = volume;
    this.clusterSize = layout.clusterSize;
    this.dataAt = layout.dataAt;
    // Clusters without an entry, or behind the end of the volume, can't be used.
    const entries = Math.floor((layout.fatSize * 8) / layout.bits) - 2;
    this.count = Math.max(0, Math.min(layout.clusters, entries));
    this.#bits = layout.bits;
    const start = layout.fatAt + layout.activeFat * layout.fatSize;
    const whole = new SliceSource(volume, start, Math.min(start + layout.fatSize, volume.size));
    this.#pages = new PageCache(whole, WINDOW);
    this.#size = whole.size;
  }

  next(cluster: number): number {
    const value = this.entry(cluster);
    const end = this.#bits === 12 ? 0xff8 : this.#bits === 16 ? 0xfff8 : 0x0ffffff8;
    return value >= end ? END : value;
  }

  /** The entry as it stands; the upper four of 32 bits aren't part of it. @throws Truncated, ReadError */
  entry(cluster: number): number {
    if (this.#bits === 12) {
      const pair = this.#load(Math.floor(cluster / 2) * 3, 3);
      const three = this.#window.readUIntLE(pair, 3);
      return (cluster & 1) === 0 ? three & 0xfff : three >>> 12;
    }
    const size = this.#bits / 8;
    const at = this.#load(cluster * size, size);
    return size === 2 ? this.#window.readUInt16LE(at) : this.#window.readUInt32LE(at) & 0x0fffffff;
  }

  /** Where in the window the bytes at `at` of the table are. */
  #load(at: number, length: number): number {
    // The last pair of 12-bit entries may lack its last byte.
    const needed = this.#bits === 12 ? 2 : length;
    if (at + needed > this.#size) throw new Truncated(at, 'FAT', at + needed - this.#size);
    const start = at - (at % WINDOW);
    if (this.#windowAt !== start) {
      const bytes = this.#pages.bytes(start, Math.min(WINDOW, this.#size - start), 'FAT');
      this.#window = this.#bits === 12 ? Buffer.concat([bytes, Buffer.alloc(length)]) : bytes;
      this.#windowAt = start;
    }
    return at - start;
  }
}
