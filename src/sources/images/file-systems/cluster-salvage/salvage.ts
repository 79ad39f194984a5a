import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import { joinPath, type Path } from '../../../folders/path.ts';
import type { Extent, SalvagedEntry } from '../../file-system.ts';
import { type ClusterRecord, fieldsOf } from '../cluster-walk.ts';
import { isCluster, placeOf } from '../clusters.ts';
import type { Damage } from '../damage.ts';
import { reasonOf } from '../notice-list.ts';
import { SparseBits } from '../sparse-bits.ts';
import type { SalvageDialect } from './dialect.ts';
import { FolderNames } from './folder-names.ts';
import { FoundEntry } from './found-entry.ts';
import { PIECE, SurvivingRecords, type Survivor } from './surviving-records.ts';

interface Folder {
  readonly number: number;
  readonly places: Iterable<Range>;
}

/**
 * Finds files of a hit FAT or exFAT volume: from the root down through the folders' pieces that stand, then in folders whose own
 * entries are lost, which are known by what they begin with.
 */
export class ClusterSalvage<Record extends ClusterRecord> {
  readonly #dialect: SalvageDialect<Record>;
  readonly #damage: Damage;
  readonly #records: SurvivingRecords<Record>;
  readonly #names: FolderNames;
  /** Clusters of files and folders that were found. */
  readonly #claimed = new SparseBits();
  readonly #entered = new SparseBits();
  /** Places of folders that were read: no honest cluster belongs to two. */
  readonly #read = new SparseBits();
  #isAmongLost = false;

  constructor(dialect: SalvageDialect<Record>, damage: Damage) {
    this.#dialect = dialect;
    this.#damage = damage;
    this.#records = new SurvivingRecords(dialect, damage);
    this.#names = new FolderNames(dialect.root);
  }

  *entries(): Generator<SalvagedEntry> {
    yield* this.#below([{ number: this.#dialect.root, places: this.#dialect.rootPlaces() }]);
    const lost = [...this.#lostFolders()];
    for (const number of lost) this.#nameFoldersIn(number);
    this.#isAmongLost = true;
    yield* this.#below(lost.map((number) => ({ number, places: this.#dialect.placesAt(number) })));
    if (this.#records.lost > 0)
      this.#dialect.notices.wrong(`${this.#records.lost * PIECE} bytes of folders were hit`);
    if (lost.length > 0)
      this.#dialect.notices.wrong(`the names of ${lost.length} folders are lost: their paths begin with ?/#`);
  }

  /** What is in these folders, and in those inside of them. */
  *#below(folders: Folder[]): Generator<SalvagedEntry> {
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      if (!this.#entered.add(folder.number)) continue;
      const { path, full } = this.#names.pathOf(folder.number);
      for (const { record, isNamed } of this.#claiming(folder)) {
        if (record.folder && isNamed) this.#names.add(record.cluster, folder.number, record.name);
        if (record.folder) folders.push({ number: record.cluster, places: this.#dialect.placesOf(record) });
        yield this.#entryFor(path, full, record, isNamed);
      }
    }
  }

  #claiming({ number, places }: Folder): Generator<Survivor<Record>> {
    return this.#records.of(number, this.#claimEach(places));
  }

  *#claimEach(places: Iterable<Range>): Generator<Range> {
    for (const place of places) {
      if (!this.#read.add(place.start))
        throw new Broken(place.start, 'cluster of a folder', 'one of no other folder', 'one that was read');
      this.#claim(place.start, place.end);
      yield place;
    }
  }

  #claim(start: number, end: number): void {
    const { clusters } = this.#dialect;
    for (let at = start; at < end; at += clusters.clusterSize) this.#claimed.add(this.#clusterAt(at));
  }

  #clusterAt(at: number): number {
    const { dataAt, clusterSize } = this.#dialect.clusters;
    return Math.max(0, Math.floor((at - dataAt) / clusterSize) + 2);
  }

  #entryFor(folder: Path, full: boolean, record: Record, isNamed: boolean): SalvagedEntry {
    const naming = !isNamed ? 'none' : full ? 'full' : 'leaf';
    const path = isNamed ? joinPath(folder, record.name) : (`?/#${record.at}` as Path);
    const { extents, why } = this.#lookUp(record);
    if (!this.#isAmongLost) for (const extent of extents) this.#claimExtent(extent);
    const fields = fieldsOf(record, path, true, why);
    return new FoundEntry(
      this.#dialect.clusters.volume,
      fields,
      extents,
      naming,
      this.#damage.inFile(extents),
    );
  }

  #lookUp(record: Record): { readonly extents: readonly Extent[]; readonly why: string | null } {
    if (record.folder) return { extents: [], why: null };
    try {
      return { extents: this.#dialect.map(record), why: null };
    } catch (error) {
      return { extents: [], why: reasonOf(error) };
    }
  }

  #claimExtent(extent: Extent): void {
    if (extent.kind === 'data') this.#claim(extent.at, extent.at + extent.end - extent.start);
  }

  /** First clusters of folders that no folder names any more. */
  *#lostFolders(): Generator<number> {
    const { clusters } = this.#dialect;
    for (let cluster = 2; cluster < clusters.count + 2; cluster++) {
      const at = placeOf(clusters, cluster);
      if (this.#claimed.has(cluster) || this.#damage.hits(at, at + PIECE)) continue;
      if (at + PIECE > clusters.volume.size) return;
      if (this.#dialect.isInUse(cluster) && this.#isFolder(cluster, at)) yield cluster;
    }
  }

  #isFolder(cluster: number, at: number): boolean {
    try {
      const isOne = this.#dialect.isFolder(this.#records.blocks.bytes(at, PIECE, 'folder'), cluster);
      return isOne && this.#belongsHere(cluster);
    } catch (error) {
      reasonOf(error);
      return false;
    }
  }

  /** A folder inside of a disk's image, which a file is, leads to clusters of other files here, or of none. */
  #belongsHere(cluster: number): boolean {
    const own = new SparseBits();
    for (const { record } of this.#firstRecords(cluster)) {
      if (record.folder || record.size === 0) continue;
      const first = record.cluster;
      if (!isCluster(this.#dialect.clusters, first) || this.#claimed.has(first) || !own.add(first))
        return false;
      if (!this.#dialect.isInUse(first)) return false;
    }
    return true;
  }

  /** Lost folders may hold each other: their names have to be known before the paths are. */
  #nameFoldersIn(number: number): void {
    for (const { record, isNamed } of this.#firstRecords(number))
      if (record.folder && isNamed) this.#names.add(record.cluster, number, record.name);
  }

  /** Those in the first cluster of a folder. Chains of many could lead to the same clusters. */
  #firstRecords(cluster: number): Generator<Survivor<Record>> {
    const start = placeOf(this.#dialect.clusters, cluster);
    return this.#records.of(cluster, [{ start, end: start + this.#dialect.clusters.clusterSize }]);
  }
}
