import type { ByteSource } from '../../../../../bytes/source.ts';
import type { SalvageDialect } from '../../cluster-salvage/dialect.ts';
import { clusterSalvager } from '../../cluster-salvage/salvager.ts';
import { SurvivingTable, type TableCopy } from '../../cluster-salvage/surviving-table.ts';
import { type Clusters, chain, isCluster, rangesOf } from '../../clusters.ts';
import type { Damage } from '../../damage.ts';
import { type NoticeList, reasonOf } from '../../notice-list.ts';
import { AllocationTable } from '../allocation-table.ts';
import type { FatLayout } from '../boot-sector.ts';
import { DirectoryParser, type FatRecord, isFolderStart } from '../directory.ts';
import { mapRecord } from '../walk.ts';
import { findLayout } from './find-layout.ts';

/** Characters that no name holds; below 32 they stand as escaped bytes. */
const FORBIDDEN = /["*:<>?|\udc00-\udc1f\udc2f\udc5c]/;

/** Finds files of a FAT volume by what stands: either boot sector, any copy of the table, each sector of a folder. */
export const fatSalvager = clusterSalvager({ id: 'fat', boot: 'boot sector', findLayout, dialectOf });

/** Of a table that isn't mirrored, only the active copy counts. */
function copiesOf(volume: ByteSource, layout: FatLayout): TableCopy[] {
  const { bits, fats, mirrored, activeFat: active, fatAt, fatSize } = layout;
  const numbers = mirrored ? Array.from({ length: fats }, (_, i) => i) : [active];
  return numbers.map((activeFat) => ({
    table: new AllocationTable(volume, { ...layout, activeFat }),
    placeOf: (cluster) => {
      const bit = cluster * bits;
      const start = fatAt + activeFat * fatSize;
      return { start: start + (bit >> 3), end: start + Math.ceil((bit + bits) / 8) };
    },
  }));
}

function dialectOf(
  volume: ByteSource,
  layout: FatLayout,
  damage: Damage,
  notices: NoticeList,
): SalvageDialect<FatRecord> {
  notices.note('times are those of a clock on the wall, given as if it showed UTC');
  const clusters = new SurvivingTable(copiesOf(volume, layout), damage);
  const { rootAt, rootSize, rootCluster } = layout;
  const placesAt = (cluster: number) => rangesOf(clusters, chain(clusters, cluster));
  return {
    clusters,
    notices,
    root: rootCluster,
    rootPlaces: () =>
      layout.bits === 32 ? placesAt(rootCluster) : [{ start: rootAt, end: rootAt + rootSize }],
    placesOf: ({ cluster }) => placesAt(cluster),
    placesAt,
    parser: () => new DirectoryParser(),
    isSound: (record) => isSound(clusters, record),
    map: (record) => mapRecord(clusters, volume, record, true),
    isInUse: (cluster) => isInUse(clusters, cluster),
    // A folder's own entry knows its cluster.
    isFolder: (bytes, cluster) => isFolderStart(bytes) && clusterIn(bytes) === cluster,
  };
}

/** No checksum covers a short entry; what isn't empty begins in a cluster. */
function isSound(clusters: Clusters, { name, folder, size, cluster }: FatRecord): boolean {
  const isPlaced = isCluster(clusters, cluster) || (!folder && size === 0);
  return isPlaced && name !== '' && !FORBIDDEN.test(name);
}

function isInUse(clusters: Clusters, cluster: number): boolean {
  try {
    return clusters.next(cluster) !== 0;
  } catch (error) {
    reasonOf(error);
    return false;
  }
}

function clusterIn(entry: Buffer): number {
  return entry.readUInt16LE(20) * 65536 + entry.readUInt16LE(26);
}
