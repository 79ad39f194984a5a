import { Broken, OverBudget } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import type { Reader } from '../../bytes/reader.ts';

/** A TIFF header (TIFF 6.0 section 2; BigTIFF has offsets of 64 bits) and how to read by it. Positions are the file's. */
export interface TiffHeader {
  /** Where offsets count from. */
  readonly base: number;
  /** Where the structure must end. */
  readonly limit: number;
  readonly isBig: boolean;
  /** Offset of the first directory, from `base`. */
  readonly first: number;
  /** Length of the header. */
  readonly length: number;
  u16(at: number): number;
  u32(at: number): number;
  u64(at: number): number;
}

export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Of the values, in bytes. */
  readonly size: number;
  /** Where the values stand in the file: in the entry itself, or elsewhere. */
  readonly at: number;
  readonly isInline: boolean;
}

export interface Ifd {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly Entry[];
  /** Entries that contradict themselves, and are not among `entries`. */
  readonly problems: readonly Broken[];
  /** Offset of the next directory from `base`, 0 for none. */
  readonly next: number;
}

/** Bytes of one value by type, TIFF 6.0 section 2, IFD (13) of the Adobe supplement, 16–18 of BigTIFF. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const MOST_VALUES = 1 << 20;

/** Magic numbers of TIFF and of raw photos that have its structure: Olympus, Panasonic. */
const magics = new Set([42, 43, 0x4f52, 0x5352, 0x0055]);

/** Reads the header at `base`; null where none stands. */
export function tiffHeader(reader: Reader, base: number, limit = reader.size): TiffHeader | null {
  if (base + 8 > limit) return null;
  const isLittle = reader.has(base, 'II');
  if (!isLittle && !reader.has(base, 'MM')) return null;
  const u16 = (at: number) => (isLittle ? reader.u16le(at, 'TIFF field') : reader.u16be(at, 'TIFF field'));
  const u32 = (at: number) => (isLittle ? reader.u32le(at, 'TIFF field') : reader.u32be(at, 'TIFF field'));
  const u64 = (at: number) => (isLittle ? reader.u64le(at, 'TIFF field') : reader.u64be(at, 'TIFF field'));
  const magic = u16(base + 2);
  if (!magics.has(magic)) return null;
  const isBig = magic === 43;
  if (isBig && (u16(base + 4) !== 8 || u16(base + 6) !== 0)) return null;
  const first = isBig ? u64(base + 8) : u32(base + 4);
  return { base, limit, isBig, first, length: isBig ? 16 : 8, u16, u32, u64 };
}

/** Reads the directory at `start`, a position in the file. @throws Broken, Truncated */
export function readIfd(reader: Reader, header: TiffHeader, start: number): Ifd {
  const { isBig, limit } = header;
  const countSize = isBig ? 8 : 2;
  const entrySize = isBig ? 20 : 12;
  if (start + countSize > limit) throw overrun(reader, limit, 'directory', start + countSize - limit);
  const count = isBig ? header.u64(start) : header.u16(start);
  const entriesAt = start + countSize;
  const nextAt = entriesAt + count * entrySize;
  const end = Math.min(nextAt + (isBig ? 8 : 4), limit);
  if (count > 0xffff) throw new Broken(start, 'directory entries', 'at most 65535', count);
  if (nextAt > limit) throw overrun(reader, limit, 'directory', nextAt - limit);
  const entries: Entry[] = [];
  const problems: Broken[] = [];
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const entry = readEntry(header, entriesAt + i * entrySize);
    if (entry instanceof Broken) problems.push(entry);
    else entries.push(entry);
  }
  // Exif in JPEG sometimes ends without the offset of a next directory.
  const hasNext = end - nextAt === (isBig ? 8 : 4);
  return {
    start,
    end,
    entries,
    problems,
    next: hasNext ? (isBig ? header.u64(nextAt) : header.u32(nextAt)) : 0,
  };
}

function readEntry(header: TiffHeader, at: number): Entry | Broken {
  const { isBig, base, limit } = header;
  const [tag, type] = [header.u16(at), header.u16(at + 2)];
  const count = isBig ? header.u64(at + 4) : header.u32(at + 4);
  const size = (sizes[type] ?? 0) * count;
  const valueAt = at + (isBig ? 12 : 8);
  if (sizes[type] === undefined || sizes[type] === 0)
    return new Broken(at + 2, 'type of a tag', '1 to 18', type);
  const isInline = size <= (isBig ? 8 : 4);
  const position = isInline ? valueAt : base + (isBig ? header.u64(valueAt) : header.u32(valueAt));
  if (position + size > limit)
    return new Broken(valueAt, `values of tag ${tag}`, `within ${limit}`, position + size);
  return { tag, type, count, size, at: position, isInline };
}

/** The values of an integer entry. @throws OverBudget for more than a million */
export function integers(reader: Reader, header: TiffHeader, entry: Entry | undefined): number[] {
  if (entry === undefined) return [];
  if (entry.count > MOST_VALUES) throw new OverBudget('values of one tag', MOST_VALUES);
  const size = sizes[entry.type]!;
  const read =
    size === 1
      ? (at: number) => reader.u8(at)
      : size === 2
        ? header.u16
        : size === 4
          ? header.u32
          : header.u64;
  reader.meter.step(entry.count);
  return Array.from({ length: entry.count }, (_, i) => read(entry.at + i * size));
}

/** Whether its values are numbers without sign: BYTE, SHORT, LONG, IFD, LONG8, IFD8. */
export function isInteger({ type }: Entry): boolean {
  return [1, 3, 4, 13, 16, 18].includes(type);
}
