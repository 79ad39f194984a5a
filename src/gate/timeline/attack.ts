import type { Counts } from './census.ts';

/** When files began to be hit. */
export interface Attack {
  /** Index of the first snapshot with files hit by it. It happened after the one before was taken. */
  readonly snapshot: number;
  /** `jump`: more files were hit than chance explains; `first hit`: some were, though few; `given` by the caller. */
  readonly by: 'jump' | 'first hit' | 'given';
  /** Files that were hit in that snapshot for the first time, and their share of its files. */
  readonly newlyHit: number;
  readonly share: number;
  /** The probability that so many are hit if the rate were that of the snapshots before; null where it wasn't tested. */
  readonly chance: number | null;
}

/** Below this probability a jump is no chance. */
const NO_CHANCE = 1e-6;

/**
 * The first snapshot in which more files were newly hit than the rate of all snapshots before explains, which includes
 * files that were broken all along. Where there's none, the first in which any file was newly encrypted.
 */
export function findAttack(counts: readonly Counts[], encrypted: readonly number[]): Attack | null {
  let before = { hit: 0, files: 0 };
  for (const [snapshot, { newlyHit, files }] of counts.entries()) {
    // What's bad in the first snapshot may have been so for years.
    if (snapshot > 0) {
      const rate = (before.hit + 1) / Math.max(1, before.files);
      const chance = poissonTail(newlyHit, rate * files);
      if (chance < NO_CHANCE) return attackAt(snapshot, 'jump', counts, chance);
      before = { hit: before.hit + newlyHit, files: before.files + files };
    } else before = { hit: 0, files };
  }
  const first = encrypted.findIndex((files, snapshot) => snapshot > 0 && files > 0);
  return first < 0 ? null : attackAt(first, 'first hit', counts, null);
}

export function attackAt(
  snapshot: number,
  by: Attack['by'],
  counts: readonly Counts[],
  chance: number | null,
): Attack {
  const { newlyHit, files } = counts[snapshot]!;
  return { snapshot, by, newlyHit, share: files === 0 ? 0 : newlyHit / files, chance };
}

/** P(X ≥ k) for a Poisson variable of this mean. */
export function poissonTail(k: number, mean: number): number {
  if (k <= 0) return 1;
  // Far above the mean the tail is summed from k on, as 1 − P(X < k) would drown in rounding.
  if (k <= mean) return 1 - sumBelow(k, mean);
  let term = Math.exp(k * Math.log(mean) - mean - logFactorial(k));
  let sum = 0;
  for (let i = k; term > sum * 1e-12; i++) {
    sum += term;
    term *= mean / (i + 1);
    if (term === 0) break;
  }
  return Math.min(1, sum);
}

function sumBelow(k: number, mean: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++) sum += Math.exp(i * Math.log(mean) - mean - logFactorial(i));
  return Math.min(1, sum);
}

/** Stirling's series: exact to 1e-8 from 10 on. */
function logFactorial(n: number): number {
  if (n < 10) return Math.log([1, 1, 2, 6, 24, 120, 720, 5040, 40_320, 362_880][n]!);
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
}
