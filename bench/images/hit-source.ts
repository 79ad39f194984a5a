import type { Range } from '../../src/bytes/range.ts';
import { lastAtMost } from '../../src/bytes/search.ts';
import type { ByteSource } from '../../src/bytes/source.ts';
import { Random } from '../attacks/random.ts';

const NOISE = 1 << 20;

/** A volume some of whose ranges read as random bytes, always the same. Closing it leaves the volume open. */
export class HitSource implements ByteSource {
  readonly size: number;
  readonly #whole: ByteSource;
  readonly #hits: readonly Range[];
  readonly #starts: Float64Array;
  readonly #noise = Buffer.from(new Random(77).bytes(2 * NOISE));

  /** @param hits sorted, and free of overlaps */
  constructor(whole: ByteSource, hits: readonly Range[]) {
    this.size = whole.size;
    this.#whole = whole;
    this.#hits = hits;
    this.#starts = Float64Array.from(hits, ({ start }) => start);
  }

  read(into: Uint8Array, at: number): number {
    const got = this.#whole.read(into, at);
    for (let i = lastAtMost(this.#starts, at); i < this.#hits.length; i++) {
      const hit = this.#hits[i]!;
      if (hit.start >= at + got) break;
      this.#overwrite(into, at, Math.max(at, hit.start), Math.min(at + got, hit.end));
    }
    return got;
  }

  close(): void {}

  #overwrite(into: Uint8Array, at: number, start: number, end: number): void {
    for (let from = start; from < end; ) {
      const place = (from * 7) % NOISE;
      const length = Math.min(end - from, NOISE);
      into.set(this.#noise.subarray(place, place + length), from - at);
      from += length;
    }
  }
}

const MiB = 1 << 20;

/** How disks of virtual machines are encrypted in part, and the ranges of a volume that begins at 1 MiB of its disk. */
export const hitLayouts: readonly { readonly name: string; readonly ranges: (size: number) => Range[] }[] = [
  { name: '1 MiB of each 10 MiB', ranges: (size) => periodic(size, 10 * MiB) },
  { name: 'every other MiB', ranges: (size) => periodic(size, 2 * MiB) },
  { name: 'the first 10 %', ranges: (size) => [{ start: 0, end: Math.floor((size + 2 * MiB) / 10) - MiB }] },
];

/** The first MiB of the disk is hit, too, but lies before the volume. */
function periodic(size: number, period: number): Range[] {
  const ranges: Range[] = [];
  for (let start = period - MiB; start < size; start += period) {
    ranges.push({ start, end: Math.min(start + MiB, size) });
  }
  return ranges;
}
