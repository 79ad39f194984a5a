import type { Range } from '../../bytes/range.ts';
import type { Zone } from '../../signs/zones/zones.ts';
import type { Interval } from './interval.ts';

/** An encrypted range, `start` and `end` being likeliest, and between which offsets its ends lie. */
export interface Measured extends Range {
  readonly startsIn: Interval;
  readonly endsIn: Interval;
}

/** Of most edges among plain bytes. */
const EDGE_ERROR = 24;
/** What likelihood says is off by a block of a cipher now and then. */
const LEAST_ERROR = 8;

/** @param zones what of the ranges was located by likelihood; others are taken for as good as runs mostly are */
export function measure(ranges: readonly Range[], zones: readonly Zone[], size: number): Measured[] {
  const starts = new Map(zones.map(({ start, startsWithin }) => [start, startsWithin]));
  const ends = new Map(zones.map(({ end, endsWithin }) => [end, endsWithin]));
  return ranges.map(({ start, end }) => ({
    start,
    end,
    startsIn: within(starts.get(start), start, size),
    endsIn: within(ends.get(end), end, size),
  }));
}

function within(edge: Interval | undefined, at: number, size: number): Interval {
  const error = edge === undefined ? EDGE_ERROR : LEAST_ERROR;
  const { least, most } = edge ?? { least: at, most: at };
  return { least: Math.max(0, least - error), most: Math.min(size, most + error) };
}
