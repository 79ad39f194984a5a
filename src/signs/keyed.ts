import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Segment } from '../ledger/segment.ts';
import { countEqualAt } from './repeating-xor.ts';

/** Bytes that are judged together. */
const UNIT = 1 << 13;
/** Units of a file that are judged, spread evenly; those between share what was found of the one before. */
const MOST_UNITS = 16;
/** Accounted bytes between two ranges of one area: record headers, row lengths. */
const BRIDGE = 32;
/** Shorter keys have too few places to be told from none. */
const SHORTEST_KEY = 8;
/** Counters repeat after 256 bytes by themselves; much longer keys leave the windows of contrast random. */
const LONGEST_KEY = 255;
/** Distances at which honest raw bytes are alike: neighbours, samples, pixels, words, records. */
const lags = [1, 2, 3, 4, 6, 8, 12, 16] as const;
/** What is staked on equality at each place, the rest being kept: much where each has many pairs, else little. */
const HIGH_STAKE = 0.9;
const LOW_STAKE = 0.1;
const MANY_PAIRS = 64;
/** So many times as often as at any short distance must bytes be equal one key further. */
const ALIKE = 2;
/** 10⁶, and as many times more as there are lags to choose from. */
const ENOUGH = Math.log(1e6 * lags.length);

/**
 * The longest run, in bytes, of those that contrast alone accounts for, which may lie under a repeating key: so much could
 * be ciphertext, and contrast wouldn't know.
 *
 * A key of L bytes, drawn by chance, makes of any two plain bytes at a distance d that it doesn't divide two whose exclusive or
 * is random, the same for all pairs at one place modulo L. So on average over all keys 1/256 of them are equal, and for
 * 1/256 of the keys 0 is the most frequent exclusive or. Stakes on both multiply over places that are free of each other
 * (betting; Ville's inequality): to 10⁶, at any place on the way, with probability 10⁻⁶. Where they do, there is no key of that length.
 * @throws OverBudget, ReadError
 */
export function longestKeyable(reader: Reader, ledger: Ledger): number {
  const areas = findAreas(ledger);
  const units = areas.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / UNIT), 0);
  const step = Math.ceil(units / MOST_UNITS);
  let longest = 0;
  let unit = 0;
  let isPlain = false;
  for (const { start, end, width } of areas) {
    for (let at = start, open = 0; at < end; at += UNIT) {
      const length = Math.min(UNIT, end - at);
      reader.meter.step();
      if (unit++ % step === 0) isPlain = !mayBeKeyed(reader.bytes(at, length, 'raw data'), width);
      open = isPlain ? 0 : open + length;
      longest = Math.max(longest, open);
    }
  }
  return longest;
}

interface Area extends Range {
  /** Of the widest windows by which it contrasts, in bytes. */
  readonly width: number;
}

function findAreas(ledger: Ledger): Area[] {
  const areas: { start: number; end: number; width: number }[] = [];
  for (const segment of ledger.ranges('contrast')) {
    const last = areas.at(-1);
    const width = widthOf(segment);
    if (last !== undefined && segment.start - last.end <= BRIDGE) {
      last.end = segment.end;
      last.width = Math.max(last.width, width);
    } else areas.push({ start: segment.start, end: segment.end, width });
  }
  return areas;
}

/** Claims of contrast have a floor of two windows. */
function widthOf({ floor }: Segment): number {
  return Math.min(LONGEST_KEY, (floor + 1) / 2);
}

/**
 * Whether bytes are alike at a distance of 8 or more, up to `longest`, and much less at any short one, so that they may well
 * have been combined with a key of that length; not if there's evidence that they weren't.
 */
export function mayBeKeyed(bytes: Uint8Array, longest: number): boolean {
  const lagged = lags.map((lag) => compareAt(bytes, lag)).sort((a, b) => b.equal - a.equal);
  const most = Math.min(longest, bytes.length >> 1);
  for (let length = SHORTEST_KEY; length <= most; length++)
    if (isAlike(bytes, length, lagged) && !lagged.some((pairs) => excludes(length, pairs))) return true;
  return false;
}

/** Beyond chance by six deviations, and twice as often as at any short distance of which the length is no divisor. */
function isAlike(bytes: Uint8Array, length: number, lagged: readonly Lagged[]): boolean {
  const compared = bytes.length - length;
  const equal = countEqualAt(bytes, length);
  if (equal < compared / 256 + 6 * Math.sqrt(compared / 256)) return false;
  return lagged.every(
    ({ lag, equal: near, differences }) =>
      lag % length === 0 || equal * differences.length >= ALIKE * near * compared,
  );
}

/** Each byte combined with the one `lag` further, and how often that gives 0. */
interface Lagged {
  readonly lag: number;
  readonly differences: Uint8Array;
  readonly equal: number;
}

function compareAt(bytes: Uint8Array, lag: number): Lagged {
  const differences = new Uint8Array(Math.max(0, bytes.length - lag));
  let equal = 0;
  for (let i = 0; i < differences.length; i++) {
    differences[i] = bytes[i]! ^ bytes[i + lag]!;
    if (differences[i] === 0) equal++;
  }
  return { lag, differences, equal };
}

/** Of each cycle of places that a lag makes, one follows from the others, and is left out. */
function excludes(length: number, { lag, differences }: Lagged): boolean {
  const free = length - greatestCommonDivisor(length, lag);
  const stake = differences.length >= MANY_PAIRS * length ? HIGH_STAKE : LOW_STAKE;
  let evidence = 0;
  for (let place = 0; place < free; place++) {
    evidence += Math.log(1 - stake + stake * gainAt(differences, place, length));
    if (evidence >= ENOUGH) return true;
  }
  return false;
}

const counts = new Uint16Array(256);

/** 1 or less on average over all keys. */
function gainAt(differences: Uint8Array, place: number, length: number): number {
  let zeros = 0;
  let most = 0;
  for (let i = place; i < differences.length; i += length) {
    const value = differences[i]!;
    if (value === 0) zeros++;
    else if (++counts[value]! > most) most = counts[value]!;
  }
  for (let i = place; i < differences.length; i += length) counts[differences[i]!] = 0;
  const share = zeros / Math.ceil((differences.length - place) / length);
  return 128 * share + (zeros > most ? 128 : 0);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
