import { Broken, Truncated } from '../../bytes/errors.ts';

/** A header in memory, read from front to back. Offsets in errors are those of the file. */
export class HeaderBytes {
  at = 0;
  readonly #bytes: Uint8Array;
  /** Where in the file the header stands, or what it is packed in. */
  readonly #start: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  take(length: number, what = '7z header'): Uint8Array {
    if (!(length <= this.left)) throw new Truncated(this.#start + this.at, what, length - this.left);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  byte(what?: string): number {
    return this.take(1, what)[0]!;
  }

  u32(what?: string): number {
    const b = this.take(4, what);
    return (b[0]! | (b[1]! << 8) | (b[2]! << 16) | (b[3]! << 24)) >>> 0;
  }

  /** A number of one to nine bytes: the ones that lead the first byte count those that follow (7zFormat.txt, NUMBER). */
  number(what = '7z number'): number {
    const first = this.byte(what);
    let value = 0;
    for (let i = 0; i < 8; i++) {
      const mask = 0x80 >> i;
      if ((first & mask) === 0) return this.#safe(value + (first & (mask - 1)) * 2 ** (8 * i), what);
      value += this.byte(what) * 2 ** (8 * i);
    }
    return this.#safe(value, what);
  }

  /** A number of things of which each takes a byte of the header at least. */
  count(what: string): number {
    const count = this.number(what);
    if (count > this.left * 8) throw this.broken(what, `at most ${this.left * 8}`, count);
    return count;
  }

  /** One bit each, most significant first. */
  bits(count: number): boolean[] {
    const bytes = this.take(Math.ceil(count / 8), '7z bits');
    return Array.from({ length: count }, (_, i) => ((bytes[i >> 3]! >> (7 - (i & 7))) & 1) === 1);
  }

  /** A byte that says "all", or else bits. */
  optionalBits(count: number): boolean[] {
    return this.byte() !== 0 ? new Array<boolean>(count).fill(true) : this.bits(count);
  }

  broken(what: string, expected?: string | number, actual?: string | number): Broken {
    return new Broken(this.#start + Math.min(this.at, this.#bytes.length), what, expected, actual);
  }

  #safe(value: number, what: string): number {
    if (!Number.isSafeInteger(value)) throw this.broken(what, 'less than 2^53', value);
    return value;
  }
}
