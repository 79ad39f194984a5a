import { Broken } from '../../../../bytes/errors.ts';
import type { Pages } from '../../pages.ts';
import { SECTOR } from './descriptor.ts';
import type { GrainMap } from './grain-map.ts';
import type { SparseHeader } from './sparse-header.ts';

/** 512 GiB in usual grains: the map is held in memory, four bytes a grain. */
const MOST_GRAINS = 1 << 23;
/** What a marker without data announces, in its sector of its own. */
const END_OF_STREAM = 0;

/**
 * Grains of a stream-optimised file by their own markers, for one whose directory is lost: each says which sector of
 * the disk it is (VMware, Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents").
 */
export class MarkerGrainMap implements GrainMap {
  readonly #sectors: Uint32Array;

  /** Reads the file's markers from the first grain on. @throws Broken when there would be too many */
  constructor(pages: Pages, header: SparseHeader) {
    const count = Math.ceil(header.capacity / header.grain);
    if (count > MOST_GRAINS)
      throw new Broken(12, 'grains without a directory', `at most ${MOST_GRAINS}`, count);
    this.#sectors = new Uint32Array(count);
    for (let at: number | null = header.dataAt; at !== null && at + SECTOR <= pages.size; ) {
      at = this.#readMarker(pages, header, at);
    }
  }

  find(grain: number): number {
    return this.#sectors[grain]!;
  }

  /** Gives where the next marker stands; where one makes no sense, the next sector is tried. */
  #readMarker(pages: Pages, header: SparseHeader, at: number): number | null {
    const value = pages.u32le(at) + pages.u32le(at + 4) * 2 ** 32;
    const length = pages.u32le(at + 8);
    if (length === 0) return this.#skipTable(pages, at, value);
    const grain = (value * SECTOR) / header.grain;
    const isGrain = Number.isInteger(grain) && grain < this.#sectors.length && length <= 2 * header.grain;
    if (!isGrain) return at + SECTOR;
    this.#sectors[grain] = at / SECTOR;
    return Math.ceil((at + 12 + length) / SECTOR) * SECTOR;
  }

  #skipTable(pages: Pages, at: number, sectors: number): number | null {
    const type = pages.u32le(at + 12);
    if (type === END_OF_STREAM && sectors === 0) return null;
    const next = at + SECTOR * (1 + sectors);
    return next <= pages.size ? next : at + SECTOR;
  }
}
