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

  set(index: number, block: Uint8Array): void {
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    if (this.#blocks.size <= this.#most) return;
    for (const oldest of this.#blocks.keys()) {
      this.#blocks.delete(oldest);
      return;
    }
  }

  clear(): void {
    this.#blocks.clear();
  }
}
