import { Broken, OverBudget, Truncated } from '../../../bytes/errors.ts';
import type { Extent } from '../file-system.ts';

/** Extents that one file may have. */
const MOST = 1 << 20;

/** An extent that may still grow. */
type Growing =
  | { readonly kind: 'data'; readonly start: number; end: number; readonly at: number }
  | { readonly kind: 'zero'; readonly start: number; end: number };

/**
 * Puts together the extents of one file, in the order of its bytes: neighbours are joined, gaps become zeros, and
 * what lies beyond the file's end is left out. No two of them may share a byte of the volume.
 */
export class ExtentList {
  readonly #size: number;
  readonly #volumeSize: number;
  readonly #extents: Growing[] = [];
  #end = 0;
  #stored = 0;

  /** @param size of the file @param volumeSize both in bytes */
  constructor(size: number, volumeSize: number) {
    this.#size = size;
    this.#volumeSize = volumeSize;
  }

  /** Where the next extent may begin at the earliest, in bytes of the file. */
  get end(): number {
    return this.#end;
  }

  /** Whether all of the file is covered. */
  get full(): boolean {
    return this.#end >= this.#size;
  }

  /** The file's bytes from `start` stand at `at` of the volume. @throws Broken, Truncated, OverBudget */
  addData(start: number, length: number, at: number): void {
    const end = this.#begin(start, length);
    if (end <= start) return;
    if (at + end - start > this.#volumeSize) {
      throw new Truncated(at, 'extent', at + end - start - this.#volumeSize);
    }
    this.#stored += end - start;
    const last = this.#extents.at(-1);
    if (last?.kind === 'data' && last.end === start && last.at + start - last.start === at) last.end = end;
    else this.#push({ kind: 'data', start, end, at });
    this.#end = end;
  }

  /** The file's bytes from `start` read as zeros. @throws Broken, OverBudget */
  addZeros(start: number, length: number): void {
    const end = this.#begin(start, length);
    if (end > this.#end) this.#zeros(end);
  }

  /** All extents, from 0 to the file's size. @throws Broken when two of them overlap in the volume */
  finish(): Extent[] {
    if (this.#end < this.#size) this.#zeros(this.#size);
    // Without this, a small hostile image could promise files of any size whose bytes have to be read.
    if (this.#stored > this.#volumeSize)
      throw new Broken(0, 'extents', `at most ${this.#volumeSize} bytes`, this.#stored);
    this.#checkOverlaps();
    return this.#extents;
  }

  #begin(start: number, length: number): number {
    if (start < this.#end) throw new Broken(start, 'order of extents', `${this.#end} or more`, start);
    if (start > this.#end) this.#zeros(Math.min(start, this.#size));
    return Math.min(start + length, this.#size);
  }

  #zeros(end: number): void {
    if (end <= this.#end) return;
    const last = this.#extents.at(-1);
    if (last?.kind === 'zero') last.end = end;
    else this.#push({ kind: 'zero', start: this.#end, end });
    this.#end = end;
  }

  #push(extent: Growing): void {
    if (this.#extents.length >= MOST) throw new OverBudget('extents of one file', MOST);
    this.#extents.push(extent);
  }

  #checkOverlaps(): void {
    if (this.#extents.length < 2) return;
    const data = this.#extents.filter((extent) => extent.kind === 'data').sort((a, b) => a.at - b.at);
    let end = 0;
    for (const extent of data) {
      if (extent.at < end)
        throw new Broken(extent.at, 'extents', 'no byte of the volume twice', 'an overlap');
      end = extent.at + extent.end - extent.start;
    }
  }
}
