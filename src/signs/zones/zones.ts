import { overlaps, type Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type Cells, cutCells, eachCell, scoresOf } from './cells.ts';
import { type Edge, findEnd, findStart, PRIOR, type Surroundings } from './edges.ts';
import { segment } from './segment.ts';

/** A stretch of ciphertext, if the file is encrypted, and how well its ends are known. */
export interface Zone extends Range {
  readonly startsWithin: Edge;
  readonly endsWithin: Edge;
}

/** More bytes aren't read several times over. */
const MOST_BYTES = 2 ** 28;
/** Bytes that don't look random by themselves, and could be packed. */
const PLAIN = -20;
/** Text and records are far below; packed bytes never get there. */
const VERY_PLAIN = -200;
const ROUNDS = 3;
/** Edges of a run and of a zone that are this near are the same. */
const NEAR = 1024;
/** Nats that a stretch must be worth beyond what its two ends cost to tell: packed bytes vary from place to place. */
const CERTAIN = 20;

/**
 * Parts a file, of which something is known to be wrong, into ciphertext and what isn't: the parting that explains the
 * bytes best, where ciphertext is uniform, and sound bytes look like those that are proved, like those that were found
 * sound before (learnt in three rounds), or have frequencies of their own. Never asks whether the file is encrypted.
 * @param openRanges what no proof accounts for, sorted
 * @param runs random runs, by which the first round tells sound bytes
 * @throws OverBudget, ReadError
 */
export function findZones(reader: Reader, openRanges: readonly Range[], runs: readonly Range[]): Zone[] {
  if (reader.size > MOST_BYTES || openRanges.length === 0) return [];
  const cells = cutCells(reader, openRanges);
  const price = 2 * Math.log(cells.count + 1) + CERTAIN;
  let found = cellsOf(cells, runs);
  let packed: Float64Array | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    packed = learnPacked(reader, cells, found);
    if (packed === null) weighByRuns(cells, cellsOf(cells, runs));
    else weigh(reader, cells, scoresOf(packed));
    found = segment(cells, price);
  }
  const located = locate({ reader, elsewhere: scaled(packed ?? plain) }, cells, found, openRanges);
  const isSure = (zone: Range) =>
    packed !== null ||
    zone.end - zone.start >= LEAST_UNKNOWN ||
    standsOut(cells, zone) ||
    fills(openRanges, zone);
  const held = packed === null ? located.map((zone) => holdToRuns(zone, runs)) : located;
  const zones = held.map((zone) => sharpen(zone, cells, runs)).filter(isSure);
  const others = runs.filter((run) => !zones.some((zone) => overlaps(zone, run)));
  const sure = others.filter((run) => standsOut(cells, run) || fills(openRanges, run)).map(zoneOf);
  return [...zones, ...sure].sort((a, b) => a.start - b.start);
}

/** Where nothing is known of packed bytes, an edge goes astray over those beside it: further off, a run is nearer to the truth. */
function holdToRuns(zone: Zone, runs: readonly Range[]): Zone {
  const within = runs.filter((run) => overlaps(run, zone));
  const first = within[0]?.start ?? zone.start;
  const last = within.at(-1)?.end ?? zone.end;
  const startsWithin = Math.abs(first - zone.start) < NEAR ? zone.startsWithin : near(first);
  const endsWithin = Math.abs(last - zone.end) < NEAR ? zone.endsWithin : near(last);
  return { start: startsWithin.at, end: endsWithin.at, startsWithin, endsWithin };
}

/** Records and page headers look random to an edge, but not to a run: among plain bytes the run knows better. */
function sharpen(zone: Zone, cells: Cells, runs: readonly Range[]): Zone {
  const { bounds, open, own } = cells;
  const first = cellAt(bounds, zone.start) - 1;
  const last = cellAt(bounds, zone.end - 1) + 1;
  // Where a proof bounds the run, it says nothing of its own.
  const isSharpAtStart = first >= 0 && open[first] === 1 && own[first]! < PLAIN;
  const isSharpAtEnd = last < cells.count && open[last] === 1 && own[last]! < PLAIN;
  const begun = runs.find(({ start }) => Math.abs(start - zone.start) < NEAR)?.start;
  const ended = runs.find(({ end }) => Math.abs(end - zone.end) < NEAR)?.end;
  const startsWithin = isSharpAtStart ? movedTo(zone.startsWithin, begun) : zone.startsWithin;
  const endsWithin = isSharpAtEnd ? movedTo(zone.endsWithin, ended) : zone.endsWithin;
  return { start: startsWithin.at, end: endsWithin.at, startsWithin, endsWithin };
}

function movedTo({ at, least, most }: Edge, run = at): Edge {
  return { at: run, least: Math.min(least, run), most: Math.max(most, run) };
}

