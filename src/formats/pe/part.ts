import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import type { Image } from './layout.ts';

/** The bytes of one directory, and all that checks of it need. */
export interface Part {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
  readonly image: Image;
  readonly start: number;
  readonly end: number;
}
