/**
 * Where a text stops being text: the segments in which the costs of its bytes add up.
 *
 * A cost is log₂(P(byte | random) / P(byte | text)) in sixteenths of a bit: below zero for what text is made of. The
 * running sum, never below zero, is Page's CUSUM; a run goes from the last zero to the peak, which are the likeliest
 * edges, and ends once the sum has fallen by `FALL` or back to zero.
 * Costs of true likelihood ratios make random bytes fall by `FALL` with a probability of at most 2^(−FALL) (Ville).
 */
export interface OddRun {
  /** Offsets in bytes. */
  readonly start: number;
  readonly end: number;
  /** In bits: how much likelier random bytes are. */
  readonly weight: number;
}

/** Sixteenths of a bit. */
export const BIT = 16;
/** Two bytes that no text has, near to each other, reach it; one doesn't. */
const NOTED = 14 * BIT;
const FALL = 24 * BIT;

export class OddRuns {
  readonly #report: (run: OddRun) => void;
  #sum = 0;
  #peak = 0;
  #start = 0;
  #peakEnd = 0;

  constructor(report: (run: OddRun) => void) {
    this.#report = report;
  }

  /** Takes the costs of `count` units of `width` bytes each, the first of which stands at byte `at`. */
  push(costs: Int16Array, count: number, at: number, width: number): void {
    let sum = this.#sum;
    let peak = this.#peak;
    for (let i = 0; i < count; i++) {
      if (sum === 0) this.#start = at + i * width;
      sum += costs[i]!;
      if (sum > peak) {
        peak = sum;
        this.#peakEnd = at + (i + 1) * width;
      } else if (sum <= 0 || peak - sum >= FALL) {
        this.#close(peak);
        sum = peak = 0;
      }
    }
    this.#sum = sum;
    this.#peak = peak;
  }

  /** Says that a stretch of plain text follows, long enough to end any run. */
  settle(): void {
    this.#close(this.#peak);
    this.#sum = this.#peak = 0;
  }

  #close(peak: number): void {
    if (peak < NOTED) return;
    this.#report({ start: this.#start, end: this.#peakEnd, weight: peak / BIT });
  }
}

/** A run that is shorter and lighter is a stray: bytes of another encoding in a log, a lone control. */
const STRAY_BYTES = 8;
const STRAY_BITS = 20;

export function isStray({ start, end, weight }: OddRun): boolean {
  return end - start < STRAY_BYTES && weight < STRAY_BITS;
}
