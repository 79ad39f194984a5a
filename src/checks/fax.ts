import { Broken } from '../bytes/errors.ts';
import type { Meter } from '../bytes/meter.ts';
import { blackRuns, RUN_BITS, whiteRuns } from './fax-codes.ts';

/** T.6 (group 4), or T.4 (group 3) with rows in one or two dimensions; `modified`: T.4 without EOL, rows from byte borders. */
export interface FaxStyle {
  readonly coding: 'group4' | 'group3' | 'group3-2d' | 'modified';
  /** Whether the first bit is the least significant one of a byte. */
  readonly isReversed: boolean;
}

/**
 * Decodes `rows` rows of `width` pixels as far as it takes to know where each ends; returns the bytes taken.
 * @param at offset of `bytes` in the file, for errors
 * @throws Broken at a code that there isn't, or a run that leaves its row
 */
export function decodeFax(
  bytes: Uint8Array,
  at: number,
  rows: number,
  width: number,
  style: FaxStyle,
  meter: Meter,
): number {
  const decoder = new FaxDecoder(bytes, at, width, style);
  for (let row = 0; row < rows; row++) {
    meter.step();
    decoder.readRow();
  }
  return decoder.finish();
}

class FaxDecoder {
  readonly #bytes: Uint8Array;
  readonly #at: number;
  readonly #width: number;
  readonly #style: FaxStyle;
  #bit = 0;
  /** Where colours change, in the row before and in this one; the ends of the row stand behind. */
  #reference: Int32Array;
  #current: Int32Array;
  #changes = 0;

  constructor(bytes: Uint8Array, at: number, width: number, style: FaxStyle) {
    this.#bytes = style.isReversed ? bytes.map(reverseBits) : bytes;
    this.#at = at;
    this.#width = width;
    this.#style = style;
    this.#reference = new Int32Array(width + 4).fill(width);
    this.#current = new Int32Array(width + 4);
  }

  readRow(): void {
    const { coding } = this.#style;
    if (coding === 'modified') this.#bit = (this.#bit + 7) & ~7;
    const hasEol = coding.startsWith('group3') && this.#passEol();
    const isFlat = coding === 'group3-2d' ? !hasEol || this.#take(1) === 1 : coding !== 'group4';
    this.#changes = 0;
    if (isFlat) this.#readFlat();
    else this.#readAgainstReference();
    this.#current.fill(this.#width, this.#changes, this.#changes + 4);
    [this.#reference, this.#current] = [this.#current, this.#reference];
  }

  /** Passes the end-of-block codes. */
  finish(): number {
    for (let passed = 0; passed < 6 && this.#passEol(); passed++) {
      if (this.#style.coding === 'group3-2d') this.#take(1);
    }
    this.#check();
    return (this.#bit + 7) >> 3;
  }

  #readFlat(): void {
    let end = 0;
    for (let isBlack = false; end < this.#width; isBlack = !isBlack) {
      end += this.#readRun(isBlack);
      this.#change(end);
    }
  }

  /** T.4 section 4.2.1.3: each change by its place beside one of the row before. */
  #readAgainstReference(): void {
    let a0 = -1;
    let isBlack = false;
    let b = 0;
    while (a0 < this.#width) {
      b = this.#findB1(a0, isBlack, b);
      const b1 = this.#reference[b]!;
      const mode = modes[this.#peek(7)]!;
      this.#bit += mode & 15;
      const move = (mode >> 4) - 8;
      if (mode === 0) throw new Broken(this.#where(), 'fax mode', 'a code', this.#peek(7));
      if (move === PASS) {
        a0 = this.#reference[b + 1]!;
        continue;
      }
      if (move === HORIZONTAL) {
        const first = Math.max(a0, 0) + this.#readRun(isBlack);
        const second = first + this.#readRun(!isBlack);
        this.#change(first);
        this.#change(second);
        a0 = second;
        continue;
      }
      if (b1 + move < Math.max(a0, 0))
        throw new Broken(this.#where(), 'fax change', `from ${a0} on`, b1 + move);
      a0 = b1 + move;
      this.#change(a0);
      isBlack = !isBlack;
    }
  }

  /** The first change of the row before to the right of a0, away from the present colour. */
  #findB1(a0: number, isBlack: boolean, from: number): number {
    let b = Math.max(0, from - 3);
    if ((b & 1) !== (isBlack ? 1 : 0)) b = b > 0 ? b - 1 : b + 1;
    while (this.#reference[b]! <= a0 && this.#reference[b]! < this.#width) b += 2;
    return b;
  }

  #change(at: number): void {
    if (at > this.#width) throw new Broken(this.#where(), 'fax run', `a row of ${this.#width}`, at);
    if (this.#changes > this.#width) throw new Broken(this.#where(), 'fax changes', this.#width, 'more');
    this.#current[this.#changes++] = at;
  }

  #readRun(isBlack: boolean): number {
    const table = isBlack ? blackRuns : whiteRuns;
    for (let total = 0; ; ) {
      const entry = table[this.#peek(RUN_BITS)]!;
      if (entry === 0) throw new Broken(this.#where(), 'fax run', 'a code', this.#peek(RUN_BITS));
      this.#bit += entry & 15;
      this.#check();
      total += entry >> 4;
      if (entry >> 4 < 64) return total;
      if (total > this.#width) throw new Broken(this.#where(), 'fax run', `a row of ${this.#width}`, total);
    }
  }

  /** Zeros may fill up before the code of eleven zeros and a one. */
  #passEol(): boolean {
    let bit = this.#bit;
    while (bit < this.#bytes.length * 8 && this.#bitAt(bit) === 0) bit++;
    if (bit - this.#bit < 11 || bit >= this.#bytes.length * 8) return false;
    this.#bit = bit + 1;
    return true;
  }

  #check(): void {
    if (this.#bit > this.#bytes.length * 8) throw new Broken(this.#where(), 'fax rows', 'more', 'their end');
  }

  #take(count: number): number {
    const value = this.#peek(count);
    this.#bit += count;
    return value;
  }

  /** Up to 13 bits; zeros behind the end. */
  #peek(count: number): number {
    const i = this.#bit >> 3;
    const three =
      ((this.#bytes[i] ?? 0) << 16) | ((this.#bytes[i + 1] ?? 0) << 8) | (this.#bytes[i + 2] ?? 0);
    return (three >> (24 - (this.#bit & 7) - count)) & ((1 << count) - 1);
  }

  #bitAt(bit: number): number {
    return (this.#bytes[bit >> 3]! >> (7 - (bit & 7))) & 1;
  }

  #where(): number {
    return this.#at + Math.min(this.#bit >> 3, this.#bytes.length);
  }
}

const PASS = 5;
const HORIZONTAL = 6;

/** By the next 7 bits: (move + 8) × 16 + bits; 0 where no mode is like that (T.4 table 4). */
const modes = new Uint8Array(128);
for (const [code, move] of [
  ['1', 0],
  ['011', 1],
  ['000011', 2],
  ['0000011', 3],
  ['010', -1],
  ['000010', -2],
  ['0000010', -3],
  ['0001', PASS],
  ['001', HORIZONTAL],
] as const) {
  const spare = 7 - code.length;
  const first = Number.parseInt(code, 2) << spare;
  modes.fill((move + 8) * 16 + code.length, first, first + (1 << spare));
}

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let i = 0; i < 8; i++) reversed |= ((byte >> i) & 1) << (7 - i);
  return reversed;
}
