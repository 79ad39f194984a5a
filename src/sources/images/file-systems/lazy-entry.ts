import { Broken } from '../../../bytes/errors.ts';
import type { Range } from '../../../bytes/range.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import type { Path } from '../../folders/path.ts';
import type { Entry, Extent, Times } from '../file-system.ts';
import { ExtentSource } from './extent-source.ts';

/** What a directory says of an entry. */
export type EntryFields = Omit<Entry, 'extents' | 'open'>;

/** An entry whose extents are looked up when they're asked for. */
export class LazyEntry implements Entry {
  readonly path: Path;
  readonly kind: Entry['kind'];
  readonly size: number;
  readonly id: number;
  readonly links: number;
  readonly times: Times;
  readonly allocated: boolean;
  readonly metadata: readonly Range[];
  readonly unreadable: string | null;
  readonly protection: string | null;
  readonly #volume: ByteSource;
  readonly #map: () => readonly Extent[];

  /** @param map gives the extents, or throws Broken, ReadError, OverBudget */
  constructor(volume: ByteSource, fields: EntryFields, map: () => readonly Extent[]) {
    this.path = fields.path;
    this.kind = fields.kind;
    this.size = fields.size;
    this.id = fields.id;
    this.links = fields.links;
    this.times = fields.times;
    this.allocated = fields.allocated;
    this.metadata = fields.metadata;
    this.unreadable = fields.unreadable;
    this.protection = fields.protection;
    this.#volume = volume;
    this.#map = map;
  }

  extents(): readonly Extent[] {
    if (this.unreadable === null) return this.#map();
    throw new Broken(this.metadata[0]?.start ?? 0, 'entry', 'one that can be read', this.unreadable);
  }

  open(): ByteSource {
    return new ExtentSource(this.#volume, this.extents(), this.size);
  }
}
