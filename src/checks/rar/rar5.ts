import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { MsbBits } from '../msb-bits.ts';
import { PrefixCode } from '../prefix-code.ts';
import { Distances, readCodeLengths, setCodes } from './code-lengths.ts';
import { undoArm, undoDelta, undoX86 } from './filters.ts';
import type { History } from './history.ts';

const SYMBOLS = 306;
const DISTANCES = 64;
const LOW_DISTANCES = 16;
const LENGTHS = 44;
/** Symbols beyond the literals. */
const FILTER = 256;
const SAME_AGAIN = 257;
const FIRST_REUSE = 258;
const FIRST_LENGTH = 262;

const LAST_BLOCK = 0x40;
const HAS_CODES = 0x80;
const BLOCK_SUM = 0x5a;

/** Unpacks RAR 5's method: LZSS with prefix codes in blocks (unrar, unpack50.cpp). Files of a solid archive in turn. */
export class Rar5Unpacker {
  readonly #history: History;
  readonly #symbols = new PrefixCode(SYMBOLS);
  readonly #far = new PrefixCode(DISTANCES);
  readonly #low = new PrefixCode(LOW_DISTANCES);
  readonly #lengths = new PrefixCode(LENGTHS);
  readonly #distances = new Distances();
  #lastLength = 0;
  #hasCodes = false;

  constructor(history: History) {
    this.#history = history;
  }

  /** Unpacks one file, all of whose bytes are there. Returns bytes of input taken. @throws Broken, Truncated, OverBudget */
  unpack(reader: Reader, start: number, end: number, size: number): number {
    let at = start;
    for (let isLast = false; !isLast; ) {
      reader.meter.step();
      if (at + 3 > end) throw new Broken(at, 'block of RAR 5', 'a block', 'the end of the data');
      const block = readBlock(reader, at, end);
      this.#unpackBlock(reader, block, size);
      isLast = block.isLast;
      at = block.end;
    }
    if (!this.#history.end()) throw new Broken(at, 'filter', 'all of its block', 'the end of the file');
    return at - start;
  }

  #unpackBlock(reader: Reader, { start, end, lastBits, hasCodes }: Block, size: number): void {
    const bits = new MsbBits(reader, start, end);
    if (hasCodes) this.#readCodes(bits);
    else if (!this.#hasCodes) throw new Broken(start, 'block of RAR 5', 'codes', 'none');
    const stop = 8 * (end - start - 1) + lastBits;
    while (bits.taken < stop) {
      this.#takeSymbol(bits);
      if (this.#history.length > size) throw new Broken(bits.at, 'size of a file', size, 'more');
    }
    if (bits.taken !== stop) throw new Broken(end, 'block of RAR 5', `${stop} bits`, bits.taken);
  }

  #readCodes(bits: MsbBits): void {
    const { at } = bits;
    const lengths = readCodeLengths(bits, SYMBOLS + DISTANCES + LOW_DISTANCES + LENGTHS, null);
    const codes = [
      [this.#symbols, SYMBOLS],
      [this.#far, DISTANCES],
      [this.#low, LOW_DISTANCES],
      [this.#lengths, LENGTHS],
    ] as const;
    setCodes(codes, lengths, at);
    this.#hasCodes = true;
  }

  #takeSymbol(bits: MsbBits): void {
    const symbol = this.#symbols.read(bits);
    if (symbol < FILTER) this.#history.put(symbol);
    else if (symbol >= FIRST_LENGTH) this.#takeMatch(bits, symbol - FIRST_LENGTH);
    else if (symbol === FILTER) this.#takeFilter(bits);
    else if (symbol === SAME_AGAIN) this.#copy(bits, this.#distances.latest, this.#lastLength);
    else {
      const distance = this.#distances.reuse(symbol - FIRST_REUSE);
      this.#copy(bits, distance, readLength(bits, this.#lengths.read(bits)));
    }
  }

  #takeMatch(bits: MsbBits, slot: number): void {
    const length = readLength(bits, slot);
    const distance = this.#readDistance(bits);
    this.#distances.add(distance);
    this.#copy(
      bits,
      distance,
      length + Number(distance > 0x100) + Number(distance > 0x2000) + Number(distance > 0x40000),
    );
  }

  #readDistance(bits: MsbBits): number {
    const slot = this.#far.read(bits);
    if (slot < 4) return slot + 1;
    const more = (slot >> 1) - 1;
    const base = (2 + (slot & 1)) * 2 ** more + 1;
    if (more < 4) return base + bits.take(more);
    const high = more > 4 ? bits.takeLong(more - 4) * 16 : 0;
    return base + high + this.#low.read(bits);
  }

  #copy(bits: MsbBits, distance: number, length: number): void {
    this.#lastLength = length;
    if (length === 0) return;
    if (distance === 0 || !this.#history.copy(distance, length))
      throw new Broken(bits.at, 'distance', 'what was unpacked before', distance);
  }

  #takeFilter(bits: MsbBits): void {
    const start = this.#history.position + readNumber(bits);
    const length = readNumber(bits);
    const type = bits.take(3);
    const apply = filterOf(type, type === 0 ? bits.take(5) + 1 : 0);
    if (apply === null || !this.#history.addFilter({ start, length, apply }))
      throw new Broken(bits.at, 'filter', 'a known type, in order', `type ${type} over ${length} bytes`);
  }
}

interface Block {
  readonly start: number;
  readonly end: number;
  /** Bits of the last byte that are used. */
  readonly lastBits: number;
  readonly isLast: boolean;
  readonly hasCodes: boolean;
}

/** Flags, a sum, and the length in up to three bytes. */
function readBlock(reader: Reader, at: number, end: number): Block {
  const flags = reader.u8(at, 'block of RAR 5');
  const lengthBytes = ((flags >> 3) & 3) + 1;
  const start = at + 2 + lengthBytes;
  if (lengthBytes > 3 || start > end) throw new Broken(at, 'block of RAR 5', 'a length', `flags ${flags}`);
  let length = 0;
  let sum = BLOCK_SUM ^ flags;
  for (let i = 0; i < lengthBytes; i++) {
    const byte = reader.u8(at + 2 + i);
    length += byte << (8 * i);
    sum ^= byte;
  }
  const said = reader.u8(at + 1);
  if (said !== sum) throw new Broken(at + 1, 'sum of a block of RAR 5', said, sum);
  if (length === 0 || start + length > end)
    throw new Broken(at + 2, 'length of a block of RAR 5', `1 to ${end - start}`, length);
  return {
    start,
    end: start + length,
    lastBits: (flags & 7) + 1,
    isLast: (flags & LAST_BLOCK) !== 0,
    hasCodes: (flags & HAS_CODES) !== 0,
  };
}

function readLength(bits: MsbBits, slot: number): number {
  if (slot < 8) return slot + 2;
  const more = (slot >> 2) - 1;
  return 2 + ((4 | (slot & 3)) << more) + bits.take(more);
}

/** One to four bytes, the lowest first. */
function readNumber(bits: MsbBits): number {
  const bytes = bits.take(2) + 1;
  let number = 0;
  for (let i = 0; i < bytes; i++) number += bits.take(8) * 2 ** (8 * i);
  return number;
}

function filterOf(type: number, channels: number) {
  if (type === 0) return undoDelta(channels);
  if (type === 1 || type === 2) return undoX86(type === 2);
  return type === 3 ? undoArm : null;
}
