import { COPY_SIZE, kernel } from '../kernel/kernel.ts';
import { chiSquareOf, DEGREES, limitsFor } from '../kernel/uniform.ts';

/** Random bytes that return with a period too short for a window between them: 16 of every 32, 64 of every 192. */
export interface Interleaving {
  /** In bytes. */
  readonly period: number;
  /** Where in the period the random bytes begin: file offset modulo the period, a multiple of 8. */
  readonly phase: number;
  /** Random bytes of each period, rounded down to a multiple of 8. */
  readonly on: number;
  /** X² against uniform of these bytes, pooled, and how many were pooled. */
  readonly x2: number;
  readonly bytes: number;
}

/** `blind`: too few bytes, or too near to random as a whole, to tell stripes from none. */
export type FoldOutcome =
  | { readonly kind: 'striped'; readonly stripes: Interleaving }
  | { readonly kind: 'clear' }
  | { readonly kind: 'blind' };

/** Most bytes that one fold takes. */
export const FOLD_SIZE = COPY_SIZE;

const GRANULE = 8;
/**
 * Periods in granules, and how many columns of the one before make a column of it. All divide 192, so that one pass
 * over the bytes serves all: 1,536, 768, 384, 192, 96, 48, 24 bytes; 512, 256, 128, 64, 32, 16 bytes.
 */
const chains: readonly (readonly (readonly [count: number, parts: number])[])[] = [
  [
    [192, 1],
    [96, 2],
    [48, 2],
    [24, 2],
    [12, 2],
    [6, 2],
    [3, 2],
  ],
  [
    [64, 3],
    [32, 2],
    [16, 2],
    [8, 2],
    [4, 2],
    [2, 2],
  ],
];
/** X² of plain bytes must be expected this far above that of random ones before a column is called random. */
const EXCESS = 300;
const LEAST_BYTES = 192;
/** The same where the whole is more even than chance: parts of it are then not so, or they are random. */
const LEAST_OF_EVEN = 1024;
const FOLD_P = 1e-6;

/**
 * Folds up to 64 KiB at every period that is known of attacks, and looks for columns whose bytes are random while the
 * whole is not. Phases need no alignment: runs of 16 bytes hold a whole granule of 8 wherever they begin.
 * @param position offset of the first byte in the file
 */
export function fold(bytes: Uint8Array, position: number): FoldOutcome {
  const { total, excess } = deal(bytes, position);
  if (total === 0) return { kind: 'clear' };
  const least = excess < 0 ? LEAST_OF_EVEN : Math.max(LEAST_BYTES, EXCESS / excess);
  const found = chains
    .map((chain) => findShortestPeriod(chain, least / total))
    .filter((stripes) => stripes !== null);
  const [stripes] = found.sort((a, b) => a.period - b.period);
  if (stripes !== undefined) return { kind: 'striped', stripes };
  return isBlind(total, least) ? { kind: 'blind' } : { kind: 'clear' };
}

/** @param share of the bytes that a test needs */
function findShortestPeriod(chain: (typeof chains)[number], share: number): Interleaving | null {
  let shortest: Interleaving | null = null;
  kernel().beginColumns();
  for (const [count, parts] of chain) {
    kernel().narrowColumns(count, parts);
    const width = Math.ceil(share * count);
    if (width <= count / 2) shortest = findStripes(count, width) ?? shortest;
  }
  return shortest;
}

/** Deals whole granules, by their place in the file; returns their bytes and the excess of X² per byte. */
function deal(bytes: Uint8Array, position: number): { total: number; excess: number } {
  const skipped = (GRANULE - (position % GRANULE)) % GRANULE;
  kernel().clearFold();
  kernel().addFold(bytes.subarray(skipped), (position + skipped) / GRANULE);
  kernel().beginColumns();
  kernel().narrowColumns(1, 192);
  const { x2, bytes: total } = measure(0, 1, 1);
  return { total, excess: excessOf(x2, total) };
}

/** Per byte; −1 for counters and tables, which are more even than chance. */
function excessOf(x2: number, total: number): number {
  if (x2 < limitsFor(total, FOLD_P).lower) return -1;
  return Math.max(1e-6, (x2 - DEGREES) / Math.max(1, total));
}

function measure(first: number, width: number, count: number): { x2: number; bytes: number } {
  kernel().measureColumns(first, width, count);
  const [squares = 0, bytes = 0] = kernel().column;
  return { x2: chiSquareOf(squares, bytes), bytes };
}

function isRandom({ x2, bytes }: { x2: number; bytes: number }): boolean {
  if (bytes < LEAST_BYTES) return false;
  const { lower, upper } = limitsFor(bytes, FOLD_P);
  return x2 >= lower && x2 <= upper;
}

function findStripes(count: number, width: number): Interleaving | null {
  for (let first = 0; first < count; first++) {
    if (isRandom(measure(first, width, count))) return widen(first, width, count);
  }
  return null;
}

/** Takes in the neighbours that keep the pool random; the first column may be inside a stripe that began before it. */
function widen(found: number, least: number, count: number): Interleaving {
  let first = found;
  let width = least;
  while (width < count - 1 && isRandom(measure((first + count - 1) % count, width + 1, count))) {
    first = (first + count - 1) % count;
    width++;
  }
  while (width < count - 1 && isRandom(measure(first, width + 1, count))) width++;
  const pool = measure(first, width, count);
  return { period: count * GRANULE, phase: first * GRANULE, on: width * GRANULE, ...pool };
}

/** Whether 16 of 32 or 64 of 192 bytes, at any phase, would stay unseen. */
function isBlind(total: number, least: number): boolean {
  return total / 4 < least || (total * 7) / 24 < least;
}
