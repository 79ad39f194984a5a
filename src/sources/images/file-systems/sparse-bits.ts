/** Numbers in one bit set: 2 KiB of numbers, 256 bytes. */
const PART = 2048;

/** A set of whole numbers, in a bit each where they lie close together. Numbers up to 2^53. */
export class SparseBits {
  readonly #parts = new Map<number, Uint8Array>();

  /** Adds `number`; false if it was there already. */
  add(number: number): boolean {
    const index = Math.floor(number / PART);
    const part = this.#parts.get(index) ?? new Uint8Array(PART / 8);
    this.#parts.set(index, part);
    const bit = number - index * PART;
    const mask = 1 << (bit & 7);
    const fresh = (part[bit >> 3]! & mask) === 0;
    part[bit >> 3]! |= mask;
    return fresh;
  }

  has(number: number): boolean {
    const index = Math.floor(number / PART);
    const bit = number - index * PART;
    return ((this.#parts.get(index)?.[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}
