import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { BLOCK, kernel } from '../kernel/kernel.ts';
import type { Statistics } from '../kernel/statistics.ts';
import { Background, type Candidate } from './background.ts';
import { passesForRandom, type Randomness, testRandomness } from './randomness.ts';

/** A run of bytes that pass for random, inside of bytes that don't. */
export interface RandomRun extends Range {
  /** X² of its bytes against uniform, 255 degrees of freedom. */
  readonly chiSquare: number;
  /** Nats by which uniform explains the bytes better than what is round them. */
  readonly logLikelihood: number;
}

export interface RunOptions {
  /** Probability that a file of plain bytes, each drawn from its background, has a run. Default 10⁻⁶. */
  readonly falseAlarm?: number;
  /** Shortest run in bytes; at the file's end, 64 are enough. Default 192. */
  readonly shortest?: number;
  /** Bytes that are swept in full; of more, only what is near to a block that looks uniform. Default 256 MiB. */
  readonly thorough?: number;
  /** Runs to return, the first ones. Default 10,000. */
  readonly most?: number;
}

const defaults = { falseAlarm: 1e-6, shortest: 192, thorough: 2 ** 28, most: 10_000 } as const;

const SHORTEST_TAIL = 64;
const TILE = 4 * BLOCK;
/** Of a run that isn't random as a whole, a part may be: it's swept again with its own background up to this length. */
/** Plain bytes that are enough there. */
const LITTLE = 512;
const MOST_RESWEPT = 1 << 22;
const PIECE = 1 << 20;
/** Runs this near to each other are one, if they're random together. */
const JOINED = 64;
const GATE_P = 1e-4;
/** A block below this entropy, in bits per byte, has no room for 192 random bytes: they bring 192/4096 × 6.8 bits. */
const EMPTY = 0.3;

/**
 * Finds runs of uniformly random bytes in these ranges (sorted, apart from each other).
 *
 * A run is where the log-likelihood of uniform against the bytes nearby, summed up, exceeds ln(bytes) + ln(1/falseAlarm),
 * and whose own bytes, pairs and bits pass for random. Ranges that are random throughout, or nearly uniform
 * (compressed), have no plain bytes to stand out from: they're measured against the rest of the file, or against what
 * plain bytes usually are, and random tests alone tell them apart. docs/statistics.md has the limits of this.
 * @throws OverBudget, ReadError
 */
export function findRandomRuns(
  reader: Reader,
  ranges: readonly Range[],
  statistics: Statistics,
  options: RunOptions = {},
): RandomRun[] {
  const { falseAlarm, shortest, thorough, most } = { ...defaults, ...options };
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const threshold = Math.log(Math.max(2, total)) - Math.log(falseAlarm);
  const search: Search = { reader, statistics, threshold, shortest, sparse: total > thorough, most };
  const runs: RandomRun[] = [];
  for (const range of ranges) {
    if (range.end - range.start < SHORTEST_TAIL) continue;
    for (const candidate of sweep(search, range)) {
      for (const run of confirm(search, candidate)) append(search, runs, run);
      if (runs.length >= most) return runs;
    }
  }
  return runs;
}

interface Search {
  readonly reader: Reader;
  readonly statistics: Statistics;
  readonly threshold: number;
  readonly shortest: number;
  /** Whether plain parts are passed over. */
  readonly sparse: boolean;
  readonly most: number;
}

/** The stretches of a range that are likelier random than plain; at most a few times as many as runs are wanted. */
function sweep(search: Search, range: Range): Candidate[] {
  const background = new Background(search.statistics.plainCounts);
  const found: Candidate[] = [];
  let isSweeping = false;
  for (let at = range.start; at < range.end && found.length < 4 * search.most; ) {
    const end = Math.min(range.end, (Math.floor(at / TILE) + 1) * TILE);
    search.reader.meter.step();
    if (isPassedOver(search, at, end)) {
      if (isSweeping) endSweep(search, found);
      background.moveAway();
      isSweeping = false;
    } else {
      if (!isSweeping) kernel().beginSweep(at);
      isSweeping = true;
      const bytes = search.reader.bytes(at, end - at, 'data');
      background.score(bytes);
      sweepTile(search, bytes, at, found);
    }
    at = end;
  }
  if (isSweeping) endSweep(search, found);
  return found;
}

