import { Broken, ReadError } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { ByteSource } from '../bytes/source.ts';
import { BlockCache } from './block-cache.ts';
import { type Checkpoint, type DeflateKind, Inflater } from './inflater.ts';

const MOST_CHECKPOINTS = 32;
const FIRST_SPACING = 4 << 20;
/** 128 blocks make 16 MiB. */
const BLOCK = 1 << 17;
const MOST_BLOCKS = 128;

/**
 * What a deflate stream unpacks to, as a source in bounded memory: reads that go forward decode on; those that go
 * back find their block in a cache of 16 MiB, or resume at the last of up to 32 checkpoints (90 KiB each) before.
 * Every byte decoded is metered.
 */
export class InflatedSource implements ByteSource {
  readonly size: number;
  readonly #inflater: Inflater;
  readonly #checkpoints: Checkpoint[];
  readonly #cache = new BlockCache(BLOCK, MOST_BLOCKS);
  #spacing = FIRST_SPACING;
  /** The block that is being filled, and how much of it is. */
  #block: Uint8Array;
  #filled = 0;
  /** Whether the block at hand began before the place that was resumed from: it can't be kept. */
  #isPartial = false;

  /**
   * @param size what a pass over the whole stream gave, in bytes
   * @param reader keep it for this source alone: it is read from while the member is
   */
  constructor(reader: Reader, start: number, end: number, size: number, kind: DeflateKind = 'deflate') {
    this.size = size;
    this.#block = new Uint8Array(Math.min(BLOCK, size));
    this.#inflater = new Inflater(reader, start, end, kind);
    this.#checkpoints = [this.#inflater.checkpoint()];
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    for (let done = 0; done < wanted; ) {
      const index = Math.floor((at + done) / BLOCK);
      const block = this.#cache.get(index) ?? this.#decodeBlock(index);
      const from = at + done - index * BLOCK;
      const part = block.subarray(from, from + wanted - done);
      into.set(part, done);
      done += part.length;
    }
    return wanted;
  }

  close(): void {
    this.#inflater.close();
    this.#cache.clear();
  }

  #decodeBlock(index: number): Uint8Array {
    this.#approach(index * BLOCK);
    for (;;) {
      const block = this.#cache.get(index);
      if (block !== undefined) return block;
      this.#pull();
    }
  }

  /** Goes to the last place before `at` from which decoding can go on. */
  #approach(at: number): void {
    const { produced } = this.#inflater;
    const nearest = this.#checkpoints.findLast((checkpoint) => checkpoint.produced <= at)!;
    // The block at hand is of use only as a whole.
    const reachable = this.#isPartial ? produced - this.#filled + BLOCK : produced - this.#filled;
    if (reachable <= at && nearest.produced <= produced) return;
    this.#inflater.resume(nearest);
    this.#filled = nearest.produced % BLOCK;
    this.#isPartial = this.#filled > 0;
  }

  #pull(): void {
    this.#keepCheckpoint();
    const start = this.#inflater.produced;
    // A stream that is longer than it was the first time has changed; what is beyond isn't anybody's.
    const piece = this.#next()?.subarray(0, this.size - start);
    if (piece === undefined || piece.length === 0)
      throw new ReadError(start, 'the packed bytes changed while they were read');
    for (let done = 0; done < piece.length; ) {
      const part = piece.subarray(done, done + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
      if (this.#filled === BLOCK || start + done === this.size) this.#endBlock(start + done);
    }
  }

  #endBlock(end: number): void {
    const evicted = this.#isPartial
      ? this.#block
      : this.#cache.set(Math.ceil(end / BLOCK) - 1, this.#block.subarray(0, this.#filled));
    // Fresh memory for each block took a fifth of the time of large streams.
    const length = Math.min(BLOCK, this.size);
    this.#block = evicted?.length === length ? evicted : new Uint8Array(length);
    this.#filled = 0;
    this.#isPartial = false;
  }

  /** The stream was decoded once before: a contradiction now is the storage's. */
  #next(): Uint8Array | null {
    try {
      return this.#inflater.next();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      throw new ReadError(this.#inflater.produced, 'the packed bytes changed while they were read', error);
    }
  }

  #keepCheckpoint(): void {
    const { produced } = this.#inflater;
    if (produced < this.#checkpoints.at(-1)!.produced + this.#spacing) return;
    this.#checkpoints.push(this.#inflater.checkpoint());
    if (this.#checkpoints.length < MOST_CHECKPOINTS) return;
    const every2nd = this.#checkpoints.filter((_, i) => i % 2 === 0);
    this.#checkpoints.splice(0, this.#checkpoints.length, ...every2nd);
    this.#spacing *= 2;
  }
}
