import type { Context } from '../format.ts';
import type { Compound } from './compound.ts';
import type { Kind } from './kinds.ts';
import type { Stream } from './stream.ts';

/** A stream, and what it stands in. */
export interface Part {
  readonly stream: Stream;
  readonly compound: Compound;
  readonly context: Context;
  readonly kind: Kind | null;
}
