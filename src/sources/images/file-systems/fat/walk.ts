import { joinPath, type Path } from '../../../folders/path.ts';
import { displayText } from '../../../folders/path-text.ts';
import type { Entry, EntryOptions, Extent } from '../../file-system.ts';
import { addChain, addConsecutive, areFree, chain, folderPlaces, isCluster, placeOf } from '../clusters.ts';
import { ExtentList } from '../extent-list.ts';
import { LazyEntry } from '../lazy-entry.ts';
import { reasonOf } from '../notice-list.ts';
import { SparseBits } from '../sparse-bits.ts';
import { DirectoryParser, ENTRY, type FatRecord } from './directory.ts';
import type { FatMedium } from './fat-medium.ts';

/** Folders in folders: paths of Windows end at 260 characters, of other systems later. */
const DEEPEST = 1024;

interface Open {
  readonly path: Path;
  readonly allocated: boolean;
  readonly records: Generator<FatRecord>;
}

/** Walks down from the root. It holds one path of open folders, whatever the number of entries. */
export class Walk {
  readonly #medium: FatMedium;
  readonly #withDeleted: boolean;
  readonly #seen = new SparseBits();
  readonly #open: Open[] = [];

  constructor(medium: FatMedium, options: EntryOptions) {
    this.#medium = medium;
    this.#withDeleted = options.deleted === true;
  }

  *entries(): Generator<Entry> {
    const root = '' as Path;
    this.#open.push({
      path: root,
      allocated: true,
      records: this.#records(root, rootPieces(this.#medium, this.#seen)),
    });
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      const next = top.records.next();
      if (next.done === true) this.#open.pop();
      else if (this.#withDeleted || !next.value.deleted) yield this.#entryFor(top, next.value);
    }
  }

  *#records(path: Path, pieces: Iterable<Piece>): Generator<FatRecord> {
    const parser = new DirectoryParser();
    try {
      for (const { bytes, at } of pieces) {
        yield* parser.parse(bytes, at);
        if (parser.ended) break;
      }
    } catch (error) {
      this.#medium.notices.wrong(`folder /${displayText(path)} can't be read to its end: ${reasonOf(error)}`);
    }
  }

  #entryFor(folder: Open, record: FatRecord): Entry {
    const path = joinPath(folder.path, record.name);
    const allocated = folder.allocated && !record.deleted;
    const unreadable = allocated ? null : obstacleTo(this.#medium, record);
    const kind = record.folder ? 'folder' : 'file';
    const size = record.folder ? 0 : record.size;
    const { at: id, times, metadata } = record;
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
    if (record.folder && unreadable === null) this.#enter(path, record, allocated);
    return new LazyEntry(this.#medium.volume, fields, () => mapRecord(this.#medium, record, allocated));
  }

  #enter(path: Path, record: FatRecord, allocated: boolean): void {
    const { notices, table } = this.#medium;
    if (this.#open.length >= DEEPEST) {
      notices.wrong(`folders deeper than ${DEEPEST} were not entered`);
      return;
    }
    if (!allocated && !isFolder(this.#medium, record.cluster)) return;
    const numbers = allocated ? chain(table, record.cluster) : [record.cluster];
    this.#open.push({
      path,
      allocated,
      records: this.#records(path, pieces(this.#medium, numbers, this.#seen)),
    });
  }
}

interface Piece {
  readonly bytes: Buffer;
  readonly at: number;
}

function* pieces(
  { table, blocks }: FatMedium,
  numbers: Iterable<number>,
  seen: SparseBits,
): Generator<Piece> {
  for (const at of folderPlaces(table, numbers, seen)) {
    yield { at, bytes: Buffer.from(blocks.bytes(at, table.clusterSize, 'folder')) };
  }
}

function* rootPieces(medium: FatMedium, seen: SparseBits): Generator<Piece> {
  const { layout, table, blocks } = medium;
  if (layout.bits === 32) yield* pieces(medium, chain(table, layout.rootCluster), seen);
  for (let done = 0; done < layout.rootSize; done += layout.sectorSize) {
    const at = layout.rootAt + done;
    yield { at, bytes: Buffer.from(blocks.bytes(at, layout.sectorSize, 'root folder')) };
  }
}

/** A folder begins with its own entry and its parent's. */
function isFolder({ table, blocks }: FatMedium, cluster: number): boolean {
  const bytes = blocks.bytes(placeOf(table, cluster), 2 * ENTRY, 'folder');
  return (
    bytes.toString('latin1', 0, 11) === '.          ' &&
    bytes.toString('latin1', ENTRY, ENTRY + 11) === '..         '
  );
}

/** Deleting frees the clusters: what's left is where the first was, and that nobody has taken them since. */
function obstacleTo({ table }: FatMedium, record: FatRecord): string | null {
  if (record.size === 0 && !record.folder) return null;
  if (!isCluster(table, record.cluster)) return 'the place of its contents is not known any more';
  try {
    const length = record.folder ? table.clusterSize : record.size;
    return areFree(table, record.cluster, length) ? null : 'its clusters belong to another by now';
  } catch (error) {
    return reasonOf(error);
  }
}

/** A deleted file's clusters are taken to follow each other, as nothing says any more which they were. */
function mapRecord({ table, volume }: FatMedium, record: FatRecord, allocated: boolean): readonly Extent[] {
  const size = record.folder ? 0 : record.size;
  const list = new ExtentList(size, volume.size);
  if (allocated) addChain(list, table, record.cluster, size);
  else addConsecutive(list, table, record.cluster, size);
  return list.finish();
}
