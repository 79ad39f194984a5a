import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { MsbBits } from '../msb-bits.ts';
import { PrefixCode } from '../prefix-code.ts';
import { Distances, readCodeLengths, setCodes } from './code-lengths.ts';
import type { History } from './history.ts';
import { NotUnpacked } from './not-unpacked.ts';
import { VmFilters } from './vm-filters.ts';

const SYMBOLS = 299;
const DISTANCES = 60;
const LOW_DISTANCES = 17;
const LENGTHS = 28;
const ALL = SYMBOLS + DISTANCES + LOW_DISTANCES + LENGTHS;
/** Symbols beyond the literals. */
const END_OF_BLOCK = 256;
const FILTER = 257;
const SAME_AGAIN = 258;
const FIRST_REUSE = 259;
const FIRST_SHORT = 263;
const FIRST_LENGTH = 271;
/** A low part of a distance that stands for the one before, here and for the next fifteen. */
const SAME_LOW = 16;
const SAME_LOW_TIMES = 15;

/** Lengths and distances by slot: where they begin, and how many bits tell the rest. */
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5];
const lengthBases = basesOf(lengthBits);
const distanceBits = [4, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 14, 0, 12].flatMap((slots, bits) =>
  new Array<number>(slots).fill(bits),
);
const distanceBases = basesOf(distanceBits);
const shortBits = [2, 2, 3, 4, 5, 6, 6, 6];
const shortBases = basesOf(shortBits);

function basesOf(bits: readonly number[]): readonly number[] {
  let base = 0;
  return bits.map((count) => {
    const here = base;
    base += 2 ** count;
    return here;
  });
}

/** Unpacks RAR 3's method without PPMd: LZSS with prefix codes (unrar, unpack30.cpp). Files of a solid archive in turn. */
export class Rar3Unpacker {
  readonly #history: History;
  readonly #symbols = new PrefixCode(SYMBOLS);
  readonly #far = new PrefixCode(DISTANCES);
  readonly #low = new PrefixCode(LOW_DISTANCES);
  readonly #lengths = new PrefixCode(LENGTHS);
  readonly #distances = new Distances();
  readonly #filters = new VmFilters();
  #codeLengths = new Uint8Array(ALL);
  #lastLength = 0;
  #lastLow = 0;
  #lowRepeats = 0;
  #hasCodes = false;

  constructor(history: History) {
    this.#history = history;
  }

  /**
   * Unpacks one file, all of whose bytes are there. Returns bytes of input taken.
   * @throws Broken, Truncated, OverBudget, NotUnpacked
   */
  unpack(reader: Reader, start: number, end: number, size: number): number {
    const bits = new MsbBits(reader, start, end);
    if (!this.#hasCodes) this.#readCodes(bits);
    while (this.#history.length < size) {
      const symbol = this.#symbols.read(bits);
      if (symbol === END_OF_BLOCK) {
        reader.meter.step();
        if (!this.#goesOn(bits)) break;
      } else this.#takeSymbol(bits, symbol);
    }
    this.#takeEnd(bits, end);
    if (!this.#history.end()) throw new Broken(bits.at, 'filter', 'all of its block', 'the end of the file');
    return bits.consumed;
  }

  /** Behind the last byte mostly stands that the file ends, and whether the next one has codes of its own. */
  #takeEnd(bits: MsbBits, end: number): void {
    if (bits.at >= end || this.#symbols.peek(bits) !== END_OF_BLOCK) return;
    this.#symbols.read(bits);
    this.#goesOn(bits);
  }

  /** At the end of a block: whether another one of the same file follows. */
  #goesOn(bits: MsbBits): boolean {
    if (bits.take(1) === 1) {
      this.#readCodes(bits);
      return true;
    }
    this.#hasCodes = bits.take(1) === 0;
    return false;
  }

  #readCodes(bits: MsbBits): void {
    bits.align();
    const { at } = bits;
    if (bits.take(1) === 1) throw new NotUnpacked('PPMd');
    const isAdded = bits.take(1) === 1;
    const lengths = readCodeLengths(bits, ALL, isAdded ? this.#codeLengths : null);
    const codes = [
      [this.#symbols, SYMBOLS],
      [this.#far, DISTANCES],
      [this.#low, LOW_DISTANCES],
      [this.#lengths, LENGTHS],
    ] as const;
    setCodes(codes, lengths, at);
    this.#codeLengths = lengths as Uint8Array<ArrayBuffer>;
    this.#lastLow = this.#lowRepeats = 0;
    this.#hasCodes = true;
  }

  #takeSymbol(bits: MsbBits, symbol: number): void {
    if (symbol < END_OF_BLOCK) this.#history.put(symbol);
    else if (symbol >= FIRST_LENGTH) this.#takeMatch(bits, symbol - FIRST_LENGTH);
    else if (symbol === FILTER) this.#filters.take(bits, this.#history);
    else if (symbol === SAME_AGAIN) this.#copy(bits, this.#distances.latest, this.#lastLength);
    else if (symbol < FIRST_SHORT) {
      const distance = this.#distances.reuse(symbol - FIRST_REUSE);
      this.#copy(bits, distance, readSlot(bits, this.#lengths.read(bits), lengthBases, lengthBits) + 2);
    } else {
      const distance = readSlot(bits, symbol - FIRST_SHORT, shortBases, shortBits) + 1;
      this.#distances.add(distance);
      this.#copy(bits, distance, 2);
    }
  }

  #takeMatch(bits: MsbBits, slot: number): void {
    const length = readSlot(bits, slot, lengthBases, lengthBits) + 3;
    const distance = this.#readDistance(bits);
    this.#distances.add(distance);
    this.#copy(bits, distance, length + Number(distance >= 0x2000) + Number(distance >= 0x40000));
  }

  #readDistance(bits: MsbBits): number {
    const slot = this.#far.read(bits);
    const count = distanceBits[slot]!;
    if (slot <= 9) return distanceBases[slot]! + 1 + bits.take(count);
    const high = count > 4 ? bits.takeLong(count - 4) * 16 : 0;
    return distanceBases[slot]! + 1 + high + this.#readLow(bits);
  }

  #readLow(bits: MsbBits): number {
    if (this.#lowRepeats > 0) {
      this.#lowRepeats--;
      return this.#lastLow;
    }
    const low = this.#low.read(bits);
    if (low === SAME_LOW) this.#lowRepeats = SAME_LOW_TIMES;
    else this.#lastLow = low;
    return this.#lastLow;
  }

  #copy(bits: MsbBits, distance: number, length: number): void {
    this.#lastLength = length;
    if (length === 0) return;
    if (distance === 0 || !this.#history.copy(distance, length))
      throw new Broken(bits.at, 'distance', 'what was unpacked before', distance);
  }
}

function readSlot(bits: MsbBits, slot: number, bases: readonly number[], counts: readonly number[]): number {
  return bases[slot]! + bits.take(counts[slot]!);
}
