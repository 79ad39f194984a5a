import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { BlockCache } from '../../checks/block-cache.ts';
import { packedLength, type SquashBlocks } from './blocks.ts';
import type { SquashFile } from './inodes.ts';

/** A block that holds the ends of files. */
export interface Fragment {
  readonly at: number;
  readonly size: number;
}

const MOST_CACHED = 16;

/** A file of an image, unpacked block by block as it is read; each read accounts for its blocks. */
export class SquashContent implements ByteSource {
  readonly size: number;
  readonly range: Range;
  readonly #blocks: SquashBlocks;
  readonly #file: SquashFile;
  readonly #blockSize: number;
  readonly #tail: Uint8Array;
  readonly #cache = new BlockCache(1 << 20, MOST_CACHED);
  /** Where each block begins in the image. */
  readonly #starts: Float64Array;

  /** @param tail what the file's fragment holds of it; empty where it has none */
  constructor(blocks: SquashBlocks, file: SquashFile, blockSize: number, tail: Uint8Array) {
    this.size = file.size;
    this.#blocks = blocks;
    this.#file = file;
    this.#blockSize = blockSize;
    this.#tail = tail;
    this.#starts = new Float64Array(file.blockSizes.length);
    let at = file.dataAt;
    for (const [i, size] of file.blockSizes.entries()) {
      this.#starts[i] = at;
      at += packedLength(size);
    }
    this.range = { start: Math.min(file.dataAt, blocks.reader.size), end: Math.min(at, blocks.reader.size) };
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    for (let done = 0; done < wanted; ) {
      const index = Math.floor((at + done) / this.#blockSize);
      const block = this.#block(index);
      const from = at + done - index * this.#blockSize;
      const part = block.subarray(from, from + wanted - done);
      if (part.length === 0) throw new Broken(this.range.start, 'length of a file', this.size, at + done);
      into.set(part, done);
      done += part.length;
    }
    return wanted;
  }

  /** Unpacks all blocks once, so that what is broken is told of the image, not of the file. @throws Broken */
  check(): void {
    for (let i = 0; i < this.#starts.length; i++) this.#block(i);
    if (
      this.size % this.#blockSize > this.#tail.length &&
      this.#starts.length * this.#blockSize < this.size
    ) {
      throw new Broken(
        this.range.start,
        'end of a file in its fragment',
        this.size % this.#blockSize,
        this.#tail.length,
      );
    }
  }

  close(): void {
    this.#cache.clear();
  }

  #block(index: number): Uint8Array {
    const size = this.#file.blockSizes[index];
    if (size === undefined) return this.#tail;
    const known = this.#cache.get(index);
    if (known !== undefined) return known;
    const most = Math.min(this.#blockSize, this.size - index * this.#blockSize);
    const block = size === 0 ? new Uint8Array(most) : this.#blocks.data(this.#starts[index]!, size, most);
    if (block.length !== most)
      throw new Broken(this.#starts[index]!, 'length of a data block', most, block.length);
    this.#cache.set(index, block);
    return block;
  }
}
