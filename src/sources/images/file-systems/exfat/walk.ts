import type { ByteSource } from '../../../../bytes/source.ts';
import type { Path } from '../../../folders/path.ts';
import type { Extent } from '../../file-system.ts';
import type { Dialect } from '../cluster-walk.ts';
import { addChain, addConsecutive, type Clusters } from '../clusters.ts';
import { ExtentList } from '../extent-list.ts';
import { SparseBits } from '../sparse-bits.ts';
import type { ExfatRecord } from './entry-set.ts';
import type { ExfatMedium } from './exfat-medium.ts';
import { records } from './folder.ts';

/** How the folders of exFAT are read on the way down. */
export function exfatDialect(medium: ExfatMedium): Dialect<ExfatRecord> {
  const { volume, notices, table, layout } = medium;
  const seen = new SparseBits();
  const root = { cluster: layout.rootCluster, size: null, consecutive: false };
  return {
    volume,
    notices,
    rootRecords: () => records(medium, '' as Path, root, seen),
    recordsOf: (folder, path, allocated) =>
      allocated && folder.size > 0 ? records(medium, path, folder, seen) : null,
    obstacleTo: (record) => obstacleTo(record, table.clusterSize),
    map: (record) => mapRecord(table, volume, record),
  };
}

/** Deleting clears the chain in the table; clusters that follow each other need none. */
function obstacleTo(record: ExfatRecord, clusterSize: number): string | null {
  if (record.size <= clusterSize || record.consecutive) return null;
  return 'the chain of its clusters was cleared';
}

/** @throws Broken, Truncated, ReadError, OverBudget */
export function mapRecord(table: Clusters, volume: ByteSource, record: ExfatRecord): readonly Extent[] {
  const list = new ExtentList(record.size, volume.size);
  const single = record.deleted && record.size <= table.clusterSize;
  if (record.consecutive || single) addConsecutive(list, table, record.cluster, record.validSize);
  else addChain(list, table, record.cluster, record.validSize);
  return list.finish();
}
