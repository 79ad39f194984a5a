import type { Range } from '../bytes/range.ts';
import type { Verdict } from './terms.ts';

/** Something that a verifier saw. Facts only: no observation says "encrypted"; the verdict draws conclusions. */
export type Observation =
  /** The bytes contradict the format. `end` bounds what is lost by it, where that is known. */
  | {
      readonly kind: 'broken';
      readonly at: number;
      readonly end?: number;
      readonly what: string;
      readonly expected?: string;
      readonly actual?: string;
    }
  /** The structure reaches beyond the end. `missing` bytes at least. */
  | { readonly kind: 'truncated'; readonly at: number; readonly what: string; readonly missing: number }
  /** Bytes after the format's own end which are no known tail. */
  | ({ readonly kind: 'trailing' } & Range)
  /** Not looked into: a limit, an unknown method. Keeps a file from being proved. */
  | ({ readonly kind: 'unexamined'; readonly why: string } & Range)
  /** Encrypted by its owner in a known, well-formed scheme. */
  | ({ readonly kind: 'protected'; readonly scheme: string; readonly strength?: string } & Range)
  /** Unusual, yet honest writers do it. Told in `explain`, changes nothing. */
  | { readonly kind: 'oddity'; readonly at: number; readonly what: string };

/** What became of a file inside the file. */
export interface MemberOutcome extends Range {
  /** As the container names it; `/` separates folders. */
  readonly name: string;
  readonly size: number;
  readonly format: string | null;
  readonly verdict: Verdict;
  /** In bytes of the member. */
  readonly floor: number;
  /** How many of its bytes could be ciphertext for all that was found. */
  readonly opaque: number;
  /** Codes and texts of the rules that decided, most important first. */
  readonly reasons: readonly { readonly code: string; readonly text: string; readonly at: number | null }[];
}
