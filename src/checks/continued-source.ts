import { ReadError } from '../bytes/errors.ts';
import type { ByteSource } from '../bytes/source.ts';
import { BlockCache } from './block-cache.ts';
import type { Pieces } from './pieces.ts';

const BLOCK = 1 << 20;
/** 32 MiB of the output are kept. */
const MOST_BLOCKS = 32;

/**
 * What a stream unpacks to, as a source in bounded memory, for decoders that can't be resumed. Reading on goes on where
 * the decoder stands; who goes back further than the 32 MiB that are kept lets it run from the beginning.
 */
export class ContinuedSource implements ByteSource {
  readonly size: number;
  readonly #open: () => Pieces;
  readonly #cache = new BlockCache(BLOCK, MOST_BLOCKS);
  #pieces: Pieces | null = null;
  /** The part of the last piece that is still to be taken. */
  #rest = new Uint8Array(0);
  #nextBlock = 0;

  /** @param open decodes from the beginning */
  constructor(size: number, open: () => Pieces) {
    this.size = size;
    this.#open = open;
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    for (let done = 0; done < wanted; ) {
      const from = at + done;
      const index = Math.floor(from / BLOCK);
      const block = this.#cache.get(index) ?? this.#decodeTo(index);
      const part = block.subarray(from - index * BLOCK, from - index * BLOCK + wanted - done);
      into.set(part, done);
      done += part.length;
    }
    return wanted;
  }

  close(): void {
    this.#stop();
    this.#cache.clear();
  }

  #stop(): void {
    this.#pieces?.return(undefined);
    this.#pieces = null;
    this.#rest = new Uint8Array(0);
    this.#nextBlock = 0;
  }

  #decodeTo(index: number): Uint8Array {
    if (index < this.#nextBlock) this.#stop();
    this.#pieces ??= this.#open();
    for (;;) {
      const block = this.#fill(this.#pieces, this.#nextBlock);
      this.#cache.set(this.#nextBlock, block);
      if (this.#nextBlock++ === index) return block;
    }
  }

  #fill(pieces: Pieces, index: number): Uint8Array {
    const block = new Uint8Array(Math.min(BLOCK, this.size - index * BLOCK));
    for (let filled = 0; filled < block.length; ) {
      if (this.#rest.length === 0) {
        const next = pieces.next();
        if (next.done === true)
          throw new ReadError(index * BLOCK + filled, 'the packed bytes changed while they were read');
        this.#rest = next.value as Uint8Array<ArrayBuffer>;
      }
      const part = this.#rest.subarray(0, block.length - filled);
      block.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return block;
  }
}
