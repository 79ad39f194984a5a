import type { Range } from '../../bytes/range.ts';

/**
 * The layout in which a file was encrypted, as inferred from the encrypted ranges. Lengths in bytes.
 * `fit` is the share, 0–1, of encrypted bytes and gaps that the layout explains.
 */
export type Shape =
  | { readonly kind: 'full'; readonly fit: number }
  | { readonly kind: 'head'; readonly length: number; readonly fit: number }
  | { readonly kind: 'tail'; readonly length: number; readonly fit: number }
  | { readonly kind: 'keeps-head'; readonly kept: number; readonly fit: number }
  | {
      readonly kind: 'stripes';
      readonly length: number;
      readonly period: number;
      readonly first: number;
      readonly fit: number;
    }
  | {
      readonly kind: 'head-and-stripes';
      readonly head: number;
      readonly length: number;
      readonly period: number;
      readonly first: number;
      readonly fit: number;
    }
  | { readonly kind: 'spots'; readonly spots: readonly Range[]; readonly fit: number };

/** `trailer`: bytes behind the original's end that could be told apart from it; 0 where none could. */
export type Scheme = Shape & { readonly trailer: number };

/** What is known of the file beside its encrypted ranges. */
export interface Setting {
  readonly size: number;
  /** Whether the first bytes still name a type: what stands there wasn't encrypted, however short. */
  readonly headKept: boolean;
  /** Whether the file should begin with bytes that name its type, and doesn't: what stands there was encrypted. */
  readonly headLost?: boolean;
  /** Where the format itself ends, if that is known; null if it isn't. */
  readonly contentEnd: number | null;
}
