import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { expectAdler } from '../../../../formats/ewf/sum.ts';

const HEADER = 24;
const PACKED = 0x80000000;
/** Entries of one table: EnCase wrote up to 65,534. */
const MOST_ENTRIES = 1 << 20;

/** A table of chunks and, where there is one, its copy. Offsets in bytes of the segment. */
export interface ChunkTable {
  /** Index of its segment. */
  readonly segment: number;
  /** Offsets of the data of `table` and `table2`. */
  readonly copies: readonly Range[];
  /** The section that holds the chunks. */
  readonly chunks: Range;
  readonly count: number;
}

export interface ChunkPlaces {
  /** One more than there are chunks: where each begins, and where the last ends. */
  readonly starts: Float64Array;
  readonly isPacked: Uint8Array;
}

/** Number of chunks in a table. @throws Broken when its header's sum is wrong, or it promises more than it holds */
export function readChunkCount(reader: Reader, { start, end }: Range): number {
  expectAdler(reader, start, start + 20);
  const count = reader.u32le(start, 'number of chunks');
  const most = Math.min(MOST_ENTRIES, Math.floor((end - start - HEADER) / 4));
  if (count > most) throw new Broken(start, 'number of chunks', `at most ${most}`, count);
  return count;
}

/** From the first copy whose sum is right; the oldest files have no sum. @throws Broken where none is right */
export function readPlaces(reader: Reader, table: ChunkTable): ChunkPlaces {
  let failure: Broken | null = null;
  for (const copy of table.copies) {
    try {
      return readCopy(reader, table, copy);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? new Broken(table.chunks.end, 'table of chunks', 'one', 'none');
}

function readCopy(reader: Reader, table: ChunkTable, { start, end }: Range): ChunkPlaces {
  if (readChunkCount(reader, { start, end }) !== table.count) {
    throw new Broken(start, 'number of chunks', table.count, 'another');
  }
  const entriesEnd = start + HEADER + 4 * table.count;
  const isSummed = end - entriesEnd >= 4 && table.chunks.start !== entriesEnd;
  if (isSummed) expectAdler(reader, start + HEADER, entriesEnd);
  return decodePlaces(reader, table, { start: start + HEADER, end: entriesEnd }, baseOf(reader, start + 8));
}

/** Files of EnCase 1 to 5 have zeros or garbage there, and offsets from the start of the segment. */
function baseOf(reader: Reader, at: number): number {
  return reader.u32le(at) + reader.u32le(at + 4) * 2 ** 32;
}

/**
 * Offsets of 31 bits and a flag. EnCase 6.7 wrote sections beyond 2 GiB: from where the offsets would run over, all 32
 * bits are the offset, and chunks are stored as they are (libewf, "Expert Witness Compression Format", table section).
 */
function decodePlaces(reader: Reader, table: ChunkTable, entries: Range, base: number): ChunkPlaces {
  const { count, chunks } = table;
  const starts = new Float64Array(count + 1);
  const isPacked = new Uint8Array(count);
  let hasRunOver = false;
  for (let i = 0; i < count; i++) {
    const entry = reader.u32le(entries.start + 4 * i);
    const offset = hasRunOver ? entry : entry & ~PACKED;
    starts[i] = base + offset;
    isPacked[i] = !hasRunOver && entry >= PACKED ? 1 : 0;
    const next = i + 1 < count ? reader.u32le(entries.start + 4 * i + 4) : 0;
    if (i + 1 < count && (next & ~PACKED) >>> 0 < offset && next > offset) hasRunOver = true;
  }
  starts[count] = chunks.end;
  return { starts, isPacked };
}
