import { Broken, ReadError } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import { lastAtMost } from '../../../../bytes/search.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Geometry } from './geometry.ts';

/** A volume, what its boot sector says, and which of its bytes mustn't be believed. */
export class Ground {
  readonly volume: ByteSource;
  readonly geometry: Geometry;
  readonly damage: readonly Range[];
  readonly #starts: Float64Array;

  /** @param damage sorted and free of overlaps, as `union` gives it */
  constructor(volume: ByteSource, geometry: Geometry, damage: readonly Range[] = []) {
    this.volume = volume;
    this.geometry = geometry;
    this.damage = damage;
    this.#starts = Float64Array.from(damage, ({ start }) => start);
  }

  /** Whether any byte of the range is damaged. */
  isHit(start: number, end: number): boolean {
    const range = this.damage[this.#firstBehind(start)];
    return range !== undefined && range.start < end;
  }

  /** The damaged ranges that meet this one, cut to it. */
  hits(start: number, end: number): Range[] {
    const found: Range[] = [];
    for (let i = this.#firstBehind(start); i < this.damage.length; i++) {
      const range = this.damage[i]!;
      if (range.start >= end) break;
      found.push({ start: Math.max(start, range.start), end: Math.min(end, range.end) });
    }
    return found;
  }

  /** Index of the first damaged range that ends behind `at`. */
  #firstBehind(at: number): number {
    const i = lastAtMost(this.#starts, at);
    const range = this.damage[i];
    return range !== undefined && range.end <= at ? i + 1 : i;
  }

  /** @throws Broken where it's damaged, ReadError where the volume doesn't give it */
  read(into: Uint8Array, at: number): void {
    if (this.isHit(at, at + into.length))
      throw new Broken(at, 'structure', 'undamaged bytes', 'damaged ones');
    const got = this.volume.read(into, at);
    if (got < into.length) throw new ReadError(at + got, 'the volume ends before');
  }

  /** As `read`, but false where the bytes can't be had. */
  tryRead(into: Uint8Array, at: number): boolean {
    try {
      this.read(into, at);
      return true;
    } catch (error) {
      if (error instanceof ReadError || error instanceof Broken) return false;
      throw error;
    }
  }
}
