import type { Range } from '../../../bytes/range.ts';
import { SECTOR } from './uniform-runs.ts';

/** Stripes of one length at one distance. All in bytes. */
export interface Stripes {
  readonly period: number;
  /** Start of the first stripe. */
  readonly first: number;
  readonly on: number;
  readonly count: number;
  /** ln of the probability that runs of an untouched image begin and end in these places, all hypotheses counted. */
  readonly logChance: number;
}

const LEAST_STRIPES = 4;
const LEAST_PERIOD = 8192;
/** Differences of starts of runs that are counted: to the next one, the one after it, and so on. */
const REACH = 4;
const MOST_DIFFERENCES = 1 << 20;
const MOST_PERIODS = 48;
/** Places in a period that are tried. */
const MOST_PHASES = 4;
/** Share of a stripe that may look plain: a random block does so once in half a million. */
const MISSING = 1 / 128;

/**
 * The stripes that the runs of an image show best, if chance wouldn't make them with more than probability
 * `falseAlarm`. What tells them from compressed files is where runs begin and end: files begin anywhere on their grid,
 * stripes all in one place of a period, and all end in another.
 */
export function findStripes(runs: readonly Range[], size: number, falseAlarm: number): Stripes | null {
  const periods = commonPeriods(runs, size);
  const hypotheses = Math.log(Math.max(1, periods.length) * MOST_PHASES * MOST_PHASES);
  let best: Stripes | null = null;
  for (const period of periods) {
    const stripes = tryPeriod(runs, size, period, hypotheses);
    if (stripes !== null && (best === null || stripes.logChance < best.logChance)) best = stripes;
  }
  return best !== null && best.logChance < Math.log(falseAlarm) ? best : null;
}

/** Differences between starts of runs, the frequent ones first. */
function commonPeriods(runs: readonly Range[], size: number): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < runs.length; i++) {
    for (let j = i + 1; j <= i + REACH && j < runs.length; j++) {
      const period = runs[j]!.start - runs[i]!.start;
      const count = counts.get(period);
      if (count !== undefined || counts.size < MOST_DIFFERENCES) counts.set(period, (count ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([period, count]) => count >= LEAST_STRIPES - 2 && period >= LEAST_PERIOD && period * 2 <= size)
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, MOST_PERIODS)
    .map(([period]) => period);
}

function tryPeriod(runs: readonly Range[], size: number, period: number, hypotheses: number): Stripes | null {
  const starts = tally(runs.map(({ start }) => start % period));
  const ends = tally(runs.filter(({ end }) => end < size).map(({ end }) => end % period));
  let best: Stripes | null = null;
  for (const start of starts.frequent) {
    for (const end of ends.frequent) {
      const on = (end - start + period) % period;
      if (on === 0) continue;
      const stripes = follow(runs, size, { period, phase: start, on }, hypotheses);
      if (stripes !== null && (best === null || stripes.logChance < best.logChance)) best = stripes;
    }
  }
  return best;
}

function tally(places: readonly number[]): { readonly frequent: readonly number[] } {
  const counts = new Map<number, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, MOST_PHASES);
  return { frequent: frequent.map(([place]) => place) };
}

interface Layout {
  readonly period: number;
  readonly phase: number;
  readonly on: number;
}

/** The longest row of stripes that are random throughout, and how unlikely its edges are. */
function follow(runs: readonly Range[], size: number, layout: Layout, hypotheses: number): Stripes | null {
  const { period, phase, on } = layout;
  const row = longestRow(runs, size, layout);
  if (row === null || row.count < LEAST_STRIPES) return null;
  const first = phase + row.first * period;
  const end = first + row.count * period;
  const within = runs.filter((run) => run.start >= first - period && run.start < end);
  const startsAt = rateOf(
    within.map(({ start }) => start),
    row.count,
    period,
    phase,
  );
  const endsAt = rateOf(
    within.map(({ end: stop }) => stop),
    row.count,
    period,
    (phase + on) % period,
  );
  return { period, first, on, count: row.count, logChance: startsAt + endsAt + hypotheses };
}

/**
 * ln of the chance that so many edges stand at one place of the period, by how often they stand at others like it:
 * those on the same grid, since files begin at multiples of clusters, and large ones of more.
 */
function rateOf(edges: readonly number[], count: number, period: number, phase: number): number {
  const grid = gridOf(phase, period);
  let here = 0;
  let elsewhere = 0;
  for (const edge of edges) {
    if (edge % period === phase) here++;
    else if (edge % grid === 0) elsewhere++;
  }
  const places = (period / grid - 1) * count;
  const rate = Math.min(1, (elsewhere + 1) / (places + 1));
  // Which of the places of the grid it is was looked for.
  return logTail(Math.min(here, count), count, rate) + Math.log(period / grid);
}

/** The largest power of two, up to the period, that phase and period are multiples of. */
function gridOf(phase: number, period: number): number {
  let grid = SECTOR;
  while (grid * 2 < period && phase % (grid * 2) === 0 && period % (grid * 2) === 0) grid *= 2;
  return grid;
}

/** ln of an upper bound of P(X ≥ k) for X of n trials (Chernoff). */
function logTail(k: number, n: number, rate: number): number {
  const share = k / n;
  if (share <= rate) return 0;
  const miss = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - rate));
  return -n * (share * Math.log(share / rate) + miss);
}

/** In numbers of periods. */
function longestRow(
  runs: readonly Range[],
  size: number,
  { period, phase, on }: Layout,
): { readonly first: number; readonly count: number } | null {
  const count = Math.ceil((size - phase) / period);
  let best: { first: number; count: number } | null = null;
  let begin = 0;
  let at = 0;
  for (let i = 0; i <= count; i++) {
    const start = phase + i * period;
    const end = Math.min(size, start + on);
    while (at < runs.length && runs[at]!.end <= start) at++;
    if (i < count && covered(runs, at, start, end) >= (end - start) * (1 - MISSING)) continue;
    if (i - begin > (best?.count ?? 0)) best = { first: begin, count: i - begin };
    begin = i + 1;
  }
  return best;
}

function covered(runs: readonly Range[], from: number, start: number, end: number): number {
  let sum = 0;
  for (let i = from; i < runs.length && runs[i]!.start < end; i++) {
    sum += Math.min(end, runs[i]!.end) - Math.max(start, runs[i]!.start);
  }
  return sum;
}
