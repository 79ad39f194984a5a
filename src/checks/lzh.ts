import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { type Decode, type Decoder, restarting } from './decoder.ts';
import { MsbBits } from './msb-bits.ts';
import { Outflow } from './outflow.ts';
import { PrefixCode } from './prefix-code.ts';

/** Literals, then lengths from 3 to 256. */
const CHARACTERS = 510;
const CHARACTER_BITS = 9;
const LENGTHS = 19;
const LENGTH_BITS = 5;
/** Behind so many lengths of the first code stands how many more are zero. */
const LENGTH_GAP = 3;
const NO_GAP = -1;
const FIRST_LENGTH = 256;
const SHORTEST = 3;

interface Variant {
  /** Bytes that a match may reach back. */
  readonly window: number;
  /** Symbols of distances, and bits of their number. */
  readonly distances: number;
  readonly distanceBits: number;
}

const variants = {
  lh4: { window: 1 << 12, distances: 14, distanceBits: 4 },
  lh5: { window: 1 << 13, distances: 14, distanceBits: 4 },
  lh6: { window: 1 << 15, distances: 16, distanceBits: 5 },
  lh7: { window: 1 << 16, distances: 17, distanceBits: 5 },
  arj: { window: 26_624, distances: 17, distanceBits: 5 },
} as const satisfies Record<string, Variant>;

export type LzhVariant = keyof typeof variants;

/**
 * LZSS with static prefix codes in blocks, as in LHA's methods -lh4- to -lh7- and in ARJ's 1 to 3 (H. Okumura, ar002;
 * the size of what comes out has to be known).
 */
export function lzh(variant: LzhVariant): Decoder {
  const decode: Decode = (reader, start, end, sink, size = 0) =>
    new Lzh(reader, start, end, variants[variant], sink).run(size);
  return restarting(decode);
}

class Lzh {
  readonly #bits: MsbBits;
  readonly #meter: Reader['meter'];
  readonly #variant: Variant;
  readonly #output: Outflow;
  readonly #window: Uint8Array;
  #at = 0;
  #left = 0;
  readonly #lengths = new PrefixCode(LENGTHS);
  readonly #characters = new PrefixCode(CHARACTERS);
  readonly #distances: PrefixCode;

  constructor(
    reader: Reader,
    start: number,
    end: number,
    variant: Variant,
    sink: (output: Uint8Array) => unknown,
  ) {
    this.#bits = new MsbBits(reader, start, end);
    this.#meter = reader.meter;
    this.#variant = variant;
    this.#output = new Outflow(reader.meter, sink);
    this.#window = new Uint8Array(variant.window).fill(0x20);
    this.#distances = new PrefixCode(variant.distances);
  }

  run(size: number): { consumed: number; produced: number } {
    for (let done = 0; done < size; ) {
      if (this.#left === 0) this.#readCodes();
      this.#left--;
      const character = this.#characters.read(this.#bits);
      if (character < FIRST_LENGTH) {
        this.#put(character);
        done++;
      } else {
        const length = character - FIRST_LENGTH + SHORTEST;
        if (length > size - done)
          throw new Broken(this.#bits.at, 'match', `at most ${size - done} bytes`, length);
        this.#copy(this.#readDistance(), length);
        done += length;
      }
    }
    this.#output.flush();
    return { consumed: this.#bits.consumed, produced: this.#output.produced };
  }

  #put(byte: number): void {
    this.#window[this.#at] = byte;
    this.#at = this.#at + 1 === this.#window.length ? 0 : this.#at + 1;
    this.#output.put(byte);
  }

  #copy(distance: number, length: number): void {
    const size = this.#window.length;
    if (distance > size) throw new Broken(this.#bits.at, 'distance', `at most ${size}`, distance);
    for (let i = 0; i < length; i++) this.#put(this.#window[(this.#at + size - distance) % size]!);
  }

  #readDistance(): number {
    const bits = this.#distances.read(this.#bits);
    return bits === 0 ? 1 : 2 ** (bits - 1) + this.#bits.take(bits - 1) + 1;
  }

  /** A block: how many symbols, then the three codes. */
  #readCodes(): void {
    this.#meter.step();
    this.#left = this.#bits.take(16);
    if (this.#left === 0) this.#left = 0x10000;
    const { distances, distanceBits } = this.#variant;
    this.#readPlain(this.#lengths, LENGTHS, LENGTH_BITS, LENGTH_GAP);
    this.#readCharacters();
    this.#readPlain(this.#distances, distances, distanceBits, NO_GAP);
  }

  /** Lengths of three bits each, longer ones in unary behind a 7. */
  #readPlain(code: PrefixCode, most: number, countBits: number, gap: number): void {
    const { at } = this.#bits;
    const count = this.#bits.take(countBits);
    if (count > most) throw new Broken(at, 'number of codes', `at most ${most}`, count);
    if (count === 0) {
      this.#setOnly(code, this.#bits.take(countBits), most);
      return;
    }
    const lengths = new Uint8Array(most);
    for (let i = 0; i < count; ) {
      lengths[i++] = this.#readLength();
      if (i === gap) i += this.#bits.take(2);
    }
    code.setLengths(lengths, true, at);
  }

  #readLength(): number {
    let length = this.#bits.take(3);
    if (length < 7) return length;
    while (this.#bits.take(1) === 1) {
      if (++length > 16) throw new Broken(this.#bits.at, 'length of a code', 'at most 16', 'more');
    }
    return length;
  }

  /** Lengths in the first code: 0 to 2 stand for one zero, 3 to 18, and 20 to 531. */
  #readCharacters(): void {
    const { at } = this.#bits;
    const count = this.#bits.take(CHARACTER_BITS);
    if (count > CHARACTERS) throw new Broken(at, 'number of codes', `at most ${CHARACTERS}`, count);
    if (count === 0) {
      this.#setOnly(this.#characters, this.#bits.take(CHARACTER_BITS), CHARACTERS);
      return;
    }
    const lengths = new Uint8Array(CHARACTERS);
    for (let i = 0; i < count; ) {
      const symbol = this.#lengths.read(this.#bits);
      if (symbol > 2) lengths[i++] = symbol - 2;
      else i += this.#readZeros(symbol);
      if (i > count) throw new Broken(at, 'lengths of codes', `${count}`, `${i}`);
    }
    this.#characters.setLengths(lengths, true, at);
  }

  #readZeros(symbol: number): number {
    if (symbol === 0) return 1;
    return symbol === 1 ? 3 + this.#bits.take(4) : 20 + this.#bits.take(CHARACTER_BITS);
  }

  #setOnly(code: PrefixCode, symbol: number, most: number): void {
    if (symbol >= most) throw new Broken(this.#bits.at, 'symbol', `less than ${most}`, symbol);
    code.setOnly(symbol);
  }
}
