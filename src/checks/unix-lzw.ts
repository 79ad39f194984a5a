import { Broken } from '../bytes/errors.ts';
import { LzwGreed } from './lzw-greed.ts';
import type { Packed, Pieces } from './pieces.ts';

const CLEAR = 256;
const PIECE = 1 << 16;
/** No code stands for a longer string. */
const LONGEST = 1 << 16;

export interface UnixLzw {
  /** Bytes. */
  readonly produced: number;
  /** The shortest run of random bytes that shows in the codes, but for 1 in 10⁶; infinite where it's none. In bytes. */
  readonly floor: number;
}

/**
 * Decodes what `compress` made behind its three bytes of header: LZW, least significant bit first, codes of 9 bits up to
 * `widest`. Codes of one width come in groups of eight; at a change of width the rest of a group is skipped.
 * @param hasClear whether code 256 clears the table
 * @throws Broken at a code that the table hasn't
 */
export function* decodeUnixLzw(
  { reader, start, end }: Packed,
  widest: number,
  hasClear: boolean,
): Pieces<UnixLzw> {
  const table = new Table(widest, hasClear);
  let produced = 0;
  for (let at = start; at < end; ) {
    const group = Math.min(table.width, end - at);
    const bytes = reader.copy(at, group, 'LZW codes');
    for (let code = 0; (code + 1) * table.width <= group * 8; code++) {
      if (!table.take(readCode(bytes, code * table.width, table.width), at)) break;
    }
    at += group;
    table.settle();
    if (table.length < PIECE && at < end) continue;
    const piece = table.piece();
    reader.meter.produce(piece.length);
    produced += piece.length;
    if (piece.length > 0) yield piece;
  }
  return { produced, floor: table.greed.floor };
}

function readCode(bytes: Uint8Array, bit: number, width: number): number {
  const i = bit >> 3;
  const word = bytes[i]! | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16);
  return (word >> (bit & 7)) & ((1 << width) - 1);
}

class Table {
  /** Bits of the codes of this group. */
  width = 9;
  length = 0;
  readonly greed = new LzwGreed();
  readonly #widest: number;
  readonly #hasClear: boolean;
  readonly #prefix = new Uint16Array(1 << 16);
  readonly #suffix = new Uint8Array(1 << 16);
  readonly #reversed = new Uint8Array(LONGEST + 1);
  readonly #output = new Uint8Array(PIECE + 9 * LONGEST);
  #next: number;
  #last = -1;
  #first = 0;
  #nextWidth = 9;

  constructor(widest: number, hasClear: boolean) {
    this.#widest = widest;
    this.#hasClear = hasClear;
    this.#next = hasClear ? 257 : 256;
  }

  /** False where the group ends with this code. */
  take(code: number, at: number): boolean {
    if (code === CLEAR && this.#hasClear) {
      // What `compress` clears: the next string gets the first free code once more.
      this.#next = 256;
      this.#nextWidth = 9;
      this.greed.clear();
      return false;
    }
    const isFirst = this.#last < 0;
    if (isFirst ? code > 255 : code > this.#next)
      throw new Broken(at, 'LZW code', `at most ${this.#next}`, code);
    this.#write(code, isFirst);
    return this.#grow(isFirst);
  }

  settle(): void {
    this.width = this.#nextWidth;
  }

  piece(): Uint8Array {
    const piece = this.#output.subarray(0, this.length);
    this.length = 0;
    return piece;
  }

  #write(code: number, isFirst: boolean): void {
    let count = 0;
    let walk = code;
    if (!isFirst && code === this.#next) {
      this.#reversed[count++] = this.#first;
      walk = this.#last;
    }
    for (; walk > 255; walk = this.#prefix[walk]!) this.#reversed[count++] = this.#suffix[walk]!;
    this.#reversed[count++] = walk;
    this.#first = walk;
    while (count > 0) this.#output[this.length++] = this.#reversed[--count]!;
    if (!isFirst) this.#remember(walk);
    this.#last = code;
  }

  #remember(first: number): void {
    const isFull = this.#next >= 1 << this.#widest;
    // Behind a clearing, what was before it isn't continued: the writer enters nothing.
    if (this.#next !== CLEAR) this.greed.follow(this.#last, first, isFull ? -1 : this.#next);
    if (isFull) return;
    this.#prefix[this.#next] = this.#last;
    this.#suffix[this.#next] = first;
  }

  #grow(isFirst: boolean): boolean {
    if (!isFirst && this.#next < 1 << this.#widest) this.#next++;
    if (this.#next <= (1 << this.width) - 1 || this.width >= this.#widest) return true;
    this.#nextWidth = this.width + 1;
    return false;
  }
}
