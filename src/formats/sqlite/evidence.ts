import type { Ledger } from '../../ledger/ledger.ts';
import { SLACK_FLOOR } from '../slack.ts';

/** What it takes to notice random bytes with p ≥ 1 − 10⁻⁶: twenty bits, counted in eighths of a bit. */
const ENOUGH = 20 * 8;
/** Zeros, and bytes without any evidence, become ranges of their own from this length on. */
const OWN_RANGE = 256;
/** A page begins with eight bytes of structure; a run over the edge of two pages may miss so many. */
const EDGE = 8;

/** Eighths of a bit by which one byte of each kind is tied down. */
export const weight = {
  /** Wrong values contradict the tiling of the page. */
  layout: 48,
  /** Sizes of values, which must add up to the payload. */
  sizes: 40,
  /** Page numbers, which must be in range and used once. */
  pointer: 40,
  /** A mark rather than a weight: other bytes may stand there too. */
  zero: 255,
  /** Random text is told by control characters in invalid sequences: (194/256)ⁿ. */
  text8: 3,
  /** Random UTF-16 is told by code points that don't exist or are private: about (7/8)^(n/2). */
  text16: 1,
  none: 0,
} as const;

/** For one page, how much of a random overwrite each byte would give away. */
export class Evidence {
  readonly eighths: Uint8Array;

  constructor(pageSize: number) {
    this.eighths = new Uint8Array(pageSize);
  }

  clear(): void {
    this.eighths.fill(0);
  }

  mark(start: number, end: number, amount: number): void {
    // Most marks are a few bytes long: a call of fill() takes longer than they do.
    if (end - start > 32) this.eighths.fill(amount, start, end);
    else for (let at = start; at < end; at++) this.eighths[at] = amount;
  }

  /** Marks the zeros of [start, end); neither they nor other bytes there are evidence. */
  markZeros(page: Uint8Array, start: number, end: number): void {
    let from = start;
    for (let at = start; at <= end; at++) {
      if (at < end && page[at] === 0) continue;
      if (at - from >= 16) this.mark(from, at, weight.zero);
      from = at + 1;
    }
  }

  /** Claims the page at file offset `base`: long stretches without evidence as raw, the rest as structure. */
  claim(ledger: Ledger, base: number, by: string): void {
    const { eighths } = this;
    let from = 0;
    for (let at = 0; at < eighths.length; ) {
      const end = this.#endOfAlike(at);
      if (end - at >= OWN_RANGE && (eighths[at] === weight.zero || eighths[at] === weight.none)) {
        this.#claimStructure(ledger, base, from, at, by);
        if (eighths[at] === weight.zero)
          ledger.account(base + at, base + end, 'padding', 'unallocated zeros', SLACK_FLOOR);
        else ledger.raw(base + at, base + end, 'values and free space');
        from = end;
      }
      at = end;
    }
    this.#claimStructure(ledger, base, from, eighths.length, by);
  }

  /** One claim for the page, so that millions of pages join: raw where structure leaves a long stretch open. */
  claimWhole(ledger: Ledger, base: number, by: string): void {
    const { length } = this.eighths;
    const floor = this.floorOf(0, length);
    if (floor > 4 * OWN_RANGE) ledger.raw(base, base + length, 'values and free space');
    else ledger.account(base, base + length, 'structure', by, roundUp(floor));
  }

  #claimStructure(ledger: Ledger, base: number, start: number, end: number, by: string): void {
    if (end === start) return;
    ledger.account(base + start, base + end, 'structure', by, roundUp(this.floorOf(start, end)));
  }

  #endOfAlike(at: number): number {
    const { eighths } = this;
    const value = eighths[at];
    let end = at + 1;
    while (end < eighths.length && eighths[end] === value) end++;
    return end;
  }

  /** The longest window of [start, end) with less than enough evidence, and a bit more. */
  floorOf(start: number, end: number): number {
    const { eighths } = this;
    let longest = 0;
    let sum = 0;
    let from = start;
    for (let at = start; at < end; at++) {
      const amount = eighths[at]!;
      if (amount !== weight.zero) sum += amount;
      for (; sum >= ENOUGH; from++) {
        const left = eighths[from]!;
        if (left !== weight.zero) sum -= left;
      }
      if (at + 1 - from > longest) longest = at + 1 - from;
    }
    return longest + 1 + EDGE;
  }
}

/** Few different floors, so that neighbouring claims join. */
function roundUp(floor: number): number {
  return 2 ** Math.ceil(Math.log2(floor));
}
