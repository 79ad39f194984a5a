import type { Range } from '../bytes/range.ts';
import { kernel } from '../kernel/kernel.ts';
import { limitsFor, sumsOfSquares } from '../kernel/uniform.ts';

/** Fewer plain bytes say too little of a whole file. */
const LEAST_OF_WHOLE = 1024;
/** Fewer plain bytes say too little of a place: four windows of a random 16 KiB seem plain once in a million. */
const LEAST = 2048;
const WINDOW = 512;
/** Rank of a seldom value among the 256, and how much of its uniform share it has where a part is random. */
const SELDOM = 32;
const MIXED = 0.05;
/** Natural logarithms in the kernel's unit. */
const UNIT = 1024;

/** Windows of 512 bytes within these limits may be random, and are no background. */
const { lower, upper } = sumsOfSquares(WINDOW, limitsFor(WINDOW, 1e-3));

/** Bytes of which nothing is known: half of them printable, a quarter zero, the rest anything. */
const unknown = Array.from({ length: 256 }, (_, b) => (b === 0 ? 2500 : 10) + (b >= 32 && b < 127 ? 52 : 0));

/**
 * What the bytes round a place look like where they aren't random: the measure that a random run must stand out from.
 * Taken from the place itself, else from the last place that had plain bytes, else from the whole file.
 */
export class Background {
  readonly #whole: ArrayLike<number>;
  readonly #last = new Float64Array(256);
  #knowsLast = false;

  readonly #least: number;

  /**
   * @param whole counts of the file's plain blocks
   * @param least plain bytes that are enough to know a place
   */
  constructor(whole: ArrayLike<number>, least = LEAST) {
    this.#whole = total(whole) >= LEAST_OF_WHOLE ? whole : unknown;
    this.#least = least;
  }

  /** Forgets the last place: what comes is another part of the file. */
  moveAway(): void {
    this.#knowsLast = false;
  }

  /** Enters the scores for these bytes, at most 64 KiB, into the kernel. */
  score(bytes: Uint8Array): void {
    kernel().background.fill(0);
    if (kernel().gatherBackground(bytes, lower, upper) >= this.#least) this.#learn(bytes);
    setScores(this.#knowsLast ? this.#last : this.#whole);
  }

  /** Windows with random bytes in part are gathered too, where these come in short runs: a second look leaves them out. */
  #learn(bytes: Uint8Array): void {
    this.#last.set(kernel().background);
    this.#knowsLast = true;
    if (!isMixed(this.#last)) return;
    setScores(this.#last);
    if (kernel().refineBackground(bytes) >= this.#least) this.#last.set(kernel().background);
  }
}

/** Whether even the values that are seldom in these counts are not rare: a part may be uniform. */
function isMixed(counts: Float64Array): boolean {
  const seldom = counts.toSorted()[SELDOM]!;
  return seldom * 256 > total(counts) * MIXED;
}

/**
 * Log-likelihood of uniform against background, s = −ln(256·q), q = 0.98·(c + ½)/(n + 128) + 0.02/256: the half and
 * the two hundredths keep a byte value that wasn't seen from deciding alone. Bounded to [−6, 4].
 */
function setScores(counts: ArrayLike<number>): void {
  const { scores } = kernel();
  const n = total(counts);
  for (let b = 0; b < 256; b++) {
    const q = (0.98 * (counts[b]! + 0.5)) / (n + 128) + 0.02 / 256;
    scores[b] = Math.round(UNIT * Math.max(-6, Math.min(4, -Math.log(256 * q))));
  }
}

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let b = 0; b < 256; b++) sum += counts[b]!;
  return sum;
}

/** A stretch whose bytes are likelier random than like the background. */
export interface Candidate extends Range {
  /** By how much, in nats. */
  readonly logLikelihood: number;
}
