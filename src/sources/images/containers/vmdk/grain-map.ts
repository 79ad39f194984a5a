import { Broken, ReadError } from '../../../../bytes/errors.ts';
import type { LayerPiece } from '../../mapped-container.ts';
import type { Pages } from '../../pages.ts';
import { SECTOR } from './descriptor.ts';
import { countTables, type SparseHeader } from './sparse-header.ts';

const [UNKNOWN, LOST] = [-1, -2];
/** Entry of a grain that reads as zeros, where the header allows such. */
export const ZERO_GRAIN = 1;

/** Where grains are. */
export interface GrainMap {
  /**
   * The sector of the file at which the grain begins, 0 where it's absent; or a piece that spans this grain and its
   * neighbours, where they share one fate. @throws ReadError, Broken
   */
  find(grain: number): number | LayerPiece;
}

/**
 * Grains by a directory of tables. Hosted disks have all of it twice: each table is taken from the first directory
 * whose copy makes sense, so that a hit on one loses nothing.
 */
export class TableGrainMap implements GrainMap {
  readonly #pages: Pages;
  readonly #header: SparseHeader;
  /** Offset of the table in use, by its index; `UNKNOWN` where it wasn't looked for yet, `LOST` where no copy can be read. */
  readonly #tables: Float64Array;
  /** How many tables were taken from the second directory. */
  fallbacks = 0;

  /** @throws Broken when the directories name more tables than the file has room for: some are named twice */
  constructor(pages: Pages, header: SparseHeader) {
    this.#pages = pages;
    this.#header = header;
    this.#tables = new Float64Array(countTables(header)).fill(UNKNOWN);
    for (const directory of header.directories) this.#checkRoom(directory);
  }

  find(grain: number): number | LayerPiece {
    const { perTable, grain: size, capacity } = this.#header;
    const index = Math.floor(grain / perTable);
    const table = this.#tableAt(index);
    if (table > 0) return this.#pages.u32le(table + 4 * (grain % perTable));
    const start = index * perTable * size;
    const end = Math.min(start + perTable * size, capacity);
    // At once for all of its grains: a capacity of many terabytes may be a lie.
    if (table === LOST) return { kind: 'unreadable', start, end, why: 'its grain table is lost' };
    return { kind: 'parent', start, end };
  }

  #tableAt(index: number): number {
    if (this.#tables[index] === UNKNOWN) this.#tables[index] = this.#findTable(index);
    return this.#tables[index]!;
  }

  #findTable(index: number): number {
    try {
      return this.#chooseTable(index);
    } catch (error) {
      if (error instanceof Broken || error instanceof ReadError) return LOST;
      throw error;
    }
  }

  /** The first copy that makes sense; where none does, the first that is in the file. */
  #chooseTable(index: number): number {
    const copies = this.#header.directories.map(
      (directory) => this.#pages.u32le(directory + 4 * index) * SECTOR,
    );
    const sound = copies.findIndex((at) => at === 0 || this.#makesSense(at));
    if (sound > 0) this.fallbacks++;
    if (sound >= 0) return copies[sound]!;
    const inside = copies.find((at) => this.#isInside(at));
    if (inside === undefined)
      throw new Broken(this.#header.directories[0]!, 'grain table', 'inside the file', copies[0]);
    return inside;
  }

  #isInside(at: number): boolean {
    return at + 4 * this.#header.perTable <= this.#pages.size;
  }

  /** Whether all grains that a table names begin inside of the file. */
  #makesSense(table: number): boolean {
    if (!this.#isInside(table)) return false;
    const sectors = Math.ceil(this.#pages.size / SECTOR);
    for (let i = 0; i < this.#header.perTable; i++) {
      if (this.#pages.u32le(table + 4 * i) >= sectors) return false;
    }
    return true;
  }

  #checkRoom(directory: number): void {
    const room = Math.ceil(this.#pages.size / (4 * this.#header.perTable));
    let used = 0;
    for (let i = 0; i < this.#tables.length; i++) if (this.#pages.u32le(directory + 4 * i) !== 0) used++;
    // A directory that was overwritten names anything; its tables are judged one by one.
    const isDoubled = used > room && this.#header.directories.length === 1;
    if (isDoubled) throw new Broken(directory, 'grain directory', `at most ${room} tables`, used);
  }
}
