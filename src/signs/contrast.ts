import { lengthOf, type Range, totalLength, union } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { BLOCK, kernel, widths } from '../kernel/kernel.ts';
import { Statistics } from '../kernel/statistics.ts';
import { chiSquareOf, limitsFor } from '../kernel/uniform.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { proofs } from '../ledger/terms.ts';
import { FOLD_SIZE, fold } from './interleaving.ts';
import { findMonotony, LEAST_MONOTONY } from './monotony.ts';
import { findRandomRuns } from './random-runs.ts';

/** Accounted bytes between two raw ranges that a window may span: record headers, row lengths. */
const BRIDGE = 32;
/** Stretches shorter than this join their neighbour. */
const LEAST_STRETCH = 2048;
/** Areas shorter than this are too short for 16 of every 32 bytes to be told, and to matter. */
const LEAST_FOLDED = 768;
/** Windows of this width have room for a run that the search for runs finds. */
const WIDE = 256;
/** Share of random runs in wide stretches from which these stay raw. */
const MOST_RANDOM = 1 / 16;
const MOST_CLAIMS = 20_000;
/** Bytes over which one width is stated, at least. */
const GRAIN = 1 << 14;

/** What of the bytes is looked at: themselves, or what was made of them at the same places. */
export interface ContrastValues {
  /** In the words of the claim. */
  readonly of: string | null;
  /** By how many bytes a random run is longer than that of random values. */
  readonly longer: number;
}

const itself: ContrastValues = { of: null, longer: 0 };

/**
 * Accounts for raw and coded ranges by contrast: every aligned window of W bytes has an X² that random bytes reach with
 * probability 10⁻⁹ on either side. A run of 2W − 1 random bytes holds such a window whole: that's the floor.
 * For each 4 KiB the smallest W of 64 … 2,048 that does is taken; what contrasts at none stays raw.
 *
 * One value over and over contrasts best of all, and is what a wiper leaves. Nothing tells the two apart: so the floor is
 * also longer than each such run that is there.
 *
 * Random bytes in stripes finer than a window are looked for 64 KiB at a time, by folding and, where windows are wide,
 * as runs. Where they are found, or could not be told, nothing is accounted for.
 */
export function accountByContrast(reader: Reader, ledger: Ledger, values: ContrastValues = itself): void {
  const areas = findAreas(reader, ledger);
  if (hasDistantStripes(reader, areas)) return;
  const claims = new Claims(ledger, areas, values);
  for (const piece of areas.flatMap((area) => cut(area, FOLD_SIZE, 0))) {
    if (claims.isFull) break;
    reader.meter.step();
    claimPiece(reader, piece, claims);
  }
  claims.flush();
}

/**
 * Raw ranges in order, joined where only a few accounted bytes are between. What a coder made is looked at alike: silence,
 * one colour and poor coders leave patterns that no cipher leaves.
 */
function findAreas(reader: Reader, ledger: Ledger): Range[] {
  const areas: Range[] = [];
  let open: { start: number; end: number } | null = null;
  for (const { start, end, state } of ledger.segments()) {
    const isProved = proofs.some((proof) => proof === state);
    const isOpen = state === 'raw' || (state === 'coded' && !isWritten(reader, start, end));
    if (isOpen && open !== null) open.end = end;
    else if (isOpen) {
      open = { start, end };
      areas.push(open);
    } else if (!isProved || end - start > BRIDGE) open = null;
  }
  return areas.filter(({ start, end }) => end - start >= widths[0]);
}

const FIRST_LETTERS = 64;

/** Whether bytes are given in letters, as base64 and hexadecimal digits: these contrast, whatever they stand for. */
function isWritten(reader: Reader, start: number, end: number): boolean {
  const first = reader.bytes(start, Math.min(FIRST_LETTERS, end - start), 'coded data');
  return first.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d);
}

/** The parts of a range between multiples of `size`; a first or last one shorter than `least` joins its neighbour. */
function cut({ start, end }: Range, size: number, least: number): Range[] {
  const parts: Range[] = [];
  for (let at = start; at < end; ) {
    let next = (Math.floor(at / size) + 1) * size;
    if (at === start && next - at < least) next += size;
    if (end - next < least) next = end;
    parts.push({ start: at, end: Math.min(next, end) });
    at = next;
  }
  return parts;
}

interface Stretch extends Range {
  /** Of the windows that contrast, in bytes. */
  readonly width: number;
  /** What repeats a short unit, from this stretch on: the longest run, and those at both ends, in bytes. */
  readonly monotony: Monotony;
}

interface Monotony {
  readonly longest: number;
  readonly atStart: number;
  readonly atEnd: number;
}

function claimPiece(reader: Reader, piece: Range, claims: Claims): void {
  const length = piece.end - piece.start;
  const bytes = reader.bytes(piece.start, length, 'raw data');
  const stretches = findContrast(bytes, piece);
  if (stretches.length === 0) return;
  if (length >= LEAST_FOLDED && fold(bytes, piece.start).kind !== 'clear') return;
  const isMixed = hasManyRuns(reader, stretches);
  for (const stretch of stretches) if (!isMixed || stretch.width < WIDE) claims.add(stretch);
}

