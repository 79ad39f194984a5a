import { type Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import { longestUnnoticedRun } from './floor.ts';
import type { MemberOutcome, Observation } from './observation.ts';
import { type Segment, type State, states } from './segment.ts';
import { type Proof, type Verdict, verdicts } from './terms.ts';
import { tile } from './tile.ts';

/** 2⁻³² for a 32-bit sum; (98/256)ⁿ ≤ 10⁻⁶ from 15 ASCII bytes on; fixed bytes and zeros 2⁻²⁴ from 3 on. */
const usualFloor: Readonly<Record<Proof, number>> = {
  checksum: 1,
  decoder: 64,
  grammar: 16,
  structure: 4,
  padding: 4,
  contrast: 1024,
};

const noTotals = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;

const MOST_CLAIMS = 200_000;
const MOST_MEMBERS_KEPT = 100;
const MOST_OBSERVATIONS = 200;

/**
 * For one file: which ranges are accounted for, by which proof, and what was seen on the way.
 * Memory is bounded: neighbouring claims of one kind join, observations and members beyond the first few are counted.
 */
export class Ledger {
  readonly size: number;
  readonly observations: Observation[] = [];
  /** The worst members, at most a hundred; `memberCounts` has them all. */
  readonly members: MemberOutcome[] = [];
  readonly memberCounts = new Map<Verdict, number>();
  /** Bytes of all members, and how many of them could be ciphertext for all that was found. */
  memberBytes = 0;
  opaqueMemberBytes = 0;
  /** Observations that were not kept, as there were too many. */
  unkept = 0;
  #claims: Segment[] = [];
  #settled: Segment[] | null = null;
  #totals: Record<State, number> | null = null;

  constructor(size: number) {
    this.size = size;
  }

  /**
   * Accounts for [start, end) by `proof`.
   * @param by what proves it, in the format's words
   * @param floor the shortest random overwrite, in bytes, that this proof notices with probability ≥ 1 − 10⁻⁶
   */
  account(start: number, end: number, proof: Proof, by: string, floor = usualFloor[proof]): void {
    this.#claim({ start, end, state: proof, by, floor });
  }

  /** The format declares these bytes as raw: pixels, samples, rows, machine code. Contrast may account for them. */
  raw(start: number, end: number, by: string): void {
    this.#claim({ start, end, state: 'raw', by, floor: Number.POSITIVE_INFINITY });
  }

  /** Payload of an entropy coder that nothing checks here: it looks random by right, and stays unproved unless it contrasts. */
  coded(start: number, end: number, by: string): void {
    this.#claim({ start, end, state: 'coded', by, floor: Number.POSITIVE_INFINITY });
  }

  /** Ciphertext in its place, under the owner's key, in a scheme that the format defines. */
  protect(start: number, end: number, scheme: string, strength?: string): void {
    this.#claim({ start, end, state: 'protected', by: scheme, floor: Number.POSITIVE_INFINITY });
    this.observe({ kind: 'protected', start, end, scheme, ...(strength === undefined ? {} : { strength }) });
  }

  /** Takes over what the ledger of a part says, `offset` bytes further. */
  adopt(part: Ledger, offset: number): void {
    for (const segment of part.segments()) {
      if (segment.state === 'unaccounted') continue;
      this.#claim({ ...segment, start: segment.start + offset, end: segment.end + offset });
    }
  }

  /** Takes over what the ledger of a part says that stands here in pieces, given in the part's order. */
  adoptPieces(part: Ledger, pieces: readonly Range[]): void {
    const segments = part.segments();
    let offset = 0;
    let first = 0;
    for (const { start, end } of pieces) {
      const next = offset + end - start;
      while (first < segments.length && segments[first]!.end <= offset) first++;
      for (let i = first; i < segments.length && segments[i]!.start < next; i++) {
        const segment = segments[i]!;
        if (segment.state === 'unaccounted') continue;
        const from = Math.max(segment.start, offset) - offset + start;
        const to = Math.min(segment.end, next) - offset + start;
        this.#claim({ ...segment, start: from, end: to });
      }
      offset = next;
    }
  }

  observe(observation: Observation): void {
    if (this.observations.length < MOST_OBSERVATIONS) this.observations.push(observation);
    else this.unkept++;
  }

  /** Notes a contradiction and lets the verifier go on with the next part. `end`: where the loss ends, if known. */
  broken(error: Broken, end?: number): void {
    // A part of a lying file may have been sought before its beginning.
    const at = Math.max(0, error.at);
    if (error instanceof Truncated) {
      this.observe({ kind: 'truncated', at, what: error.what, missing: error.missing });
      return;
    }
    this.observe({
      kind: 'broken',
      at,
      what: error.what,
      ...(end === undefined ? {} : { end }),
      ...(error.expected === undefined ? {} : { expected: error.expected }),
      ...(error.actual === undefined ? {} : { actual: error.actual }),
    });
  }

  oddity(at: number, what: string): void {
    this.observe({ kind: 'oddity', at, what });
  }

  trailing(start: number, end: number): void {
    if (end > start) this.observe({ kind: 'trailing', start, end });
  }

  unexamined(start: number, end: number, why: string): void {
    this.observe({ kind: 'unexamined', start, end, why });
  }

  /** Notes what became of a file inside. The worst are kept. */
  member(outcome: MemberOutcome): void {
    this.memberBytes += outcome.size;
    this.opaqueMemberBytes += outcome.opaque;
    this.memberCounts.set(outcome.verdict, (this.memberCounts.get(outcome.verdict) ?? 0) + 1);
    if (this.members.length < MOST_MEMBERS_KEPT) {
      this.members.push(outcome);
      return;
    }
    const bestKept = this.members.findIndex((kept) => rank(kept) > rank(outcome));
    if (bestKept >= 0) this.members[bestKept] = outcome;
  }

  /** The whole file in order, without gap or overlap; neighbours of the same kind are joined. */
  segments(): readonly Segment[] {
    this.#settled ??= tile(this.#claims, this.size);
    return this.#settled;
  }

  /** The ranges in this state, in order. */
  ranges(...wanted: State[]): Segment[] {
    return this.segments().filter((segment) => wanted.includes(segment.state));
  }

  /** Bytes in each state; together they make the size of the file. */
  totals(): Readonly<Record<State, number>> {
    if (this.#totals === null) {
      const totals = { ...noTotals };
      for (const { state, start, end } of this.segments()) totals[state] += end - start;
      this.#totals = totals;
    }
    return this.#totals;
  }

  /** In bytes; see `Segment.floor`, for the whole file. The file's size + 1 means: nothing would be noticed. */
  floor(): number {
    return longestUnnoticedRun(this.segments()) + 1;
  }

  #claim(claim: Segment): void {
    const { start, end } = claim;
    if (!(start >= 0 && start <= end && end <= this.size)) {
      throw new RangeError(`claim ${start}–${end} (${claim.by}) is outside of ${this.size} bytes`);
    }
    if (start === end) return;
    this.#settled = this.#totals = null;
    const last = this.#claims.at(-1);
    if (last?.end === start && alike(last, claim)) {
      this.#claims[this.#claims.length - 1] = { ...last, end };
      return;
    }
    this.#claims.push(claim);
    if (this.#claims.length > MOST_CLAIMS) this.#compact();
  }

  #compact(): void {
    const settled = tile(this.#claims, this.size).filter(({ state }) => state !== 'unaccounted');
    if (settled.length > MOST_CLAIMS / 2) throw new OverBudget('ranges of one file', MOST_CLAIMS);
    this.#claims = settled;
  }
}

function rank({ verdict }: MemberOutcome): number {
  return verdicts.indexOf(verdict);
}

function alike(a: Segment, b: Segment): boolean {
  return a.state === b.state && a.floor === b.floor && a.by === b.by;
}
