import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import { Reader } from '../../../../bytes/reader.ts';
import { lastAtMost } from '../../../../bytes/search.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import { adler32 } from '../../../../checks/adler32.ts';
import type { ImageFile } from '../../container.ts';
import { type CompressedPiece, type Layer, type LayerPiece, readWhole } from '../../mapped-container.ts';
import { PackedBlocks, unpackZlib } from '../../unpack-block.ts';
import { type ChunkPlaces, type ChunkTable, readPlaces } from './chunk-table.ts';
import type { EwfVolume } from './volume.ts';

/** Tables kept decoded; each tells about half a gigabyte. */
const MOST_TABLES = 8;
export const UNREAD_WHEN_ACQUIRED = "couldn't be read when the disk was acquired";

/** Chunks from a table on; `table` is null where they are lost with their segment. */
export interface Span {
  /** Index of the first chunk; spans follow each other, from 0 on. */
  readonly first: number;
  readonly table: ChunkTable | null;
  readonly why: string;
}

/**
 * Chunks of an acquired disk. Each carries an Adler-32, packed or not, which is checked as it's read: so all are
 * `compressed` pieces, of which either everything is right or nothing is given.
 */
export class EwfLayer implements Layer {
  readonly size: number;
  readonly unit: number;
  readonly #files: readonly ImageFile[];
  readonly #packed = new PackedBlocks();
  /** Index in `files` of each segment. */
  readonly #indices: readonly number[];
  readonly #spans: readonly Span[];
  readonly #firsts: Float64Array;
  /** Ranges of the disk, sorted. */
  readonly #unread: readonly Range[];
  readonly #unreadStarts: Float64Array;
  readonly #places = new Map<ChunkTable, ChunkPlaces>();

  constructor(
    volume: EwfVolume,
    files: readonly (ImageFile | null)[],
    spans: readonly Span[],
    unread: readonly Range[],
  ) {
    this.size = volume.size;
    this.unit = volume.chunk;
    this.#files = files.filter((file) => file !== null);
    this.#indices = files.map((file) => (file === null ? -1 : this.#files.indexOf(file)));
    this.#spans = spans;
    this.#firsts = Float64Array.from(spans, ({ first }) => first);
    this.#unread = unread;
    this.#unreadStarts = Float64Array.from(unread, ({ start }) => start);
  }

  pieceAt(at: number): LayerPiece {
    const index = lastAtMost(this.#unreadStarts, at);
    const bad = this.#unread[index];
    if (bad !== undefined && bad.start <= at && at < bad.end) {
      return { kind: 'unreadable', ...bad, why: UNREAD_WHEN_ACQUIRED };
    }
    const piece = this.#chunkAt(Math.floor(at / this.unit));
    const next = bad !== undefined && bad.start > at ? bad : this.#unread[index + 1];
    return next !== undefined && next.start < piece.end ? { ...piece, end: next.start } : piece;
  }

  unpack({ file, at, stored, start }: CompressedPiece, into: Uint8Array): number {
    const chunk = Math.floor(start / this.unit);
    const span = this.#spanOf(chunk);
    const isPacked = this.#placesOf(span.table!).isPacked[chunk - span.first] === 1;
    const { source } = this.#files[file]!;
    if (isPacked) return unpackZlib(this.#packed.of(source), at, at + stored, into);
    return readStored(source, at, at + stored - 4, into);
  }

  #chunkAt(chunk: number): LayerPiece {
    const span = this.#spanOf(chunk);
    const start = chunk * this.unit;
    if (span.table === null || chunk >= span.first + span.table.count) return this.#lost(chunk, span);
    const { starts } = this.#placesOf(span.table);
    const at = starts[chunk - span.first]!;
    const stored = starts[chunk - span.first + 1]! - at;
    const { chunks, segment } = span.table;
    if (at < chunks.start || stored <= 4 || stored > 2 * this.unit + 1024 || at + stored > chunks.end) {
      throw new Broken(at, 'place of a chunk', 'inside its section', `${at}, ${stored} bytes`);
    }
    const end = Math.min(start + this.unit, this.size);
    return { kind: 'compressed', start, end, file: this.#indices[segment]!, at, stored };
  }

  /** All chunks up to the next table are lost. */
  #lost(chunk: number, span: Span): LayerPiece {
    const next = this.#spans[this.#spans.indexOf(span) + 1];
    const first = span.table === null ? span.first : span.first + span.table.count;
    const end = next === undefined ? this.size : Math.min(this.size, next.first * this.unit);
    const start = Math.min(first, chunk) * this.unit;
    return { kind: 'unreadable', start, end, why: span.why };
  }

  #spanOf(chunk: number): Span {
    return this.#spans[lastAtMost(this.#firsts, chunk)]!;
  }

  #placesOf(table: ChunkTable): ChunkPlaces {
    let places = this.#places.get(table);
    if (places === undefined) {
      places = readPlaces(new Reader(this.#files[this.#indices[table.segment]!]!.source), table);
      if (this.#places.size >= MOST_TABLES) this.#places.delete(this.#places.keys().next().value!);
      this.#places.set(table, places);
    }
    return places;
  }
}

/** A chunk as it is in [start, end), and its Adler-32. */
function readStored(source: ByteSource, start: number, end: number, into: Uint8Array): number {
  if (end - start > into.length) throw new Broken(start, 'length of a chunk', into.length, end - start);
  const contents = into.subarray(0, end - start);
  const sum = Buffer.alloc(4);
  readWhole(source, contents, start);
  readWhole(source, sum, end);
  const computed = adler32(contents);
  if (sum.readUInt32LE() !== computed)
    throw new Broken(end, 'Adler-32 of a chunk', sum.readUInt32LE(), computed);
  return contents.length;
}
