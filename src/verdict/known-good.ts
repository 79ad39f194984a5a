import type { Verdict } from '../ledger/terms.ts';

/** What a known-good state, which the user vouches for, says of a file. */
export type KnownGood =
  /** The state has a file with the same hash: the bytes are those of then. */
  | { readonly kind: 'same'; readonly by: 'SHA-256' | 'SHA-1' }
  /** The state has a file of this path with other bytes. `format`: what accounted for them; null if nothing did. */
  | { readonly kind: 'other'; readonly format: string | null; readonly verdict: Verdict };
