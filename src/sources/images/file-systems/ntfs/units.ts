import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import { HOLE, type Runs } from './runs.ts';
import type { Segments } from './segments.ts';

/**
 * The units of a compressed stream, `unit` clusters each: one without holes is stored as it is, one of a hole is
 * zeros, and one that begins with clusters and ends in a hole is packed into these clusters.
 * @throws Broken where a hole comes before the clusters of its unit
 */
export function addUnits(segments: Segments, runs: Runs, unit: number, clusterSize: number): void {
  const pending = new Unit(segments, unit, clusterSize);
  for (let i = 0; i < runs.places.length; i++) {
    const place = runs.places[i]!;
    let left = runs.lengths[i]!;
    while (left > 0) {
      const taken = pending.take(left, place === HOLE ? HOLE : place + runs.lengths[i]! - left);
      left -= taken;
    }
  }
  pending.end();
}

/** The unit that is being filled. All numbers count clusters. */
class Unit {
  readonly #segments: Segments;
  readonly #unit: number;
  readonly #clusterSize: number;
  #places: Range[] = [];
  #stored = 0;
  #holes = 0;

  constructor(segments: Segments, unit: number, clusterSize: number) {
    this.#segments = segments;
    this.#unit = unit;
    this.#clusterSize = clusterSize;
  }

  /** Takes as many of `count` clusters as it has use for, and says how many. */
  take(count: number, place: number): number {
    const isFresh = this.#stored + this.#holes === 0;
    if (isFresh && count >= this.#unit) return this.#takeWhole(count - (count % this.#unit), place);
    const taken = Math.min(count, this.#unit - this.#stored - this.#holes);
    if (place === HOLE) this.#holes += taken;
    else this.#addClusters(taken, place);
    if (this.#stored + this.#holes === this.#unit) this.end();
    return taken;
  }

  end(): void {
    const length = (this.#stored + this.#holes) * this.#clusterSize;
    if (this.#stored === 0) this.#segments.addZeros(length);
    else if (this.#holes > 0) this.#segments.addCompressed(length, this.#places);
    else for (const { start, end } of this.#places) this.#segments.addData(end - start, start);
    this.#places = [];
    this.#stored = this.#holes = 0;
  }

  #takeWhole(count: number, place: number): number {
    if (place === HOLE) this.#segments.addZeros(count * this.#clusterSize);
    else this.#segments.addData(count * this.#clusterSize, place * this.#clusterSize);
    return count;
  }

  #addClusters(count: number, place: number): void {
    if (this.#holes > 0)
      throw new Broken(place, 'unit of compression', 'clusters before its hole', 'a hole first');
    const start = place * this.#clusterSize;
    this.#places.push({ start, end: start + count * this.#clusterSize });
    this.#stored += count;
  }
}
