import { joinPath, type Path } from '../../../folders/path.ts';
import type { Entry, EntryOptions, Extent } from '../../file-system.ts';
import { addChain, addConsecutive } from '../clusters.ts';
import { ExtentList } from '../extent-list.ts';
import { LazyEntry } from '../lazy-entry.ts';
import { SparseBits } from '../sparse-bits.ts';
import type { ExfatRecord } from './entry-set.ts';
import type { ExfatMedium } from './exfat-medium.ts';
import { records } from './folder.ts';

/** Folders in folders. */
const DEEPEST = 1024;

interface Open {
  readonly path: Path;
  readonly allocated: boolean;
  readonly records: Generator<ExfatRecord>;
}

/** Walks down from the root. It holds one path of open folders, whatever the number of entries. */
export class Walk {
  readonly #medium: ExfatMedium;
  readonly #withDeleted: boolean;
  readonly #seen = new SparseBits();
  readonly #open: Open[] = [];

  constructor(medium: ExfatMedium, options: EntryOptions) {
    this.#medium = medium;
    this.#withDeleted = options.deleted === true;
  }

  *entries(): Generator<Entry> {
    const root = '' as Path;
    const place = { cluster: this.#medium.layout.rootCluster, size: null, consecutive: false };
    this.#open.push({ path: root, allocated: true, records: records(this.#medium, root, place, this.#seen) });
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      const next = top.records.next();
      if (next.done === true) this.#open.pop();
      else if (this.#withDeleted || !next.value.deleted) yield this.#entryFor(top, next.value);
    }
  }

  #entryFor(folder: Open, record: ExfatRecord): Entry {
    const path = joinPath(folder.path, record.name);
    const allocated = folder.allocated && !record.deleted;
    const unreadable = allocated ? null : obstacleTo(record, this.#medium.table.clusterSize);
    const kind = record.folder ? 'folder' : 'file';
    const { size, at: id, times, metadata } = record;
    if (record.folder && allocated) this.#enter(path, record);
    const fields = {
      path,
      kind,
      size,
      id,
      links: 1,
      times,
      metadata,
      allocated,
      unreadable,
      protection: null,
    } as const;
    return new LazyEntry(this.#medium.volume, fields, () => mapRecord(this.#medium, record));
  }

  #enter(path: Path, record: ExfatRecord): void {
    if (record.size === 0) return;
    if (this.#open.length >= DEEPEST) {
      this.#medium.notices.wrong(`folders deeper than ${DEEPEST} were not entered`);
      return;
    }
    this.#open.push({ path, allocated: true, records: records(this.#medium, path, record, this.#seen) });
  }
}

/** Deleting clears the chain in the table; clusters that follow each other need none. */
function obstacleTo(record: ExfatRecord, clusterSize: number): string | null {
  if (record.size <= clusterSize || record.consecutive) return null;
  return 'the chain of its clusters was cleared';
}

/** @throws Broken, Truncated, ReadError, OverBudget */
export function mapRecord({ table, volume }: ExfatMedium, record: ExfatRecord): readonly Extent[] {
  const list = new ExtentList(record.size, volume.size);
  const single = record.deleted && record.size <= table.clusterSize;
  if (record.consecutive || single) addConsecutive(list, table, record.cluster, record.validSize);
  else addChain(list, table, record.cluster, record.validSize);
  return list.finish();
}
