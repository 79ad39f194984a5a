import { Broken } from '../bytes/errors.ts';

/** The end mark: a far match of no distance. */
const NO_DISTANCE = 16384;

/**
 * Decodes one LZO1X block (Linux, Documentation/staging/lzo.rst) into `output`, which it has to fill exactly.
 * @param at offset of the block in the file, for errors
 * @throws Broken
 */
export function decodeLzo(input: Uint8Array, output: Uint8Array, at: number): void {
  new Lzo(input, output, at).run();
}

class Lzo {
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  readonly #at: number;
  #i = 0;
  #o = 0;
  /** How many literals the last instruction brought with it; four stand for four or more. */
  #state = 0;

  constructor(input: Uint8Array, output: Uint8Array, at: number) {
    this.#input = input;
    this.#output = output;
    this.#at = at;
  }

  run(): void {
    this.#readFirst();
    while (this.#step()) if (this.#i > this.#input.length) throw this.#broken('end of an LZO block');
    if (this.#i !== this.#input.length || this.#o !== this.#output.length)
      throw this.#broken('length of an LZO block');
  }

  #readFirst(): void {
    const first = this.#input[0] ?? 0;
    if (first <= 17) return;
    this.#i = 1;
    this.#literals(first - 17);
    this.#state = Math.min(4, first - 17);
  }

  /** False at the end mark. */
  #step(): boolean {
    const code = this.#next();
    if (code >= 64) this.#near(code);
    else if (code >= 32) this.#middle(code);
    else if (code >= 16) return this.#far(code);
    else this.#short(code);
    return true;
  }

  #near(code: number): void {
    const distance = (this.#next() << 3) + ((code >> 2) & 7) + 1;
    const length = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1);
    this.#match(distance, length, code & 3);
  }

  #middle(code: number): void {
    const length = this.#length(code & 31, 31) + 2;
    const word = this.#word();
    this.#match((word >> 2) + 1, length, word & 3);
  }

  #far(code: number): boolean {
    const length = this.#length(code & 7, 7) + 2;
    const word = this.#word();
    const distance = NO_DISTANCE + ((code & 8) << 11) + (word >> 2);
    if (distance === NO_DISTANCE) return false;
    this.#match(distance, length, word & 3);
    return true;
  }

  /** What the lowest codes mean depends on the literals before. */
  #short(code: number): void {
    if (this.#state === 0) {
      this.#literals(this.#length(code, 15) + 3);
      this.#state = 4;
    } else if (this.#state < 4) this.#match((this.#next() << 2) + (code >> 2) + 1, 2, code & 3);
    else this.#match((this.#next() << 2) + (code >> 2) + 2049, 3, code & 3);
  }

  /** Zero bytes stand for 255 each. */
  #length(bits: number, base: number): number {
    if (bits !== 0) return bits;
    let length = base;
    for (let byte = this.#next(); ; byte = this.#next()) {
      length += byte === 0 ? 255 : byte;
      if (byte !== 0) return length;
      if (length > this.#output.length) throw this.#broken('length of an LZO match');
    }
  }

  #match(distance: number, length: number, literals: number): void {
    const output = this.#output;
    if (distance > this.#o || length > output.length - this.#o) throw this.#broken('match of an LZO block');
    for (let end = this.#o + length; this.#o < end; this.#o++) output[this.#o] = output[this.#o - distance]!;
    this.#literals(literals);
    this.#state = literals;
  }

  #literals(count: number): void {
    if (count > this.#input.length - this.#i || count > this.#output.length - this.#o) {
      throw this.#broken('literals of an LZO block');
    }
    this.#output.set(this.#input.subarray(this.#i, this.#i + count), this.#o);
    this.#i += count;
    this.#o += count;
  }

  #next(): number {
    if (this.#i >= this.#input.length) throw this.#broken('end of an LZO block');
    return this.#input[this.#i++]!;
  }

  #word(): number {
    return this.#next() | (this.#next() << 8);
  }

  #broken(what: string): Broken {
    return new Broken(this.#at + Math.min(this.#i, this.#input.length), what);
  }
}
