import { Broken } from '../bytes/errors.ts';
import type { MsbBits } from './msb-bits.ts';

const LONGEST = 16;
/** Codes up to this length are found by one look-up. */
const QUICK = 10;
const NONE = 0;

/**
 * A canonical prefix code (Huffman 1952): shorter codes stand before longer ones, codes of one length in the order of
 * their symbols; at most 16 bits.
 */
export class PrefixCode {
  /** By the next ten bits: length of the code · 2¹⁶ + symbol; 0 where it's longer, or where there is none. */
  readonly #quick = new Uint32Array(1 << QUICK);
  /** Symbols in the order of their codes; by length, where they begin, the first code, and the first that's too large. */
  readonly #symbols: Uint16Array;
  readonly #offsets = new Uint16Array(LONGEST + 2);
  readonly #firsts = new Uint32Array(LONGEST + 2);
  readonly #limits = new Uint32Array(LONGEST + 2);
  /** The one symbol that takes no bits; −1 where there's none. */
  #only = -1;

  constructor(symbols: number) {
    this.#symbols = new Uint16Array(symbols);
  }

  /** All bits are spared: each symbol is this one. */
  setOnly(symbol: number): void {
    this.#only = symbol;
  }

  /**
   * Sets the lengths of the codes in bits, 0 for symbols that have none.
   * @param isComplete whether each sequence of bits must be a code
   * @throws Broken at `at` where the lengths make no code
   */
  setLengths(lengths: Uint8Array, isComplete: boolean, at: number): void {
    this.#only = -1;
    const counts = new Uint16Array(LONGEST + 2);
    for (const length of lengths) counts[length]!++;
    counts[0] = 0;
    let code = 0;
    for (let length = 1; length <= LONGEST; length++) {
      code = (code + counts[length - 1]!) << 1;
      this.#firsts[length] = code;
      this.#limits[length] = code + counts[length]!;
      this.#offsets[length + 1] = this.#offsets[length]! + counts[length]!;
    }
    const room = 2 ** LONGEST - this.#limits[LONGEST]!;
    if (room < 0 || (isComplete && room > 0)) throw new Broken(at, 'prefix code', 'a code', 'other lengths');
    this.#sort(lengths);
    this.#fillQuick(lengths);
  }

  /** @throws Broken where the next bits are no code */
  read(bits: MsbBits): number {
    if (this.#only >= 0) return this.#only;
    const found = this.#find(bits.peek(LONGEST));
    if (found === NONE) throw new Broken(bits.at, 'prefix code', 'a code', 'other bits');
    bits.skip(found >>> 16);
    return found & 0xffff;
  }

  /** The symbol that `read` would give; −1 where the next bits are no code. */
  peek(bits: MsbBits): number {
    if (this.#only >= 0) return this.#only;
    const found = this.#find(bits.peek(LONGEST));
    return found === NONE ? -1 : found & 0xffff;
  }

  /** Length of the code · 2¹⁶ + symbol. */
  #find(next: number): number {
    const quick = this.#quick[next >> (LONGEST - QUICK)]!;
    if (quick !== NONE) return quick;
    for (let length = QUICK + 1; length <= LONGEST; length++) {
      const code = next >> (LONGEST - length);
      if (code >= this.#limits[length]!) continue;
      return length * 0x10000 + this.#symbols[this.#offsets[length]! + code - this.#firsts[length]!]!;
    }
    return NONE;
  }

  #sort(lengths: Uint8Array): void {
    const next = this.#offsets.slice();
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol]!;
      if (length > 0) this.#symbols[next[length]!++] = symbol;
    }
  }

  #fillQuick(lengths: Uint8Array): void {
    this.#quick.fill(NONE);
    for (let i = 0; i < this.#offsets[QUICK + 1]!; i++) {
      const symbol = this.#symbols[i]!;
      const length = lengths[symbol]!;
      const code = this.#firsts[length]! + i - this.#offsets[length]!;
      const first = code << (QUICK - length);
      this.#quick.fill(length * 0x10000 + symbol, first, first + (1 << (QUICK - length)));
    }
  }
}
