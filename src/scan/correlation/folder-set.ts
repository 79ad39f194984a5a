import { digest } from './digest.ts';

/** 2²⁴ bits: 2 MiB. */
const BITS = 2 ** 24;
const HASHES = 4;

/**
 * Folders, in bounded memory (Bloom 1970): what was added is found; of a million others 1 in 400 is, of 100,000 none in a
 * million.
 */
export class FolderSet {
  #bits: Uint8Array | null = null;

  add(folder: string): void {
    this.#bits ??= new Uint8Array(BITS / 8);
    for (const bit of bitsOf(folder)) this.#bits[bit >>> 3]! |= 1 << (bit & 7);
  }

  has(folder: string): boolean {
    const bits = this.#bits;
    return bits !== null && bitsOf(folder).every((bit) => (bits[bit >>> 3]! & (1 << (bit & 7))) !== 0);
  }
}

/** Two halves of one digest give as many as are wanted (Kirsch & Mitzenmacher 2006). */
function bitsOf(folder: string): number[] {
  const whole = digest(folder);
  const first = Math.floor(whole / 2 ** 26);
  const second = (whole % 2 ** 26) | 1;
  return Array.from({ length: HASHES }, (_, i) => (first + i * second) % BITS);
}
