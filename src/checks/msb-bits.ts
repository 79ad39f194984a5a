import { Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

const PIECE = 1 << 15;
/** Decoders look ahead over the end: so many zero bytes are given there before it counts as cut off. */
const MOST_BEYOND = 8;

/** Bits of a range, the most significant of each byte first. */
export class MsbBits {
  readonly #reader: Reader;
  readonly #start: number;
  readonly #end: number;
  #piece: Uint8Array = new Uint8Array(0);
  /** Index in the piece of the next byte, and where in the file the piece ends. */
  #next = 0;
  #pieceEnd: number;
  #beyond = 0;
  /** The bits at hand stand at the low end: up to 31 of them. */
  #bits = 0;
  #count = 0;

  constructor(reader: Reader, start: number, end: number) {
    this.#reader = reader;
    this.#start = this.#pieceEnd = start;
    this.#end = end;
  }

  /** The next `count` bits, up to 16, which stay. */
  peek(count: number): number {
    if (this.#count < count) this.#fill();
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  /** Leaves out up to 16 bits that were looked at. */
  skip(count: number): void {
    this.#count -= count;
  }

  /** Takes `count` bits, up to 16. @throws Truncated */
  take(count: number): number {
    const bits = this.peek(count);
    this.#count -= count;
    return bits;
  }

  /** Takes up to 32 bits. */
  takeLong(count: number): number {
    if (count <= 16) return this.take(count);
    const high = this.take(count - 16);
    return high * 0x10000 + this.take(16);
  }

  /** Leaves out what is left of the byte at hand. */
  align(): void {
    this.#count -= this.#count & 7;
  }

  /** Bits that were taken. */
  get taken(): number {
    const read = this.#pieceEnd - this.#piece.length + this.#next - this.#start + this.#beyond;
    return 8 * read - this.#count;
  }

  /** Bytes of the range from which bits were taken. */
  get consumed(): number {
    return Math.ceil(this.taken / 8);
  }

  /** Where in the file the next bit stands. */
  get at(): number {
    return this.#start + this.consumed;
  }

  #fill(): void {
    while (this.#count <= 16) {
      this.#bits = ((this.#bits & 0xffff) << 8) | this.#byte();
      this.#count += 8;
    }
  }

  #byte(): number {
    if (this.#next === this.#piece.length && !this.#load()) return 0;
    return this.#piece[this.#next++]!;
  }

  /** False at the end. */
  #load(): boolean {
    const length = Math.min(PIECE, this.#end - this.#pieceEnd);
    if (length > 0) {
      this.#reader.meter.step();
      this.#piece = this.#reader.copy(this.#pieceEnd, length, 'packed data');
      this.#pieceEnd += length;
      this.#next = 0;
      return true;
    }
    if (++this.#beyond > MOST_BEYOND) throw new Truncated(this.#end, 'packed data', 1);
    return false;
  }
}
