import type { Range } from '../../../../../bytes/range.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { Salvager } from '../../../file-system.ts';
import type { SalvageDialect } from '../../cluster-salvage/dialect.ts';
import { ClusterSalvage } from '../../cluster-salvage/salvage.ts';
import { SurvivingTable, type TableCopy } from '../../cluster-salvage/surviving-table.ts';
import { type Clusters, chain, isCluster, placeOf } from '../../clusters.ts';
import { Damage } from '../../damage.ts';
import { NoticeList, reasonOf } from '../../notice-list.ts';
import { AllocationTable } from '../allocation-table.ts';
import type { FatLayout } from '../boot-sector.ts';
import { DirectoryParser, type FatRecord, isFolderStart } from '../directory.ts';
import { mapRecord } from '../walk.ts';
import { findLayout } from './find-layout.ts';

/** Characters that no name holds; below 32 they stand as escaped bytes. */
const FORBIDDEN = /["*:<>?|\udc00-\udc1f\udc2f\udc5c]/;

/** Finds files of a FAT volume by what stands: either boot sector, any copy of the table, each sector of a folder. */
export const fatSalvager: Salvager = {
  id: 'fat',
  recognise: (volume, damage) => findLayout(volume, new Damage(damage)) !== null,
  salvage: (volume, damage) => salvage(volume, new Damage(damage)),
};

function salvage(volume: ByteSource, damage: Damage): ReturnType<Salvager['salvage']> {
  const notices = new NoticeList();
  const found = findLayout(volume, damage);
  if (found === null) {
    notices.wrong('neither the boot sector is left, nor its copy');
    return { notices: notices.list, entries: [] };
  }
  if (found.isCopy) notices.note('the boot sector is lost; its copy is used');
  notices.note('times are those of a clock on the wall, given as if it showed UTC');
  const table = new SurvivingTable(copiesOf(volume, found.layout), damage);
  const dialect = dialectOf(volume, found.layout, table, notices);
  return { notices: notices.list, entries: new ClusterSalvage(dialect, damage).entries() };
}

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
  clusters: Clusters,
  notices: NoticeList,
): SalvageDialect<FatRecord> {
  const { rootAt, rootSize, rootCluster } = layout;
  const placesAt = (cluster: number) => placesOf(clusters, cluster);
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

function* placesOf(clusters: Clusters, first: number): Generator<Range> {
  for (const cluster of chain(clusters, first)) {
    const start = placeOf(clusters, cluster);
    yield { start, end: start + clusters.clusterSize };
  }
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
