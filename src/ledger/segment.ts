import type { Range } from '../bytes/range.ts';
import { type Proof, proofs } from './terms.ts';

/**
 * What a range is known to be. Besides the proofs:
 * - `protected`: ciphertext of the owner's own, in its place;
 * - `coded`: payload of an entropy coder that no decoder here checks: random by right, unproved;
 * - `raw`: declared by the format as raw samples, rows or the like: may yet be accounted for by contrast;
 * - `unaccounted`: nothing is known.
 */
export type State = Proof | 'protected' | 'coded' | 'raw' | 'unaccounted';

/** Where claims overlap, the first of these wins. */
export const states: readonly State[] = [...proofs, 'protected', 'coded', 'raw', 'unaccounted'];

/** One piece of the file; the segments of a ledger tile the whole file in order. */
export interface Segment extends Range {
  readonly state: State;
  /** Which check, field or region: `IDAT CRC-32`. */
  readonly by: string;
  /** A run of so many random bytes can't hide in this segment, but for a probability of 10⁻⁶; Infinity: any can. */
  readonly floor: number;
}
