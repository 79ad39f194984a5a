import { Broken } from '../../bytes/errors.ts';
import type { MsbBits } from '../msb-bits.ts';
import { PrefixCode } from '../prefix-code.ts';

const SYMBOLS = 20;
const REPEAT_FEW = 16;
const REPEAT_MANY = 17;
const ZEROS_FEW = 18;

/**
 * Reads the lengths of all codes of a block, themselves in a prefix code.
 * @param before lengths to which those that are told are added, of the block before
 */
export function readCodeLengths(bits: MsbBits, count: number, before: Uint8Array | null): Uint8Array {
  const code = new PrefixCode(SYMBOLS);
  code.setLengths(readPlain(bits), false, bits.at);
  const lengths = new Uint8Array(count);
  for (let i = 0; i < count; ) {
    const symbol = code.read(bits);
    if (symbol < REPEAT_FEW) {
      lengths[i] = (symbol + (before?.[i] ?? 0)) & 15;
      i++;
      continue;
    }
    const isMany = symbol === REPEAT_MANY || symbol > ZEROS_FEW;
    const times = isMany ? 11 + bits.take(7) : 3 + bits.take(3);
    if (symbol <= REPEAT_MANY && i === 0)
      throw new Broken(bits.at, 'length of a code', 'a first one', 'a repetition');
    lengths.fill(symbol <= REPEAT_MANY ? lengths[i - 1]! : 0, i, Math.min(count, i + times));
    i += times;
  }
  return lengths;
}

/** Four bits each; 15 is followed by how many zeros stand for it, if any. */
function readPlain(bits: MsbBits): Uint8Array {
  const lengths = new Uint8Array(SYMBOLS);
  for (let i = 0; i < SYMBOLS; ) {
    const length = bits.take(4);
    const zeros = length === 15 ? bits.take(4) : 0;
    if (zeros > 0) i += zeros + 2;
    else lengths[i++] = length;
  }
  return lengths;
}

/** Codes over parts of the lengths, one behind the other. */
export function setCodes(
  codes: readonly (readonly [PrefixCode, number])[],
  lengths: Uint8Array,
  at: number,
): void {
  let from = 0;
  for (const [code, symbols] of codes) {
    code.setLengths(lengths.subarray(from, from + symbols), false, at);
    from += symbols;
  }
}

/** The last four distances, the latest first. */
export class Distances {
  readonly #last = [0, 0, 0, 0];

  get latest(): number {
    return this.#last[0]!;
  }

  add(distance: number): void {
    this.#last.pop();
    this.#last.unshift(distance);
  }

  /** Takes one of them to the front. */
  reuse(which: number): number {
    const [distance] = this.#last.splice(which, 1);
    this.#last.unshift(distance!);
    return distance!;
  }
}
