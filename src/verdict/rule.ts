import type { Verdict } from '../ledger/terms.ts';
import type { Facts } from './facts.ts';

/** Why a verdict was reached, for people and for machines. */
export interface Reason {
  /** Stable: `E101`. The letter tells the verdict's kind. */
  readonly code: string;
  readonly text: string;
  /** Offset in bytes where it was seen; null where it concerns the whole file. */
  readonly at: number | null;
}

export interface Rule {
  readonly code: string;
  readonly verdict: Verdict;
  /** What the rule says, in general; the documentation lists it. */
  readonly says: string;
  /** Told beside any other verdict, where other rules of this one's verdict would only repeat the good news. */
  readonly isNews?: true;
  /** What it says of this file, or null where it doesn't apply. */
  applies(facts: Facts): { text: string; at: number | null } | null;
}
