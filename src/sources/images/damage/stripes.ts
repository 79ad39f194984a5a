import { type Range, totalLength } from '../../../bytes/range.ts';
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
/** Share of the stripes that must have plain bytes before them, and behind: else a long packed file shows some. */
const BOUNDED = 1 / 16;
/** Differences of starts of runs that are counted: to the next one, the one after it, and so on. */
const REACH = 4;
const LONGEST = 256;
const MOST_DIFFERENCES = 1 << 20;
const MOST_PERIODS = 20;
/** Stripes of an image: finer ones aren't looked for in large images. */
const MOST_STRIPES = 1 << 20;
/** Places in a period that are tried. */
const MOST_PHASES = 3;
/**
 * What of a stripe may look plain, as a share or in bytes: a random block does so once in half a million, the sectors
 * at its ends once in some hundred stripes.
 */
const MISSING = 1 / 128;
const MISSING_BYTES = 8192;

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

/** Differences between starts of runs: those that are frequent, and those of runs that are long together. */
function commonPeriods(runs: readonly Range[], size: number): number[] {
  const differences = new Differences();
  const sameLength = new Map<number, number[]>();
  for (let i = 0; i < runs.length; i++) {
    const { start, end } = runs[i]!;
    for (let j = i + 1; j <= i + REACH && j < runs.length; j++)
      differences.add(runs[j]!.start - start, end - start);
    // Stripes with plain bytes on both sides have one length, whatever lies between them.
    const earlier = sameLength.get(end - start) ?? [];
    for (const other of earlier) differences.add(start - other, end - start);
    if (sameLength.size < MOST_DIFFERENCES)
      sameLength.set(end - start, [start, ...earlier.slice(0, REACH - 1)]);
  }
  addLongest(runs, differences);
  const least = Math.max(LEAST_PERIOD, size / MOST_STRIPES);
  return differences.best().filter((period) => period >= least && period * 2 <= size);
}

/** A few large stripes among many small files: all differences between the longest runs. */
function addLongest(runs: readonly Range[], differences: Differences): void {
  const longest = [...runs].sort((a, b) => b.end - b.start - (a.end - a.start)).slice(0, LONGEST);
  for (const [i, a] of longest.entries()) {
    for (const b of longest.slice(i + 1)) differences.add(Math.abs(b.start - a.start), b.end - b.start);
  }
}

class Differences {
  readonly #counts = new Map<number, number>();
  /** Bytes of the runs that the difference was seen at. */
  readonly #bytes = new Map<number, number>();

  add(period: number, bytes: number): void {
    const count = this.#counts.get(period);
    if (count === undefined && this.#counts.size >= MOST_DIFFERENCES) return;
    this.#counts.set(period, (count ?? 0) + 1);
    this.#bytes.set(period, (this.#bytes.get(period) ?? 0) + bytes);
  }

  best(): number[] {
    const repeated = [...this.#counts].filter(([, count]) => count >= LEAST_STRIPES - 2);
    const byCount = repeated.sort(([a, m], [b, n]) => n - m || a - b).slice(0, MOST_PERIODS);
    const bytesOf = (period: number): number => this.#bytes.get(period)!;
    const byBytes = repeated.sort(([a], [b]) => bytesOf(b) - bytesOf(a) || a - b).slice(0, MOST_PERIODS);
    return [...new Set([...byCount, ...byBytes].map(([period]) => period))];
  }
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
  const plainShare = 1 - shareBetween(within, row.count, layout);
  const edges = { count: row.count, period, plainShare };
  const startsAt = chanceOf(
    within.map(({ start }) => start),
    phase,
    edges,
  );
  const endsAt = chanceOf(
    within.map(({ end: stop }) => stop),
    (phase + on) % period,
    edges,
  );
  if (startsAt >= 0 || endsAt >= 0) return null;
  return { period, first, on, count: row.count, logChance: startsAt + endsAt + hypotheses };
}

/** Share of the room between stripes that looks random too. */
function shareBetween(runs: readonly Range[], count: number, { period, on }: Layout): number {
  const between = totalLength(runs) - count * on;
  return Math.max(0, Math.min(0.99, between / Math.max(1, count * (period - on))));
}

/**
 * ln of the chance that an edge stands at one place of the period wherever it can, next to plain bytes, by how often
 * edges stand at other places like it: those on the same grid, since files begin at multiples of clusters, and large
 * ones of more.
 */
function chanceOf(
  edges: readonly number[],
  phase: number,
  {
    count,
    period,
    plainShare,
  }: { readonly count: number; readonly period: number; readonly plainShare: number },
): number {
  const grid = gridOf(phase, period);
  let here = 0;
  let elsewhere = 0;
  for (const edge of edges) {
    if (edge % period === phase) here++;
    else if (edge % grid === 0) elsewhere++;
  }
  if (here < Math.max(LEAST_STRIPES - 1, count * BOUNDED)) return 0;
  const places = (period / grid - 1) * count * plainShare;
  const rate = Math.min(1, (elsewhere + 1) / (places + 1));
  // Which of the places of the grid it is was looked for.
  return Math.min(here, count) * Math.log(rate) + Math.log(period / grid);
}

/** The largest power of two, up to the period, that phase and period are multiples of. */
function gridOf(phase: number, period: number): number {
  let grid = SECTOR;
  while (grid * 2 < period && phase % (grid * 2) === 0 && period % (grid * 2) === 0) grid *= 2;
  return grid;
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
    if (i < count && covered(runs, at, start, end) >= leastOf(end - start)) continue;
    if (i - begin > (best?.count ?? 0)) best = { first: begin, count: i - begin };
    begin = i + 1;
  }
  return best;
}

function leastOf(length: number): number {
  return length - Math.max(length * MISSING, Math.min(length / 2, MISSING_BYTES));
}

function covered(runs: readonly Range[], from: number, start: number, end: number): number {
  let sum = 0;
  for (let i = from; i < runs.length && runs[i]!.start < end; i++) {
    sum += Math.min(end, runs[i]!.end) - Math.max(start, runs[i]!.start);
  }
  return sum;
}
