import type { Range } from '../../bytes/range.ts';
import type { Place } from '../stored.ts';

/** What is spread over several segments and put together when the image has ended. */
export interface Deferred {
  readonly icc: (Range & { readonly number: number })[];
  readonly extendedXmp: (Range & { readonly digest: string; readonly offset: number })[];
  readonly announced: Range[];
}

export interface Segment extends Place {
  readonly later: Deferred;
}
