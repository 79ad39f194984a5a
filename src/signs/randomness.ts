import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { COPY_SIZE, kernel } from '../kernel/kernel.ts';
import { chiSquareOf, limitsFor, type TailProbability } from '../kernel/uniform.ts';

/** What tests for randomness say of some bytes. */
export interface Randomness {
  /** Bytes that were tested. */
  readonly bytes: number;
  /** X² of the bytes against uniform, 255 degrees of freedom. */
  readonly x2: number;
  /** X² of pairs of high nibbles of neighbours that don't overlap, 255 degrees of freedom. */
  readonly pairX2: number;
  /** Normal deviate of the number of runs of equal bits (Wald & Wolfowitz). */
  readonly runsDeviate: number;
}

/** Bytes of a longer range that are tested: pieces spread evenly. */
const MOST_TESTED = 1 << 24;
const RUNS_LIMIT = 3.9;
const LEAST_PAIRS = 32;

/** @throws Truncated, OverBudget, ReadError */
export function testRandomness(reader: Reader, { start, end }: Range): Randomness {
  kernel().clearTraits();
  const step = Math.max(COPY_SIZE, Math.ceil((end - start) / MOST_TESTED) * COPY_SIZE);
  for (let at = start; at < end; at += step) {
    reader.meter.step();
    kernel().addTraits(reader.bytes(at, Math.min(COPY_SIZE, end - at), 'random run'));
  }
  return readTraits();
}

/** Whether each test lies where random bytes put it, but for `p` on either side (10⁻⁴ for runs of bits). */
export function passesForRandom({ bytes, x2, pairX2, runsDeviate }: Randomness, p: TailProbability): boolean {
  const limits = limitsFor(bytes, p);
  if (x2 < limits.lower || x2 > limits.upper) return false;
  const pairs = bytes >> 1;
  const pairLimits = limitsFor(pairs, p);
  if (pairs >= LEAST_PAIRS && (pairX2 < pairLimits.lower || pairX2 > pairLimits.upper)) return false;
  return Math.abs(runsDeviate) < RUNS_LIMIT;
}

function readTraits(): Randomness {
  const { byteCounts, pairCounts, bitCounts } = kernel();
  const bytes = byteCounts.reduce((sum, c) => sum + c, 0);
  return {
    bytes,
    x2: chiSquareOf(squares(byteCounts), bytes),
    pairX2: chiSquareOf(squares(pairCounts), bytes / 2),
    runsDeviate: deviateOfRuns(8 * bytes, bitCounts[0]!, bitCounts[1]! + 1),
  };
}

function squares(counts: Uint32Array): number {
  return counts.reduce((sum, c) => sum + c * c, 0);
}

/** N bits with share p of ones have 2N·p(1−p) + 1 runs on average, with deviation 2√N·p(1−p). */
function deviateOfRuns(bits: number, ones: number, runs: number): number {
  const p = ones / Math.max(1, bits);
  const expected = 2 * bits * p * (1 - p) + 1;
  const deviation = 2 * Math.sqrt(bits) * p * (1 - p);
  return deviation === 0 ? Number.POSITIVE_INFINITY : (runs - expected) / deviation;
}
