import { Broken, OverBudget } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';

/** A run of a stream's bytes, and where it stands in the volume, all in bytes. */
export type Segment =
  | { readonly kind: 'data'; readonly start: number; readonly end: number; readonly at: number }
  | { readonly kind: 'zero'; readonly start: number; readonly end: number }
  /** One unit of compression, whose clusters may lie apart. */
  | {
      readonly kind: 'compressed';
      readonly start: number;
      readonly end: number;
      readonly places: readonly Range[];
    };

const MOST = 1 << 20;

/** Puts the segments of one stream together, in order and without gaps, cut where its valid bytes end. */
export class Segments {
  readonly list: Segment[] = [];
  end = 0;
  readonly #size: number;
  readonly #valid: number;

  /** @param valid bytes that were ever written: those behind, up to `size`, read as zeros */
  constructor(size: number, valid: number) {
    this.#size = size;
    this.#valid = Math.min(valid, size);
  }

  addData(length: number, at: number): void {
    const end = Math.min(this.end + length, this.#valid);
    if (end > this.end) {
      const last = this.list.at(-1);
      const isNext = last?.kind === 'data' && last.at + last.end - last.start === at;
      if (isNext) this.list[this.list.length - 1] = { ...last, end };
      else this.#push({ kind: 'data', start: this.end, end, at });
    }
    this.#skipTo(this.end + length);
  }

  addZeros(length: number): void {
    this.#skipTo(this.end + length);
  }

  addCompressed(length: number, places: readonly Range[]): void {
    const end = Math.min(this.end + length, this.#valid);
    if (end > this.end) this.#push({ kind: 'compressed', start: this.end, end, places });
    this.#skipTo(this.end + length);
  }

  /** All segments up to the stream's size. @throws Broken where they don't reach it, or share clusters */
  finish(): readonly Segment[] {
    if (this.end < this.#size) throw new Broken(0, 'runs of the stream', `${this.#size} bytes`, this.end);
    checkOverlaps(this.list);
    return this.list;
  }

  /** What no segment covers up to `end` reads as zeros. */
  #skipTo(end: number): void {
    const from = this.list.at(-1)?.end ?? 0;
    const to = Math.min(end, this.#size);
    this.end = end;
    if (to <= from) return;
    const last = this.list.at(-1);
    if (last?.kind === 'zero') this.list[this.list.length - 1] = { ...last, end: to };
    else this.#push({ kind: 'zero', start: from, end: to });
  }

  #push(segment: Segment): void {
    if (this.list.length >= MOST) throw new OverBudget('pieces of one stream', MOST);
    this.list.push(segment);
  }
}

/** Without this, a small hostile volume could promise streams of any size whose bytes have to be read. */
function checkOverlaps(segments: readonly Segment[]): void {
  if (segments.length < 2) return;
  const places = segments.flatMap(placesOf).sort((a, b) => a.start - b.start);
  for (let i = 1; i < places.length; i++) {
    if (places[i]!.start < places[i - 1]!.end) {
      throw new Broken(places[i]!.start, 'runs of the stream', 'no cluster twice', 'an overlap');
    }
  }
}

/** Where a segment stands in the volume. */
export function placesOf(segment: Segment): readonly Range[] {
  if (segment.kind === 'zero') return [];
  if (segment.kind === 'compressed') return segment.places;
  return [{ start: segment.at, end: segment.at + segment.end - segment.start }];
}
