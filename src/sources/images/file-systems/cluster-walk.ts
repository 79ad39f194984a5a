import type { Range } from '../../../bytes/range.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import { joinPath, type Path } from '../../folders/path.ts';
import type { Entry, EntryOptions, Extent, Times } from '../file-system.ts';
import { type EntryFields, LazyEntry } from './lazy-entry.ts';
import type { NoticeList } from './notice-list.ts';

/** Folders in folders: paths of Windows end at 260 characters, of other systems later. */
const DEEPEST = 1024;

/** A file or folder, as a directory of FAT or exFAT has it. */
export interface ClusterRecord {
  readonly name: Path;
  readonly folder: boolean;
  /** Bytes. */
  readonly size: number;
  /** The first of its contents; 0 where it has none. */
  readonly cluster: number;
  readonly times: Times;
  readonly deleted: boolean;
  /** Where its own entry stands in the volume, in bytes. */
  readonly at: number;
  /** All of its entries. */
  readonly metadata: readonly Range[];
}

/** What differs between FAT and exFAT on the way down. */
export interface Dialect<Record extends ClusterRecord> {
  readonly volume: ByteSource;
  readonly notices: NoticeList;
  rootRecords(): Generator<Record>;
  /** The records of a folder; null where it isn't entered. */
  recordsOf(folder: Record, path: Path, allocated: boolean): Generator<Record> | null;
  /** Why the contents of what was deleted can't be read; null where they can. */
  obstacleTo(record: Record): string | null;
  /** @throws Broken, Truncated, ReadError, OverBudget */
  map(record: Record, allocated: boolean): readonly Extent[];
}

interface Open<Record> {
  readonly path: Path;
  readonly allocated: boolean;
  readonly records: Generator<Record>;
}

/** Walks down from the root. It holds one path of open folders, whatever the number of entries. */
export class ClusterWalk<Record extends ClusterRecord> {
  readonly #dialect: Dialect<Record>;
  readonly #withDeleted: boolean;
  readonly #open: Open<Record>[] = [];

  constructor(dialect: Dialect<Record>, options: EntryOptions) {
    this.#dialect = dialect;
    this.#withDeleted = options.deleted === true;
  }

  *entries(): Generator<Entry> {
    this.#open.push({ path: '' as Path, allocated: true, records: this.#dialect.rootRecords() });
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      const next = top.records.next();
      if (next.done === true) this.#open.pop();
      else if (this.#withDeleted || !next.value.deleted) yield this.#entryFor(top, next.value);
    }
  }

  #entryFor(folder: Open<Record>, record: Record): Entry {
    const path = joinPath(folder.path, record.name);
    const allocated = folder.allocated && !record.deleted;
    const unreadable = allocated ? null : this.#dialect.obstacleTo(record);
    if (record.folder && unreadable === null) this.#enter(path, record, allocated);
    return new LazyEntry(this.#dialect.volume, fieldsOf(record, path, allocated, unreadable), () =>
      this.#dialect.map(record, allocated),
    );
  }

  #enter(path: Path, record: Record, allocated: boolean): void {
    if (this.#open.length >= DEEPEST) {
      this.#dialect.notices.wrong(`folders deeper than ${DEEPEST} were not entered`);
      return;
    }
    const records = this.#dialect.recordsOf(record, path, allocated);
    if (records !== null) this.#open.push({ path, allocated, records });
  }
}

/** Field by field: put together from parts, it took most of the time of a listing. */
export function fieldsOf(
  { folder, size, at: id, times, metadata }: ClusterRecord,
  path: Path,
  allocated: boolean,
  unreadable: string | null,
): EntryFields {
  const kind = folder ? 'folder' : 'file';
  return { path, kind, size, id, links: 1, times, metadata, allocated, unreadable, protection: null };
}
