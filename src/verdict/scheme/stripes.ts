import { lengthOf, type Range } from '../../bytes/range.ts';
import { clamped, mostCommon, shifted } from './interval.ts';
import { fitLattice, type Lattice, type Place } from './lattice.ts';
import { type Measured, measure } from './measured.ts';
import { roundOr } from './round.ts';
import type { Shape } from './shape.ts';

const LEAST_FIT = 0.8;
/** Two of three say nothing. */
const LEAST_STRIPES = 3;
/** Key blocks that ransomware appends are rarely longer, nor headers that it puts in front. */
const LONGEST_ADDED = 4096;

/** A stripe may be cut off at the end of the file, or have a trailer behind it there. */
const AT_END = 64;

export type Stripes = Extract<Shape, { kind: 'stripes' | 'head-and-stripes' }>;

/**
 * Three or more ranges of one length at one distance; the last may be cut off by the end of the file, the first may be
 * longer than the others: then it's a head of its own. Single ranges may be missing, or be broken in two.
 */
export function inferStripes(ranges: readonly Range[], size: number): Stripes | null {
  return fitStripes(measure(ranges, [], size), size);
}

/** The same of ranges whose ends are known to lie somewhere. */
export function fitStripes(ranges: readonly Measured[], size: number): Stripes | null {
  if (ranges.length < LEAST_STRIPES) return null;
  const grid = fitGrid(ranges, size);
  const [head, ...rest] = ranges;
  if (rest.length < LEAST_STRIPES) return grid;
  const usual = medianOf(rest.map(lengthOf));
  if (lengthOf(head!) - usual <= Math.max(LONGEST_ADDED, usual)) return grid;
  const after = fitGrid(rest, size);
  if (after === null || (grid !== null && grid.fit >= after.fit)) return grid;
  return { ...after, kind: 'head-and-stripes', head: roundOr(head!.endsIn, size, head!.end) };
}

function fitGrid(ranges: readonly Measured[], size: number): Extract<Shape, { kind: 'stripes' }> | null {
  const lattice = fitLattice(ranges.map(placeOf), size);
  if (lattice === null || lattice.on.length < LEAST_STRIPES) return null;
  const lengths = lengthsOn(lattice, ranges, size);
  if (lengths.length === 0) return null;
  const { where, agree } = mostCommon(lengths);
  const { first, period, on } = lattice;
  const likely = medianOf(on.slice(0, -1).map(({ place }) => lengthOf(ranges[place]!)));
  const length = roundOr(where, size, Math.round(clamped(where, likely)));
  if (length >= period || length <= 0) return null;
  const places = on.at(-1)!.steps + 1;
  const alike = agree + (on.length - lengths.length);
  const fit = Math.min(alike / ranges.length, alike / places, 1);
  return fit < LEAST_FIT ? null : { kind: 'stripes', length, period, first, fit };
}

/** What may begin with the file does so. */
function placeOf({ start, startsIn }: Measured): Place {
  return startsIn.least <= 0 ? { at: 0, least: 0, most: 0 } : { at: start, ...startsIn };
}

/** Between which lengths each stripe lies, from where the lattice has it begin; not of one that the end may cut off. */
function lengthsOn({ first, period, on }: Lattice, ranges: readonly Measured[], size: number) {
  const inside = on.filter(({ place }, i) => i === 0 || ranges[place]!.end < size - AT_END);
  return inside.map(({ place, steps }) => shifted(ranges[place]!.endsIn, -(first + steps * period)));
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
