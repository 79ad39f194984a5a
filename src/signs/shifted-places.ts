import type { Range } from '../bytes/range.ts';
import { transform } from './walsh-hadamard.ts';

/**
 * Bytes whose places modulo a period have the same values, each place exchanged by an exclusive or of its own: raw data under
 * a repeating key. No head and no text is needed.
 */
export interface ShiftedPlaces extends Range {
  /** Of the key in bytes, or a multiple of it. */
  readonly period: number;
  /** Places whose values are another's, exchanged; and of how many that could be told. */
  readonly shifted: number;
  readonly decided: number;
}

const LONGEST_PERIOD = 256;
/** Where periods are looked for: so many bytes are compared with those one period further. */
const COMPARED = 4096;
/** Periods that are looked into, those with the most equal bytes. */
const MOST_PERIODS = 4;
/** Bytes that each place must have, for its values to be known. */
const LEAST_EACH = 64;
const MOST_BYTES = 1 << 15;
/** Distance of places that hold the same part of a sample, a pixel or a word. */
const distances = [1, 2, 3, 4, 6, 8] as const;
/** Correlation of two places' frequencies from which they're the same values, exchanged or not. */
const ALIKE = 0.75;
/** So much less must any other exchange explain. */
const MARGIN = 0.15;
/**
 * Below so many values in use, a place is a constant field, and any two of these are an exchange of each other: then only
 * the bytes count that aren't this value, if they are enough.
 */
const LEAST_VALUES = 3;
const LEAST_LEFT = 24;
const LEAST_DECIDED = 4;
const LEAST_SHARE = 0.7;
/** Exchanges that must differ: numbers that count on give one and the same. */
const LEAST_DIFFERENT = 3;

/** @param position offset of the first byte in the file */
export function findShiftedPlaces(bytes: Uint8Array, position: number): ShiftedPlaces | null {
  const part = bytes.subarray(0, MOST_BYTES);
  const longest = Math.min(LONGEST_PERIOD, Math.floor(part.length / LEAST_EACH));
  for (const period of likelyPeriods(part, longest)) {
    const places = countPlaces(part, period);
    for (const distance of distances) {
      if (distance >= period || period % distance !== 0) continue;
      const found = compare(places, distance);
      if (found === null) continue;
      return { start: position, end: position + bytes.length, period, ...found };
    }
  }
  return null;
}

/** Lags at which the most bytes are equal, 4 at least; where plain bytes show, all multiples do: the shorter come first. */
function likelyPeriods(bytes: Uint8Array, longest: number): number[] {
  const end = Math.min(COMPARED, bytes.length - longest);
  const equal = new Uint32Array(longest + 1);
  for (let lag = 4; lag <= longest; lag++) {
    let count = 0;
    for (let i = 0; i < end; i++) if (bytes[i] === bytes[i + lag]) count++;
    equal[lag] = count;
  }
  const chance = end / 256 + 6 * Math.sqrt(end / 256);
  return [...equal.keys()]
    .filter((lag) => equal[lag]! > chance)
    .sort((a, b) => equal[b]! - equal[a]!)
    .slice(0, MOST_PERIODS)
    .sort((a, b) => a - b);
}

/** For each place the transform of how often each value stands there; empty where it's too near to a constant. */
function countPlaces(bytes: Uint8Array, period: number): Float64Array[] {
  const places = Array.from({ length: period }, () => new Float64Array(256));
  for (let i = 0; i < bytes.length; i++) places[i % period]![bytes[i]!]!++;
  return places.map((counts) => {
    if (valuesOf(counts) < LEAST_VALUES) counts[counts.indexOf(Math.max(...counts))] = 0;
    const left = counts.reduce((sum, count) => sum + count, 0);
    if (left < LEAST_LEFT || valuesOf(counts) < LEAST_VALUES) return new Float64Array(0);
    const flat = flattened(counts);
    transform(flat);
    return flat;
  });
}

/** Most pairs of places that are compared. */
const MOST_PAIRS = 48;

function compare(
  places: readonly Float64Array[],
  distance: number,
): { shifted: number; decided: number } | null {
  let decided = 0;
  let shifted = 0;
  const exchanges = new Set<number>();
  const step = Math.max(1, Math.floor((places.length - distance) / MOST_PAIRS));
  for (let i = 0; i + distance < places.length; i += step) {
    const exchange = exchangeOf(places[i]!, places[i + distance]!);
    if (exchange === null) continue;
    decided++;
    if (exchange === 0) continue;
    shifted++;
    exchanges.add(exchange);
  }
  const pairs = Math.ceil((places.length - distance) / step);
  const isTold = decided >= Math.max(LEAST_DECIDED, pairs / 4) && shifted >= LEAST_SHARE * decided;
  return isTold && exchanges.size >= LEAST_DIFFERENT ? { shifted, decided } : null;
}

const product = new Float64Array(256);

/**
 * By which value all of one place's are exchanged in the other; 0: not at all; null: no telling. Takes transforms: their
 * product is that of the correlation over all exchanges (convolution theorem of the Walsh-Hadamard transform).
 */
function exchangeOf(a: Float64Array, b: Float64Array): number | null {
  if (a.length === 0 || b.length === 0) return null;
  for (let i = 0; i < 256; i++) product[i] = a[i]! * b[i]!;
  transform(product);
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  let second = most;
  for (let exchange = 0; exchange < 256; exchange++) {
    const correlation = product[exchange]! / 256;
    if (correlation > most) {
      second = most;
      most = correlation;
      best = exchange;
    } else if (correlation > second) second = correlation;
  }
  return most >= ALIKE && most - second >= MARGIN ? best : null;
}

/** Roots of frequencies, so that no single value outweighs all others; centred, and of length 1. */
function flattened(counts: Float64Array): Float64Array {
  const roots = counts.map(Math.sqrt);
  const mean = roots.reduce((sum, root) => sum + root, 0) / 256;
  const centred = roots.map((root) => root - mean);
  const length = Math.hypot(...centred);
  return centred.map((value) => value / length);
}

/** As many as would be in use were all used alike. */
function valuesOf(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  return squares === 0 ? 0 : (total * total) / squares;
}
