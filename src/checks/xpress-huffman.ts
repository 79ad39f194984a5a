import { Broken } from '../bytes/errors.ts';

const SYMBOLS = 512;
const TABLE = SYMBOLS / 2;
const LONGEST = 15;
const BLOCK = 1 << 16;
const LEAST_MATCH = 3;

/**
 * Decodes LZ77 with Huffman codes ([MS-XCA] §2.2, "LZXPRESS Huffman"): blocks of 64 KiB of output, each behind the lengths of
 * its codes. `output` is as long as the content. Gives the number of bytes taken.
 * @throws Broken
 */
export function decodeXpressHuffman(input: Uint8Array, output: Uint8Array): number {
  const decoder = new XpressDecoder(input, output);
  while (decoder.produced < output.length) decoder.decodeBlock();
  return decoder.consumed;
}

class XpressDecoder {
  produced = 0;
  consumed = 0;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  /** By the next 15 bits: the symbol · 16 + the length of its code. */
  readonly #codes = new Uint16Array(1 << LONGEST);
  #bits = 0;
  /** Bits that are there beyond the sixteen that must be. */
  #extra = 0;

  constructor(input: Uint8Array, output: Uint8Array) {
    this.#input = input;
    this.#output = output;
  }

  decodeBlock(): void {
    this.#readCodes();
    this.#bits = (this.#word() << 16) | this.#word();
    this.#extra = 16;
    const end = Math.min(this.produced + BLOCK, this.#output.length);
    while (this.produced < end) {
      const code = this.#codes[this.#bits >>> (32 - LONGEST)]!;
      this.#drop(code & 15);
      const symbol = code >> 4;
      if (symbol < 256) this.#output[this.produced++] = symbol;
      else this.#copy(symbol - 256);
    }
  }

  /** Two lengths a byte, the low half first; the codes must be used up. */
  #readCodes(): void {
    const start = this.consumed;
    if (start + TABLE > this.#input.length)
      throw new Broken(start, 'lengths of codes', '256 bytes', 'the end');
    const lengthOf = (symbol: number) => (this.#input[start + (symbol >> 1)]! >> (4 * (symbol & 1))) & 15;
    let filled = 0;
    for (let length = 1; length <= LONGEST; length++) {
      const share = 1 << (LONGEST - length);
      for (let symbol = 0; symbol < SYMBOLS; symbol++) {
        if (lengthOf(symbol) !== length) continue;
        this.#codes.fill((symbol << 4) | length, filled, filled + share);
        filled += share;
      }
    }
    if (filled !== 1 << LONGEST) throw new Broken(start, 'lengths of codes', 'a complete code', 'others');
    this.consumed += TABLE;
  }

  #copy(symbol: number): void {
    const length = this.#lengthOf(symbol & 15) + LEAST_MATCH;
    const width = symbol >> 4;
    const distance = width === 0 ? 1 : (1 << width) + (this.#bits >>> (32 - width));
    this.#drop(width);
    if (distance > this.produced)
      throw new Broken(this.consumed, 'distance', `at most ${this.produced}`, distance);
    if (this.produced + length > this.#output.length)
      throw new Broken(this.consumed, 'length', `at most ${this.#output.length - this.produced}`, length);
    for (let i = 0; i < length; i++, this.produced++)
      this.#output[this.produced] = this.#output[this.produced - distance]!;
  }

  /** Long ones stand among the bits as bytes: one of eight bits, then one of sixteen, then one of thirty-two. */
  #lengthOf(short: number): number {
    if (short < 15) return short;
    const byte = this.#byte();
    if (byte < 255) return byte + 15;
    const word = this.#word();
    if (word !== 0) return word;
    return this.#word() + this.#word() * 65536;
  }

  #drop(count: number): void {
    this.#bits <<= count;
    this.#extra -= count;
    if (this.#extra >= 0) return;
    this.#bits |= this.#word() << -this.#extra;
    this.#extra += 16;
  }

  /** Zeros stand behind the end: the last bits are read ahead. */
  #byte(): number {
    return this.#input[this.consumed++] ?? 0;
  }

  #word(): number {
    return this.#byte() | (this.#byte() << 8);
  }
}
