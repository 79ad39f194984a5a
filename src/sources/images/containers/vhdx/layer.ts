import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import { readBitmapRun } from '../../bitmap-run.ts';
import type { Layer, LayerPiece } from '../../mapped-container.ts';
import { Pages } from '../../pages.ts';
import type { VhdxMetadata } from './metadata.ts';

const FULL = 6;
const PARTIAL = 7;
const NOT_PRESENT = 0;
/** Sectors that one bitmap block tells about. */
const SECTORS_IN_CHUNK = 2 ** 23;

/** Blocks by the block allocation table ([MS-VHDX] §2.5): after each chunk of blocks comes an entry for their bitmap. */
export class VhdxLayer implements Layer {
  readonly size: number;
  readonly unit: number;
  readonly #tableAt: number;
  readonly #sector: number;
  /** Blocks in a chunk. */
  readonly #ratio: number;
  readonly #pages: Pages;

  /** @throws Broken when the table can't hold all blocks, or isn't in the file. */
  constructor(source: ByteSource, table: Range, { size, block, sector }: VhdxMetadata) {
    this.size = size;
    this.unit = block;
    this.#tableAt = table.start;
    this.#sector = sector;
    this.#ratio = (SECTORS_IN_CHUNK * sector) / block;
    this.#pages = new Pages(source);
    const blocks = Math.ceil(size / block);
    const end = table.start + 8 * (blocks + Math.floor(Math.max(0, blocks - 1) / this.#ratio));
    if (end > Math.min(table.end, source.size)) {
      throw new Broken(table.start, 'block allocation table', `at least ${blocks} blocks`, 'fewer');
    }
  }

  pieceAt(at: number): LayerPiece {
    const index = Math.floor(at / this.unit);
    const start = index * this.unit;
    const end = Math.min(start + this.unit, this.size);
    const entryAt = this.#tableAt + 8 * (index + Math.floor(index / this.#ratio));
    const state = this.#pages.u32le(entryAt) & 7;
    if (state === FULL) return { kind: 'data', start, end, file: 0, at: this.#placeOf(entryAt) };
    if (state === PARTIAL) return this.#partial(index, { start, end, at: this.#placeOf(entryAt) }, at);
    if (state === NOT_PRESENT) return { kind: 'parent', start, end };
    return { kind: 'zero', start, end };
  }

  #partial(index: number, block: Range & { readonly at: number }, at: number): LayerPiece {
    const chunk = Math.floor(index / this.#ratio);
    const bitmapAt = this.#tableAt + 8 * ((chunk + 1) * (this.#ratio + 1) - 1);
    if ((this.#pages.u32le(bitmapAt) & 7) !== FULL) {
      throw new Broken(bitmapAt, 'sector bitmap of a partial block', 'present', 'absent');
    }
    const first = ((index % this.#ratio) * this.unit) / this.#sector;
    const place = this.#placeOf(bitmapAt);
    return readBitmapRun(this.#pages, { at: place, first, order: 'lsb', sector: this.#sector }, block, at);
  }

  /** The upper 44 bits count mebibytes. */
  #placeOf(entryAt: number): number {
    const [low, high] = [this.#pages.u32le(entryAt), this.#pages.u32le(entryAt + 4)];
    return (high * 2 ** 12 + (low >>> 20)) * 2 ** 20;
  }
}
