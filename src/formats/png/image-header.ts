import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

export interface Extent {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ImageHeader extends Extent {
  readonly bitsPerPixel: number;
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

/** PNG §11.2.1, table 12: channels and bit depths by colour type. */
const colourTypes: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

/** PNG §8.1: where the pixels of the seven passes of Adam7 begin, and how far they lie apart. */
const adam7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** @throws Broken where IHDR is not legal. */
export function readImageHeader(reader: Reader, { start, end }: Range): ImageHeader {
  if (end - start !== 13) throw new Broken(start, 'IHDR length', 13, end - start);
  const width = reader.u32be(start);
  const height = reader.u32be(start + 4);
  const depth = reader.u8(start + 8);
  const colourType = reader.u8(start + 9);
  const colour = colourTypes[colourType];
  if (width === 0 || height === 0)
    throw new Broken(start, 'IHDR size', 'more than 0 × 0', `${width} × ${height}`);
  if (colour?.depths.includes(depth) !== true) {
    throw new Broken(
      start + 8,
      'IHDR bit depth and colour type',
      'a pair of table 12',
      `${depth}, ${colourType}`,
    );
  }
  const [compression, filter, interlace] = reader.bytes(start + 10, 3);
  if (compression !== 0) throw new Broken(start + 10, 'IHDR compression method', 0, compression);
  if (filter !== 0) throw new Broken(start + 11, 'IHDR filter method', 0, filter);
  if (interlace! > 1) throw new Broken(start + 12, 'IHDR interlace method', '0 or 1', interlace);
  return { width, height, bitsPerPixel: depth * colour.channels, colourType, isInterlaced: interlace === 1 };
}

/** The reduced images, in order, in which the rows of an image are stored. */
export function passesOf({ width, height }: Extent, isInterlaced: boolean): Extent[] {
  if (!isInterlaced) return [{ width, height }];
  return adam7
    .map(({ x, y, dx, dy }) => ({ width: Math.ceil((width - x) / dx), height: Math.ceil((height - y) / dy) }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}
