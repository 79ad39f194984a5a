import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type Ifd, integers, type TiffHeader } from './ifd.ts';
import { tags } from './tags.ts';

/** A strip or tile: where it stands, and what comes out of it. */
export interface Chunk extends Range {
  readonly rows: number;
  /** Pixels of a row. */
  readonly width: number;
  /** Bytes of a row, unpacked. */
  readonly rowBytes: number;
  /** Bytes of all of it, unpacked. */
  readonly unpacked: number;
}

/** What an image file directory says of its pixels. */
export interface Pixels {
  readonly compression: number;
  readonly fillOrder: number;
  readonly group3Options: number;
  readonly chunks: readonly Chunk[];
}

type Numbers = (tag: number) => number[];

/** Reads where the pixels stand; null where the directory has none. @throws Broken */
export function readPixels(reader: Reader, header: TiffHeader, { entries, start }: Ifd): Pixels | null {
  const numbers: Numbers = (tag) =>
    integers(
      reader,
      header,
      entries.find((entry) => entry.tag === tag),
    );
  const isTiled = entries.some(({ tag }) => tag === tags.tileOffsets);
  const offsets = numbers(isTiled ? tags.tileOffsets : tags.stripOffsets);
  if (offsets.length === 0) return null;
  const [width = 0] = numbers(tags.width);
  const [height = 0] = numbers(tags.height);
  if (width === 0 || height === 0)
    throw new Broken(start, 'image size', 'width and height', `${width}×${height}`);
  const lengths = numbers(isTiled ? tags.tileByteCounts : tags.stripByteCounts);
  const shape = shapeOf(numbers, isTiled, width, height);
  const { base, limit } = header;
  const chunks = offsets.map((offset, i): Chunk => {
    const at = base + offset;
    const { unpacked, ...rest } = shape(i, offsets.length);
    const length = lengths[i] ?? Math.min(unpacked, limit - at);
    return { ...rest, unpacked, start: at, end: at + length };
  });
  const [compression = 1] = numbers(tags.compression);
  const [fillOrder = 1] = numbers(tags.fillOrder);
  const [group3Options = 0] = numbers(tags.group3Options);
  return { compression, fillOrder, group3Options, chunks };
}

type Shape = (i: number, count: number) => Omit<Chunk, 'start' | 'end'>;

/** TIFF 6.0 sections 3, 15 (tiles), 21 (subsampled YCbCr). */
function shapeOf(numbers: Numbers, isTiled: boolean, imageWidth: number, imageHeight: number): Shape {
  const [samples = 1] = numbers(tags.samplesPerPixel);
  const bits = numbers(tags.bitsPerSample);
  const [planes = 1] = numbers(tags.planarConfiguration);
  const [rowsPerStrip = imageHeight] = numbers(tags.rowsPerStrip);
  const width = isTiled ? (numbers(tags.tileWidth)[0] ?? imageWidth) : imageWidth;
  const height = isTiled ? (numbers(tags.tileLength)[0] ?? imageHeight) : Math.min(rowsPerStrip, imageHeight);
  const ofSample = (i: number) => bits[i] ?? bits[0] ?? 1;
  let pixelBits = 0;
  for (let i = 0; i < Math.min(samples, 0xffff); i++) pixelBits += ofSample(i);
  const isSubsampled = numbers(tags.photometric)[0] === YCBCR && planes === 1;
  const [horizontal = 2, vertical = 2] = isSubsampled ? numbers(tags.subsampling) : [1, 1];
  return (i, count) => {
    const perPlane = planes === 2 ? Math.max(1, Math.floor(count / samples)) : count;
    const isLast = !isTiled && i % perPlane === perPlane - 1;
    const rows = isLast ? Math.max(0, imageHeight - height * (perPlane - 1)) : height;
    const rowBits = planes === 2 ? ofSample(Math.floor(i / perPlane)) : pixelBits;
    const rowBytes = Math.ceil((width * rowBits) / 8);
    const unpacked = isSubsampled ? subsampledBytes(width, rows, horizontal, vertical) : rowBytes * rows;
    return { rows, width, rowBytes, unpacked };
  };
}

const YCBCR = 6;

function subsampledBytes(width: number, rows: number, horizontal: number, vertical: number): number {
  return Math.ceil(width / horizontal) * Math.ceil(rows / vertical) * (horizontal * vertical + 2);
}
