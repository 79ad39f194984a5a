const NOTHING = Buffer.alloc(0);

/** Takes bytes off a stream in the lengths that are asked for. */
export class StreamReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #left: Buffer = NOTHING;
  #at = 0;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Bytes that were taken. */
  get at(): number {
    return this.#at;
  }

  /** The next bytes, fewer than asked only at the end. For short lengths. */
  async take(length: number): Promise<Buffer> {
    const bytes = await this.peek(length);
    this.#left = this.#left.subarray(bytes.length);
    this.#at += bytes.length;
    return bytes;
  }

  /** The same without taking them. */
  async peek(length: number): Promise<Buffer> {
    while (this.#left.length < length) {
      if (!(await this.#fill())) break;
    }
    return this.#left.subarray(0, length);
  }

  /** The next bytes as they come, fewer than asked only at the end. */
  async *pieces(length: number): AsyncGenerator<Buffer> {
    for (let wanted = length; wanted > 0; ) {
      if (this.#left.length === 0 && !(await this.#fill())) return;
      const piece = this.#left.subarray(0, wanted);
      this.#left = this.#left.subarray(piece.length);
      this.#at += piece.length;
      wanted -= piece.length;
      yield piece;
    }
  }

  /** Gives how many bytes were there to be passed over. */
  async skip(length: number): Promise<number> {
    let skipped = 0;
    for await (const piece of this.pieces(length)) skipped += piece.length;
    return skipped;
  }

  /** The stream is of no more use: its other end may stop. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done === true) return false;
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#left = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    return true;
  }
}