function sweepTile({ threshold }: Search, bytes: Uint8Array, position: number, found: Candidate[]): void {
  for (let from = 0; from < bytes.length; ) {
    const swept = kernel().sweep(bytes.subarray(from), position + from, threshold);
    if (swept < 0) return;
    found.push(readRun());
    from += swept;
  }
}

function endSweep({ threshold }: Search, found: Candidate[]): void {
  if (kernel().endSweep(threshold)) found.push(readRun());
}

function readRun(): Candidate {
  const [start = 0, end = 0, logLikelihood = 0] = kernel().run;
  return { start, end, logLikelihood };
}

/** Whether the block statistics say that no run can be here; of much data, that none of two blocks' length can. */
function isPassedOver({ reader, statistics, sparse }: Search, start: number, end: number): boolean {
  if (statistics.bytes < reader.size) return false;
  const first = Math.floor(start / BLOCK);
  const last = Math.ceil(end / BLOCK) - 1;
  let isEmpty = true;
  for (let block = first; block <= last; block++) isEmpty &&= statistics.entropyOf(block) < EMPTY;
  if (isEmpty || !sparse) return isEmpty;
  for (let block = Math.max(0, first - 1); block <= last + 1; block++)
    if (statistics.isUniform(block)) return false;
  return true;
}

/** The random part, or parts, of a candidate. */
function confirm(search: Search, candidate: Candidate): RandomRun[] {
  if (!isLongEnough(search, candidate)) return [];
  const whole = test(search, candidate);
  if (whole !== null) return [whole];
  const length = candidate.end - candidate.start;
  if (length < 2 * search.shortest) return [];
  return length > MOST_RESWEPT ? splitByPieces(search, candidate) : sweepAgain(search, candidate);
}

function isLongEnough({ reader, shortest }: Search, { start, end }: Range): boolean {
  return end - start >= (end === reader.size ? SHORTEST_TAIL : shortest);
}

function test({ reader }: Search, { start, end, logLikelihood }: Candidate): RandomRun | null {
  const randomness: Randomness = testRandomness(reader, { start, end });
  return passesForRandom(randomness, GATE_P) ? { start, end, chiSquare: randomness.x2, logLikelihood } : null;
}

/** Plain bytes unlike those nearby, and random ones beside them, look like one run: their own background parts them. */
function sweepAgain(search: Search, { start, end }: Range): RandomRun[] {
  const found: Candidate[] = [];
  const background = new Background(search.statistics.plainCounts, LITTLE);
  kernel().beginSweep(start);
  for (let at = start; at < end; at += TILE) {
    const bytes = search.reader.bytes(at, Math.min(TILE, end - at), 'data');
    background.score(bytes);
    sweepTile(search, bytes, at, found);
  }
  endSweep(search, found);
  return found
    .filter((candidate) => isLongEnough(search, candidate))
    .map((candidate) => test(search, candidate))
    .filter((run) => run !== null);
}

/** The pieces of a long candidate that are random, joined. */
function splitByPieces(search: Search, { start, end, logLikelihood }: Candidate): RandomRun[] {
  const runs: RandomRun[] = [];
  for (let at = start; at < end; at += PIECE) {
    const piece = { start: at, end: Math.min(end, at + PIECE) };
    const share = (piece.end - at) / (end - start);
    const run = test(search, { ...piece, logLikelihood: logLikelihood * share });
    if (run !== null) append(search, runs, run);
  }
  return runs;
}

/** Adds a run; one that is a continuation of the last is joined with it. */
function append(search: Search, runs: RandomRun[], run: RandomRun): void {
  const last = runs.at(-1);
  if (last === undefined || run.start - last.end > JOINED) {
    runs.push(run);
    return;
  }
  const logLikelihood = last.logLikelihood + run.logLikelihood;
  const joined = test(search, { start: last.start, end: run.end, logLikelihood });
  if (joined === null) runs.push(run);
  else runs[runs.length - 1] = joined;
}
