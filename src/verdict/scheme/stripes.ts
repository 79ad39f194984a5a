import { lengthOf, type Range } from '../../bytes/range.ts';
import { roundNear } from './round.ts';
import type { Shape } from './shape.ts';

/** Edges may be off by so many bytes and still count as the same place. */
const SLACK = 64;
const LEAST_FIT = 0.8;
/** Starts of runs are found to so many bytes, twice over. */
const PLACE_ERROR = 24;
const LONGEST_HEADER = 4096;

interface Grid {
  readonly first: number;
  readonly period: number;
  readonly length: number;
  readonly fit: number;
}

/**
 * Three or more ranges of one length at one distance; the last may be cut off by the end of the file, the first may be
 * longer than the others: then it's a head of its own. Single ranges may be missing, or be broken in two.
 */
export function inferStripes(ranges: readonly Range[], size: number): Shape | null {
  if (ranges.length < 3) return null;
  const grid = fitGrid(withoutHeader(ranges), size);
  const rest = ranges.slice(1);
  const startsLonger = lengthOf(ranges[0]!) > 2 * medianOf(rest.map(lengthOf));
  if (!startsLonger || rest.length < 3)
    return grid === null ? null : { kind: 'stripes', ...rounded(grid, ranges, size) };
  const after = fitGrid(rest, size);
  if (after === null) return grid === null ? null : { kind: 'stripes', ...rounded(grid, ranges, size) };
  return { kind: 'head-and-stripes', head: ranges[0]!.end, ...rounded(after, rest, size) };
}

/** Bytes put before the first one make the first stripe longer. */
function withoutHeader(ranges: readonly Range[]): readonly Range[] {
  const [first, ...rest] = ranges;
  if (first === undefined || first.start > SLACK) return ranges;
  const more = lengthOf(first) - medianOf(rest.map(lengthOf));
  if (more <= SLACK || more > LONGEST_HEADER) return ranges;
  return [{ start: first.start + more, end: first.end }, ...rest];
}

function fitGrid(ranges: readonly Range[], size: number): Grid | null {
  const steps = ranges.slice(1).map(({ start }, i) => start - ranges[i]!.start);
  const period = medianOf(steps);
  const anchor = anchorOf(ranges, period);
  const on = ranges.filter(({ start }) => Math.abs(offGrid(start - anchor, period)) <= slackFor(period));
  if (on.length < 3) return null;
  const length = medianOf(on.slice(0, -1).map(lengthOf));
  if (length >= period - SLACK / 2) return null;
  const isAlike = (range: Range) =>
    Math.abs(lengthOf(range) - length) <= slackFor(length) ||
    (range.end >= size - SLACK && lengthOf(range) < length);
  const alike = on.filter(isAlike);
  const places = Math.round((on.at(-1)!.start - on[0]!.start) / period) + 1;
  const fit = Math.min(alike.length / ranges.length, alike.length / places, 1);
  if (fit < LEAST_FIT) return null;
  return { first: on[0]!.start, period: precise(on, period), length, fit };
}

/** The start that most others agree with. */
function anchorOf(ranges: readonly Range[], period: number): number {
  const agreeing = (at: number) =>
    ranges.filter(({ start }) => Math.abs(offGrid(start - at, period)) <= slackFor(period)).length;
  const samples = ranges.slice(0, 8).map(({ start }) => start);
  return samples.reduce((best, at) => (agreeing(at) > agreeing(best) ? at : best), samples[0]!);
}

function slackFor(length: number): number {
  return Math.max(4, Math.min(SLACK, length / 8));
}

function offGrid(distance: number, period: number): number {
  return distance - Math.round(distance / period) * period;
}

/** Over many periods the errors of single edges vanish. */
function precise(ranges: readonly Range[], period: number): number {
  const distance = ranges.at(-1)!.start - ranges[0]!.start;
  return Math.round(distance / Math.max(1, Math.round(distance / period)));
}

/** Lengths that programs choose are round; what is within the edges' error of one is that one. */
function rounded({ first, period, length, fit }: Grid, ranges: readonly Range[], size: number): Grid {
  const error = Math.min(SLACK, length / 4);
  const least = first <= error ? 0 : roundNear(first, error, size);
  return {
    first: least,
    period: roundNear(period, Math.max(2, PLACE_ERROR / Math.max(1, ranges.length - 1)), size),
    length: roundNear(length, error, size),
    fit,
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
