import { Broken } from '../../../../bytes/errors.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { checkDiskSize } from '../../size-limit.ts';
import { SECTOR } from './descriptor.ts';

const REDUNDANT = 2;
const ZERO_GRAINS = 4;
const COMPRESSED = 0x10000;
const MARKERS = 0x20000;
/** The directory stands before the footer at the end: the file was written in one go. */
const AT_END = 0xffffffff;
const FOOTER = 1024;
/** Sectors in a grain, entries in a table, entries of a directory (16 MiB). */
const MOST_GRAIN = 1 << 16;
const MOST_TABLE = 1 << 16;
const MOST_DIRECTORY = 1 << 22;

/** Header of a sparse extent, whichever its kind. Offsets and sizes in bytes. */
export interface SparseHeader {
  /** Of the contents. */
  readonly capacity: number;
  readonly grain: number;
  /** Entries in a grain table. */
  readonly perTable: number;
  /** Grain directories, the preferred one first. Each has so many entries as the capacity needs. */
  readonly directories: readonly number[];
  readonly hasZeroGrains: boolean;
  readonly isCompressed: boolean;
  readonly hasMarkers: boolean;
  /** Where grains may begin. */
  readonly dataAt: number;
  readonly descriptor: { readonly at: number; readonly length: number };
  /** What it doesn't hold is its parent's, always. */
  readonly isDelta: boolean;
  readonly isDirty: boolean;
  /** Whether line ends came through unchanged: text-mode transfers break images. */
  readonly isTransferredWell: boolean;
}

/** The header in the first sector. @throws Broken, Truncated */
export function readSparseHeader(reader: Reader): SparseHeader {
  const header = reader.has(0, 'COWD') ? readCowd(reader) : readKdmv(reader);
  return checkHeader(header, reader.size);
}

/** Entries of a grain directory. */
export function countTables({ capacity, grain, perTable }: SparseHeader): number {
  return Math.ceil(capacity / (grain * perTable));
}

function readKdmv(reader: Reader): SparseHeader {
  reader.expect(0, 'KDMV', 'header of a sparse extent');
  const flags = reader.u32le(8);
  return {
    capacity: sectors(reader, 12),
    grain: sectors(reader, 20),
    perTable: reader.u32le(44),
    directories: readDirectories(reader, flags),
    hasZeroGrains: (flags & ZERO_GRAINS) !== 0,
    isCompressed: (flags & COMPRESSED) !== 0,
    hasMarkers: (flags & MARKERS) !== 0,
    dataAt: sectors(reader, 64),
    descriptor: { at: sectors(reader, 28), length: sectors(reader, 36) },
    isDelta: false,
    isDirty: reader.u8(72) !== 0,
    isTransferredWell: reader.has(73, '\n \r\n'),
  };
}

/**
 * A file written in one go repeats its header at the end, with the place of the directory. Where that is lost, there's
 * none: grains are found by their markers.
 */
function readDirectories(reader: Reader, flags: number): number[] {
  if (!isAtEnd(reader, 0)) {
    const [redundant, primary] = [sectors(reader, 48), sectors(reader, 56)];
    const both = (flags & REDUNDANT) === 0 ? [primary, redundant] : [redundant, primary];
    return both.filter((place) => place > 0);
  }
  const footer = reader.size - FOOTER;
  return reader.has(footer, 'KDMV') && !isAtEnd(reader, footer) ? [sectors(reader, footer + 56)] : [];
}

function isAtEnd(reader: Reader, header: number): boolean {
  return reader.u32le(header + 56) === AT_END && reader.u32le(header + 60) === AT_END;
}

/** Snapshots of ESX: tables of 4,096 entries, no copies. */
function readCowd(reader: Reader): SparseHeader {
  return {
    capacity: reader.u32le(12) * SECTOR,
    grain: reader.u32le(16) * SECTOR,
    perTable: 4096,
    directories: [reader.u32le(20) * SECTOR],
    hasZeroGrains: false,
    isCompressed: false,
    hasMarkers: false,
    dataAt: 0,
    descriptor: { at: 0, length: 0 },
    isDelta: true,
    isDirty: false,
    isTransferredWell: true,
  };
}

function checkHeader(header: SparseHeader, length: number): SparseHeader {
  const { capacity, grain, perTable, directories } = header;
  checkDiskSize(capacity, 12);
  const grainSectors = grain / SECTOR;
  if (grain === 0 || grainSectors > MOST_GRAIN || !Number.isInteger(Math.log2(grainSectors))) {
    throw new Broken(20, 'sectors in a grain', `a power of two up to ${MOST_GRAIN}`, grainSectors);
  }
  if (perTable === 0 || perTable > MOST_TABLE)
    throw new Broken(44, 'entries of a table', `1 to ${MOST_TABLE}`, perTable);
  const tables = countTables(header);
  if (tables > MOST_DIRECTORY) throw new Broken(12, 'grain tables', `at most ${MOST_DIRECTORY}`, tables);
  const inside = directories.filter((at) => at + 4 * tables <= length);
  if (inside.length === 0 && !header.hasMarkers)
    throw new Broken(56, 'grain directory', 'inside the file', 'outside');
  return { ...header, directories: inside };
}

function sectors(reader: Reader, at: number): number {
  return reader.u64le(at) * SECTOR;
}
