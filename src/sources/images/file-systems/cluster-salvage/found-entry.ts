import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Extent, SalvagedEntry } from '../../file-system.ts';
import { type EntryFields, LazyEntry } from '../lazy-entry.ts';

/** An entry that stands; why its contents can't be read is in `unreadable`. */
export class FoundEntry extends LazyEntry implements SalvagedEntry {
  readonly naming: SalvagedEntry['naming'];
  readonly state: SalvagedEntry['state'];
  readonly damaged: readonly Range[];

  constructor(
    volume: ByteSource,
    fields: EntryFields,
    extents: readonly Extent[],
    naming: SalvagedEntry['naming'],
    damaged: readonly Range[],
  ) {
    super(volume, fields, () => extents);
    this.naming = naming;
    this.damaged = damaged;
    this.state = fields.unreadable !== null ? 'unknown' : damaged.length > 0 ? 'partial' : 'untouched';
  }
}
