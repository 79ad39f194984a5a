import type { Range } from '../../../../bytes/range.ts';
import type { Extent } from '../../file-system.ts';
import type { ClusterRecord } from '../cluster-walk.ts';
import type { Clusters } from '../clusters.ts';
import type { NoticeList } from '../notice-list.ts';

/** Reads the entries of one folder, piece by piece; what's cut off at a gap is left out. */
export interface RecordParser<Record> {
  /** Whether the mark behind the last entry was met. */
  readonly ended: boolean;
  /** @param at where the bytes stand in the volume */
  parse(bytes: Buffer, at: number): Iterable<Record>;
}

/** What differs between FAT and exFAT in the search for what stands. */
export interface SalvageDialect<Record extends ClusterRecord> {
  /** Throws Broken where what the table says of a cluster was hit. */
  readonly clusters: Clusters;
  readonly notices: NoticeList;
  /** The cluster by which the root is known, 0 where it has none. */
  readonly root: number;
  rootPlaces(): Iterable<Range>;
  /** Ranges of the volume that hold a folder's entries. @throws Broken, ReadError */
  placesOf(folder: Record): Iterable<Range>;
  parser(): RecordParser<Record>;
  /** Whether the fields of a record, which no checksum covers, can be of a file. */
  isSound(record: Record): boolean;
  /** @throws Broken, Truncated, ReadError, OverBudget */
  map(record: Record): readonly Extent[];
  /** Whether a cluster is in use; false where that isn't known. */
  isInUse(cluster: number): boolean;
  /** Whether the first bytes of a cluster (512 at most) can be nothing but entries of a folder of this volume. */
  isFolder(bytes: Buffer, cluster: number): boolean;
  /** Ranges of the folder that was found at a cluster, whose own entry is lost. */
  placesAt(cluster: number): Iterable<Range>;
}
