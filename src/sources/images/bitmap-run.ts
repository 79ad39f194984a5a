import type { LayerPiece } from './mapped-container.ts';
import type { Pages } from './pages.ts';

/** A bitmap of sectors that a child holds itself; the others are its parent's. */
export interface SectorBitmap {
  /** Offset in bytes of the bitmap in the file. */
  readonly at: number;
  /** Index of the bit that stands for the first sector of the block. */
  readonly first: number;
  /** `msb`: the highest bit of a byte comes first (VHD); `lsb`: the lowest (VHDX). */
  readonly order: 'msb' | 'lsb';
  /** Bytes in a sector. */
  readonly sector: number;
}

/** A block of a child that holds some of its sectors. */
export interface PartialBlock {
  readonly start: number;
  readonly end: number;
  /** Offset of the block's contents in the file. */
  readonly at: number;
}

/** The sectors around `at` that are all the child's, or all the parent's, as far as one run goes from there. */
export function readBitmapRun(
  pages: Pages,
  bitmap: SectorBitmap,
  block: PartialBlock,
  at: number,
): LayerPiece {
  const { sector } = bitmap;
  const first = Math.floor((at - block.start) / sector);
  const count = Math.ceil((block.end - block.start) / sector);
  const isOwn = readBit(pages, bitmap, first);
  let next = first + 1;
  while (next < count && readBit(pages, bitmap, next) === isOwn) next++;
  const start = block.start + first * sector;
  const end = Math.min(block.start + next * sector, block.end);
  if (!isOwn) return { kind: 'parent', start, end };
  return { kind: 'data', start, end, file: 0, at: block.at + first * sector };
}

function readBit(pages: Pages, { at, first, order }: SectorBitmap, index: number): boolean {
  const bit = first + index;
  const byte = pages.u8(at + Math.floor(bit / 8));
  return (byte & (order === 'msb' ? 0x80 >> (bit & 7) : 1 << (bit & 7))) !== 0;
}
