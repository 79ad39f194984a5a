import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Where the sum of the whole font stands in the table `head`, in bytes. */
export const ADJUSTMENT_AT = 8;

/** Sums big-endian words of bytes that come in pieces of any length; zeros fill up the last. */
export class WordSum {
  #sum = 0;
  #shift = 24;

  add(bytes: Uint8Array): void {
    let sum = this.#sum;
    let shift = this.#shift;
    for (let i = 0; i < bytes.length; i++) {
      sum = (sum + (bytes[i]! << shift)) | 0;
      shift = (shift + 24) & 31;
    }
    this.#sum = sum;
    this.#shift = shift;
  }

  get value(): number {
    return this.#sum >>> 0;
  }
}

/** OpenType 1.9, Calculating Checksums: the sum over a range of the file. */
export function sumOf(reader: Reader, { start, end }: Range): number {
  const sum = new WordSum();
  for (const part of reader.stream(start, end, 'font table')) sum.add(part);
  return sum.value;
}