function findContrast(bytes: Uint8Array, piece: Range): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { start, end } of cut(piece, BLOCK, LEAST_STRETCH)) {
    if (end - start < widths[0]) continue;
    const part = bytes.subarray(start - piece.start, end - piece.start);
    const width = kernel().contrastWidth(part, start);
    if (width > 0) stretches.push({ start, end, width, monotony: measureMonotony(part) });
  }
  return stretches;
}

function measureMonotony(bytes: Uint8Array): Monotony {
  const runs = findMonotony(bytes);
  const longest = runs.reduce((most, run) => Math.max(most, lengthOf(run)), 0);
  const [first] = runs;
  const last = runs.at(-1);
  return {
    longest,
    atStart: first?.start === 0 ? lengthOf(first) : 0,
    atEnd: last?.end === bytes.length ? lengthOf(last) : 0,
  };
}

/** Wide windows may each hold a random run; many of them, at whatever distance, are no accident. */
function hasManyRuns(reader: Reader, stretches: readonly Stretch[]): boolean {
  const wide = union(stretches.filter(({ width }) => width >= WIDE));
  if (wide.length === 0) return false;
  return totalLength(findRandomRuns(reader, wide, new Statistics(0))) > totalLength(wide) * MOST_RANDOM;
}

/** Joins neighbouring claims, so that a large file has not one for each 4 KiB. */
class Claims {
  readonly #ledger: Ledger;
  readonly #grain: number;
  readonly #values: ContrastValues;
  #count = 0;
  #open: { start: number; end: number; width: number; longest: number } | null = null;
  /** The run of one unit that reaches up to here, however many stretches back it began. */
  #reaching = { end: 0, length: 0 };

  constructor(ledger: Ledger, areas: readonly Range[], values: ContrastValues) {
    this.#ledger = ledger;
    this.#values = values;
    const raw = areas.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#grain = Math.max(GRAIN, Math.ceil(raw / 4096));
  }

  get isFull(): boolean {
    return this.#count >= MOST_CLAIMS;
  }

  add({ start, end, width, monotony }: Stretch): void {
    const longest = this.#longestWith(start, end, monotony);
    const open = this.#open;
    if (open?.end === start && (open.width === width || open.end - open.start < this.#grain)) {
      open.end = end;
      open.width = Math.max(open.width, width);
      open.longest = Math.max(open.longest, longest);
      return;
    }
    this.flush();
    this.#open = { start, end, width, longest };
  }

  /** The longest run that ends in this stretch, or reaches up to its end; what is short on the other side goes unseen. */
  #longestWith(start: number, end: number, { longest, atStart, atEnd }: Monotony): number {
    const before = this.#reaching.end === start ? this.#reaching.length : 0;
    const isWhole = atStart === end - start;
    this.#reaching = { end, length: isWhole ? before + atEnd : atEnd };
    const touches = before + atStart + atEnd > 0;
    return Math.max(longest, before + atStart) + (touches ? 2 * LEAST_MONOTONY : 0);
  }

  flush(): void {
    const open = this.#open;
    if (open === null) return;
    this.#count++;
    const { start, end, width, longest } = open;
    const { of, longer } = this.#values;
    const floor = Math.max(2 * width - 1, longest + 1) + longer;
    const by = `contrast ${of === null ? '' : `of ${of} `}in ${width}-byte windows`;
    this.#ledger.account(start, end, 'contrast', by, floor);
    this.#open = null;
  }
}

/**
 * Stripes so far apart that they leave the windows between them plain, and so short that none is random as a whole.
 * Known: over 1 GiB, 64 of every 6,400 bytes after the first 5,000 (Black Basta; srlabs/black-basta-buster, ranges.py).
 */
const distant = [{ least: 2 ** 30, from: 5000, on: 64, period: 6400 }] as const;
const SAMPLES = 256;

function hasDistantStripes(reader: Reader, areas: readonly Range[]): boolean {
  return distant.some(
    ({ least, ...stripes }) => reader.size > least && samplesAreRandom(reader, areas, stripes),
  );
}

function samplesAreRandom(
  reader: Reader,
  areas: readonly Range[],
  { from, on, period }: { from: number; on: number; period: number },
): boolean {
  const step = Math.ceil((reader.size - from) / period / SAMPLES) * period;
  const pool: number[] = [];
  let area = 0;
  for (let at = from; at + on <= reader.size; at += step) {
    while (area < areas.length && areas[area]!.end < at + on) area++;
    if (area < areas.length && areas[area]!.start <= at) pool.push(...reader.bytes(at, on));
  }
  const sample = Uint8Array.from(pool.slice(0, BLOCK));
  const { lower, upper } = limitsFor(sample.length, 1e-6);
  const x2 = chiSquareOf(kernel().squaresOf(sample), sample.length);
  return sample.length >= 16 * on && x2 >= lower && x2 <= upper;
}
