import {
  VHD_ABSENT,
  VHD_DIFFERENCING,
  VHD_SECTOR,
  type VhdTable,
} from '../../../../formats/disks/vhd-layout.ts';
import { readBitmapRun } from '../../bitmap-run.ts';
import type { ImageFile } from '../../container.ts';
import type { Layer, LayerPiece } from '../../mapped-container.ts';
import { Pages } from '../../pages.ts';
import type { VhdFooter } from './footer.ts';

/** A fixed disk: its sectors, and the footer behind them. */
export class FixedVhdLayer implements Layer {
  readonly size: number;
  readonly unit = VHD_SECTOR;

  constructor(size: number) {
    this.size = size;
  }

  pieceAt(): LayerPiece {
    return { kind: 'data', start: 0, end: this.size, file: 0, at: 0 };
  }
}

/** Blocks of a dynamic or differencing disk: a bitmap of sectors, and the sectors. */
export class VhdLayer implements Layer {
  readonly size: number;
  readonly unit: number;
  readonly #table: VhdTable;
  readonly #isChild: boolean;
  readonly #pages: Pages;

  constructor({ source }: ImageFile, footer: VhdFooter, table: VhdTable) {
    this.size = footer.size;
    this.unit = table.block;
    this.#table = table;
    this.#isChild = footer.type === VHD_DIFFERENCING;
    this.#pages = new Pages(source);
  }

  /** The bitmaps of dynamic disks aren't asked: sectors that they call unused are zeros (as QEMU and Hyper-V do). */
  pieceAt(at: number): LayerPiece {
    const { at: table, block, bitmap } = this.#table;
    const index = Math.floor(at / block);
    const start = index * block;
    const end = Math.min(start + block, this.size);
    const sector = this.#pages.u32be(table + 4 * index);
    if (sector === VHD_ABSENT) return { kind: 'parent', start, end };
    const stored = sector * VHD_SECTOR;
    if (!this.#isChild) return { kind: 'data', start, end, file: 0, at: stored + bitmap };
    return readBitmapRun(
      this.#pages,
      { at: stored, first: 0, order: 'msb', sector: VHD_SECTOR },
      { start, end, at: stored + bitmap },
      at,
    );
  }
}
