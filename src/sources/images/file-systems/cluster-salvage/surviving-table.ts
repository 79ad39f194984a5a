import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Clusters } from '../clusters.ts';
import type { Damage } from '../damage.ts';

/** One copy of the table, and where in the volume the entry of a cluster stands in it. */
export interface TableCopy {
  readonly table: Clusters;
  placeOf(cluster: number): Range;
}

/** The table, each entry by the copies in which it wasn't hit. */
export class SurvivingTable implements Clusters {
  readonly volume: ByteSource;
  readonly clusterSize: number;
  readonly dataAt: number;
  readonly count: number;
  readonly #copies: readonly TableCopy[];
  readonly #damage: Damage;

  /** @param copies one at least */
  constructor(copies: readonly TableCopy[], damage: Damage) {
    const { volume, clusterSize, dataAt, count } = copies[0]!.table;
    this.volume = volume;
    this.clusterSize = clusterSize;
    this.dataAt = dataAt;
    this.count = count;
    this.#copies = copies;
    this.#damage = damage;
  }

  /** @throws Broken where all copies of the entry were hit, or two that weren't say different things */
  next(cluster: number): number {
    let found: number | null = null;
    for (const { table, placeOf } of this.#copies) {
      const place = placeOf(cluster);
      if (this.#damage.hits(place.start, place.end)) continue;
      const value = table.next(cluster);
      if (found !== null && value !== found)
        throw new Broken(place.start, 'entry of the table', `${found}, as in its other copy`, value);
      found = value;
    }
    if (found !== null) return found;
    const { start } = this.#copies[0]!.placeOf(cluster);
    throw new Broken(start, 'entry of the table', 'a copy that stands', 'none');
  }
}
