import type { Format } from '../format.ts';
import { sealedBy } from './envelope.ts';
import { stores } from './stores.ts';
import { streams } from './streams.ts';

/** The owner's ways of sealing a file that need no more than a header to be known. */
export const envelopes: readonly Format[] = [...streams, ...stores].map(sealedBy);
