import { Broken } from '../bytes/errors.ts';
import type { Vp8lBits } from './vp8l-bits.ts';

const MOST_BITS = 15;

/** A prefix code: how many codes of each length, and their symbols in order. */
export class PrefixCode {
  readonly #counts: Uint16Array;
  readonly #symbols: Uint16Array;
  /** The only symbol, which takes no bits; −1 where there are more. */
  readonly only: number;

  /** @throws Broken unless the lengths fill the code space exactly, or there is one symbol */
  constructor(lengths: Uint8Array, at: number) {
    this.#counts = new Uint16Array(MOST_BITS + 1);
    for (const length of lengths) this.#counts[length]!++;
    this.#counts[0] = 0;
    const offsets = new Uint16Array(MOST_BITS + 2);
    let space = 0;
    for (let length = 1; length <= MOST_BITS; length++) {
      space += this.#counts[length]! * 2 ** (MOST_BITS - length);
      offsets[length + 1] = offsets[length]! + this.#counts[length]!;
    }
    const total = offsets[MOST_BITS + 1]!;
    this.#symbols = new Uint16Array(total);
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== 0) this.#symbols[offsets[lengths[symbol]!]!++] = symbol;
    }
    this.only = total === 1 ? this.#symbols[0]! : -1;
    if (total !== 1 && space !== 2 ** MOST_BITS) throw new Broken(at, 'prefix code', 'a complete one', space);
  }

  read(bits: Vp8lBits): number {
    if (this.only >= 0) return this.only;
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MOST_BITS; length++) {
      code |= bits.read(1);
      const count = this.#counts[length]!;
      if (code - first < count) return this.#symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Broken(bits.at, 'prefix code', 'a code', code);
  }
}

/** In which order lengths of the code for code lengths are sent (WebP lossless specification, 6.2.1). */
const lengthOrder = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/** Reads a prefix code for `alphabet` symbols. @throws Broken */
export function readPrefixCode(bits: Vp8lBits, alphabet: number): PrefixCode {
  const lengths = new Uint8Array(alphabet);
  if (bits.read(1) === 1) readSimple(bits, lengths);
  else readLengths(bits, lengths);
  bits.check();
  return new PrefixCode(lengths, bits.at);
}

function readSimple(bits: Vp8lBits, lengths: Uint8Array): void {
  const hasTwo = bits.read(1) === 1;
  const symbols = [bits.read(bits.read(1) === 1 ? 8 : 1)];
  if (hasTwo) symbols.push(bits.read(8));
  for (const symbol of symbols) {
    if (symbol >= lengths.length) throw new Broken(bits.at, 'symbol', `below ${lengths.length}`, symbol);
    lengths[symbol] = 1;
  }
}

function readLengths(bits: Vp8lBits, lengths: Uint8Array): void {
  const count = 4 + bits.read(4);
  const ofLengths = new Uint8Array(lengthOrder.length);
  for (let i = 0; i < count; i++) ofLengths[lengthOrder[i]!] = bits.read(3);
  const code = new PrefixCode(ofLengths, bits.at);
  let left = bits.read(1) === 0 ? lengths.length : 2 + bits.read(2 + 2 * bits.read(3));
  if (left > lengths.length) throw new Broken(bits.at, 'code lengths', `at most ${lengths.length}`, left);
  let previous = 8;
  for (let symbol = 0; symbol < lengths.length && left > 0; left--) {
    const value = code.read(bits);
    if (value < 16) {
      lengths[symbol++] = value;
      if (value !== 0) previous = value;
      continue;
    }
    const repeats = value === 16 ? 3 + bits.read(2) : value === 17 ? 3 + bits.read(3) : 11 + bits.read(7);
    if (symbol + repeats > lengths.length) throw new Broken(bits.at, 'repeated length', 'fewer', repeats);
    lengths.fill(value === 16 ? previous : 0, symbol, symbol + repeats);
    symbol += repeats;
  }
}
