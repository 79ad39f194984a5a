import { Broken } from '../../bytes/errors.ts';
import { Meter } from '../../bytes/meter.ts';
import { Reader } from '../../bytes/reader.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { inflate } from '../../checks/inflate.ts';
import { drain } from '../../checks/pieces.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import { decodeZstdFrame } from '../../checks/zstd.ts';

/**
 * Unpacks one block of an image, which stands in [start, end) of its file; bytes behind the stream's end are padding, and
 * ignored. Gives how many bytes of `into` were filled.
 * @throws Broken where the stream contradicts its format, or gives more than `into` holds; Truncated, ReadError
 */
export type UnpackBlock = (packed: Reader, start: number, end: number, into: Uint8Array) => number;

/** Reads ahead so far, in bytes, where blocks are read one behind the other; a jump reads little. */
const AHEAD = 256 << 10;
/** A block is bounded by what it may unpack to. */
const unlimited = {
  produced: Number.POSITIVE_INFINITY,
  read: Number.POSITIVE_INFINITY,
  depth: 0,
  steps: Number.POSITIVE_INFINITY,
  milliseconds: Number.POSITIVE_INFINITY,
};

/** The packed blocks of an image's files, one of which is read at a time: an image may have thousands. */
export class PackedBlocks {
  #source: ByteSource | null = null;
  #reader: Reader | null = null;
  readonly #window = new Uint8Array(AHEAD);

  /** Valid until the next call. */
  of(source: ByteSource): Reader {
    if (this.#reader === null || this.#source !== source) {
      this.#reader = new Reader(source, new Meter(unlimited), this.#window);
      this.#source = source;
    }
    return this.#reader;
  }
}

/** RFC 1950; compares the Adler-32 of the block. */
export const unpackZlib: UnpackBlock = (packed, start, end, into) => {
  const block = new Filling(start, into);
  inflateZlib(packed, start, end, (piece) => block.add(piece));
  return block.filled;
};

/** RFC 1951. */
export const unpackDeflate: UnpackBlock = (packed, start, end, into) => {
  const block = new Filling(start, into);
  inflate(packed, start, end, (piece) => block.add(piece));
  return block.filled;
};

/** RFC 8878, one frame or several. */
export const unpackZstd: UnpackBlock = (packed, start, end, into) => {
  const block = new Filling(start, into);
  for (let at = start; block.filled < into.length && at < end; ) {
    const frame = drain(decodeZstdFrame({ reader: packed, start: at, end }), (piece) => block.add(piece));
    at += frame?.consumed ?? end;
  }
  return block.filled;
};

class Filling {
  filled = 0;
  readonly #start: number;
  readonly #into: Uint8Array;

  constructor(start: number, into: Uint8Array) {
    this.#start = start;
    this.#into = into;
  }

  /** @throws Broken where it would become too long */
  add(piece: Uint8Array): void {
    const length = this.filled + piece.length;
    if (length > this.#into.length)
      throw new Broken(this.#start, 'size of a packed block', this.#into.length, length);
    this.#into.set(piece, this.filled);
    this.filled = length;
  }
}
