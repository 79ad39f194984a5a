/** Recently used blocks of a stream that is expensive to go back in. The one that was used longest ago makes room. */
export class BlockCache {
  /** Length of a block in bytes; the last of a stream may be shorter. */
  readonly blockSize: number;
  readonly #most: number;
  /** In order of use: a Map keeps the order in which keys were set. */
  readonly #blocks = new Map<number, Uint8Array>();

  constructor(blockSize: number, most: number) {
    this.blockSize = blockSize;
    this.#most = most;
  }

  get(index: number): Uint8Array | undefined {
    const block = this.#blocks.get(index);
    if (block === undefined) return undefined;
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    return block;
  }

  /** Gives the block that made room, whose memory may be used again; undefined while there was room. */
  set(index: number, block: Uint8Array): Uint8Array | undefined {
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    if (this.#blocks.size <= this.#most) return undefined;
    for (const [oldest, evicted] of this.#blocks) {
      this.#blocks.delete(oldest);
      return evicted;
    }
    return undefined;
  }

  clear(): void {
    this.#blocks.clear();
  }
}
