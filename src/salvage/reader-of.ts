import { defaultBudget, Meter } from '../bytes/meter.ts';
import { Reader } from '../bytes/reader.ts';
import type { Subject } from './item.ts';

/** A reader of the file that is searched, with a budget of its own, as large as that of its examination. */
export function readerOf({ source, options }: Subject): Reader {
  return new Reader(source, new Meter({ ...defaultBudget, ...options.budget }));
}
