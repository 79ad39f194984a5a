import { Broken } from '../bytes/errors.ts';

/** How LZW codes are written: as TIFF (most significant bit first, widened one code early), or as GIF. */
export interface LzwStyle {
  readonly bitOrder: 'most' | 'least';
  /** 1 when codes widen one code before they must, 0 when not. */
  readonly early: 0 | 1;
  /** Bits of a literal: 8, in GIF 2 to 8. */
  readonly literalBits: number;
}

const MOST_CODES = 4096;
/**
 * Random codes of 12 bits pass as long as the table is nearly full: m codes before its end with the probability
 * e^(−m²/8192), 10⁻⁶ at 337 codes or 506 bytes. Elsewhere in the table's growth more codes are illegal.
 */
const FLOOR = 768;

/**
 * Follows LZW codes without making their output: the length of each string is enough to know whether a code may stand
 * there and how much comes out. Measured: about 150 MB of codes a second.
 */
export class LzwLengths {
  /** Values that the codes so far stand for. */
  produced = 0;
  isEnded = false;
  readonly #style: LzwStyle;
  readonly #clear: number;
  readonly #lengths = new Uint32Array(MOST_CODES);
  #width: number;
  #next: number;
  #last = -1;
  #bits = 0;
  #held = 0;
  #fullFor = 0;
  #longestFull = 0;

  constructor(style: LzwStyle) {
    this.#style = style;
    this.#clear = 1 << style.literalBits;
    this.#next = this.#clear + 2;
    this.#width = style.literalBits + 1;
    this.#lengths.fill(1, 0, this.#clear);
  }

  /**
   * The shortest run of random bytes that is noticed. While the table is full every code is legal, so that a run may
   * stand there unnoticed as long as it lasts.
   */
  get floor(): number {
    return FLOOR + Math.ceil((Math.max(this.#longestFull, this.#fullFor) * 12) / 8);
  }

  /**
   * Takes codes from `bytes` until the end code, or until `most` values are produced; returns the bytes taken.
   * @param at offset of `bytes` in the file, for errors
   * @throws Broken at a code that the table hasn't
   */
  take(bytes: Uint8Array, at: number, most: number): number {
    const isMost = this.#style.bitOrder === 'most';
    for (let i = 0; i < bytes.length; i++) {
      if (isMost) this.#bits = ((this.#bits << 8) | bytes[i]!) & 0xfffff;
      else this.#bits |= bytes[i]! << this.#held;
      this.#held += 8;
      while (this.#held >= this.#width) {
        this.#step(this.#code(isMost), at + i);
        if (this.isEnded || this.produced >= most) return i + 1;
      }
    }
    return bytes.length;
  }

  #code(isMost: boolean): number {
    const mask = (1 << this.#width) - 1;
    this.#held -= this.#width;
    if (isMost) return (this.#bits >>> this.#held) & mask;
    const code = this.#bits & mask;
    this.#bits >>>= this.#width;
    return code;
  }

  #step(code: number, at: number): void {
    if (code === this.#clear) this.#reset();
    else if (code === this.#clear + 1) this.isEnded = true;
    else this.#append(code, at);
  }

  #append(code: number, at: number): void {
    const highest = this.#last < 0 ? this.#clear - 1 : Math.min(this.#next, MOST_CODES - 1);
    if (code > highest) throw new Broken(at, 'LZW code', `at most ${highest}`, code);
    if (this.#last >= 0 && this.#next < MOST_CODES)
      this.#lengths[this.#next++] = this.#lengths[this.#last]! + 1;
    else if (this.#last >= 0) this.#fullFor++;
    this.produced += this.#lengths[code]!;
    this.#last = code;
    if (this.#next + this.#style.early >= 1 << this.#width && this.#width < 12) this.#width++;
  }

  #reset(): void {
    this.#longestFull = Math.max(this.#longestFull, this.#fullFor);
    this.#fullFor = 0;
    this.#next = this.#clear + 2;
    this.#width = this.#style.literalBits + 1;
    this.#last = -1;
  }
}
