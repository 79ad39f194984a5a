/** Of so many bytes the classes are counted; fewer tell nothing. */
const FEWEST = 64;
/** How much of the beginning is kept, in bytes. */
const HEAD = 1024;

/** Statistics of bytes that pass by: what kind of data they look like. */
export class Sniffer {
  length = 0;
  readonly #head = new Uint8Array(HEAD);
  readonly #counts = new Float64Array(256);

  feed(bytes: Uint8Array): void {
    if (this.length < HEAD) this.#head.set(bytes.subarray(0, HEAD - this.length), this.length);
    const counts = this.#counts;
    for (let i = 0; i < bytes.length; i++) counts[bytes[i]!]!++;
    this.length += bytes.length;
  }

  get head(): Uint8Array {
    return this.#head.subarray(0, this.length);
  }

  /** Share of printable ASCII and spacing, 0–1. */
  get printable(): number {
    let printable = this.#counts[9]! + this.#counts[10]! + this.#counts[13]!;
    for (let code = 0x20; code < 0x7f; code++) printable += this.#counts[code]!;
    return this.length === 0 ? 1 : printable / this.length;
  }

  /**
   * Not to be told from uniform bytes: χ² of 16 classes (15 degrees of freedom, 10⁻⁴ on either side) for short
   * data, of all 256 values (10⁻⁶) from 2 KiB on.
   */
  get random(): boolean {
    if (this.length < FEWEST) return false;
    if (chiSquare(this.#byHighNibble(), this.length) > 44.3) return false;
    if (chiSquare(this.#byLowNibble(), this.length) > 44.3) return false;
    return this.length < 2048 || chiSquare(this.#counts, this.length) < 377;
  }

  #byHighNibble(): Float64Array {
    const classes = new Float64Array(16);
    for (let code = 0; code < 256; code++) classes[code >> 4]! += this.#counts[code]!;
    return classes;
  }

  #byLowNibble(): Float64Array {
    const classes = new Float64Array(16);
    for (let code = 0; code < 256; code++) classes[code & 15]! += this.#counts[code]!;
    return classes;
  }
}

function chiSquare(counts: Float64Array, total: number): number {
  const expected = total / counts.length;
  let sum = 0;
  for (const count of counts) sum += (count - expected) ** 2;
  return sum / expected;
}
