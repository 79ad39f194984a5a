import { Broken } from '../bytes/errors.ts';

/** Bits of a VP8L stream, least significant first. Beyond the end they are zeros, until `check` is asked. */
export class Vp8lBits {
  readonly #bytes: Uint8Array;
  readonly #at: number;
  #next = 0;
  #bits = 0;
  #held = 0;

  /** @param at offset of `bytes` in the file, for errors */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Up to 16 bits. */
  read(count: number): number {
    while (this.#held < count) {
      this.#bits |= (this.#bytes[this.#next] ?? 0) << this.#held;
      this.#next++;
      this.#held += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#held -= count;
    return value;
  }

  /** Bytes that were begun. */
  get taken(): number {
    return this.#next - (this.#held >> 3);
  }

  /** Offset in the file. */
  get at(): number {
    return this.#at + Math.min(this.taken, this.#bytes.length);
  }

  /** @throws Broken when more was read than there is */
  check(): void {
    if (this.taken > this.#bytes.length) throw new Broken(this.at, 'VP8L data', 'more', 'their end');
  }
}