/** Runs too short for cells are believed among plain bytes only: packed ones have such by chance. */
function standsOut({ bounds, own, count }: Cells, { start, end }: Range): boolean {
  const isPlain = (cell: number) => cell < 0 || cell >= count || own[cell]! < VERY_PLAIN;
  return isPlain(cellAt(bounds, start) - 1) && isPlain(cellAt(bounds, end - 1) + 1);
}

/** What is all random, and stands by itself: a tail, a broken piece. */
const MOSTLY = 0.8;

function fills(openRanges: readonly Range[], run: Range): boolean {
  const open = openRanges.find((range) => overlaps(range, run));
  return open !== undefined && run.end - run.start >= MOSTLY * (open.end - open.start);
}

/** The last cell that begins at or before `at`. */
function cellAt(bounds: Float64Array, at: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle]! <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** Ends of runs are known to so many bytes, mostly. */
const RUN_ERROR = 24;

function near(at: number): Edge {
  return { at, least: at - RUN_ERROR, most: at + RUN_ERROR };
}

function zoneOf({ start, end }: Range): Zone {
  return { start, end, startsWithin: near(start), endsWithin: near(end) };
}

/** Cells that lie in these ranges as a whole. */
function cellsOf({ count, bounds }: Cells, ranges: readonly Range[]): Range[] {
  let cell = 0;
  return ranges
    .map(({ start, end }) => {
      while (cell < count && bounds[cell]! < start) cell++;
      const first = cell;
      while (cell < count && bounds[cell + 1]! <= end) cell++;
      return { start: first, end: cell };
    })
    .filter((range) => range.start < range.end);
}

/** Fewer packed bytes say too little. */
const LEAST = 4096;

/** What stands in cells that may be packed, and aren't in these stretches or beside them; null where that's little. */
function learnPacked(reader: Reader, cells: Cells, random: readonly Range[]): Float64Array | null {
  const counts = new Float64Array(256);
  let learnt = 0;
  let next = 0;
  eachCell(reader, cells, (bytes, cell) => {
    while (next < random.length && random[next]!.end < cell) next++;
    const isRandom = next < random.length && random[next]!.start - 1 <= cell;
    if (isRandom || cells.own[cell]! < PLAIN) return;
    for (let i = 0; i < bytes.length; i++) counts[bytes[i]!]!++;
    learnt += bytes.length;
  });
  return learnt < LEAST ? null : counts;
}

/** Of bytes of which nothing is known: half of them printable, a quarter zero, the rest anything. */
const plain = Float64Array.from(
  { length: 256 },
  (_, b) => (b === 0 ? 2500 : 10) + (b >= 32 && b < 127 ? 52 : 0),
);

function scaled(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count * PRIOR) / total);
}

/** Shorter runs are chance, where nothing is known of the packed bytes that they may stand in. */
const LEAST_UNKNOWN = 2048;
/** One or two cells between runs are chance, too: that's what a price pays for. */
const OUTSIDE = -15;

/** Where too little is packed to know what it looks like, only plain bytes are told from random ones; else runs decide. */
function weighByRuns({ own, scores }: Cells, runs: readonly Range[]): void {
  for (let cell = 0; cell < scores.length; cell++) scores[cell] = Math.min(OUTSIDE, own[cell]!);
  for (const { start, end } of runs) scores.set(own.subarray(start, end), start);
}

/** Nats by which uniform beats whichever explains a cell better: its own frequencies, or those of packed data. */
function weigh(reader: Reader, cells: Cells, packed: Float64Array): void {
  eachCell(reader, cells, (bytes, cell) => {
    let nats = 0;
    if (cells.open[cell] === 1) for (let i = 0; i < bytes.length; i++) nats += packed[bytes[i]!]!;
    cells.scores[cell] = Math.min(nats, cells.own[cell]!);
  });
}

function locate(
  around: Surroundings,
  { bounds }: Cells,
  stretches: readonly Range[],
  openRanges: readonly Range[],
): Zone[] {
  const ranges = stretches.map((cells) => ({ start: bounds[cells.start]!, end: bounds[cells.end]! }));
  let room = 0;
  return ranges.flatMap((range, i) => {
    while (openRanges[room]!.end <= range.start) room++;
    const open = openRanges[room]!;
    const middle = (range.start + range.end) >> 1;
    const before = { start: ranges[i - 1]?.end ?? 0, end: range.start };
    const after = { start: range.end, end: ranges[i + 1]?.start ?? around.reader.size };
    const first = { start: Math.max(open.start, before.start), end: middle };
    const last = { start: middle, end: Math.min(open.end, after.end) };
    const startsWithin = findStart(around, range.start, first, before);
    const endsWithin = findEnd(around, range.end, last, after);
    const zone = { start: startsWithin.at, end: endsWithin.at, startsWithin, endsWithin };
    return zone.start < zone.end ? [zone] : [];
  });
}
