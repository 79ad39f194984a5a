import type { ByteSource } from '../../../../../bytes/source.ts';
import type { SalvageDialect } from '../../cluster-salvage/dialect.ts';
import { clusterSalvager } from '../../cluster-salvage/salvager.ts';
import { SurvivingTable } from '../../cluster-salvage/surviving-table.ts';
import { placeOf, rangesOf } from '../../clusters.ts';
import type { Damage } from '../../damage.ts';
import { NoticeList } from '../../notice-list.ts';
import { PageCache } from '../../page-cache.ts';
import { AllocationTable } from '../allocation-table.ts';
import { readRootFacts } from '../bitmap.ts';
import type { ExfatLayout } from '../boot-sector.ts';
import type { ExfatRecord } from '../entry-set.ts';
import { type FolderPlace, numbersOf } from '../folder.ts';
import { mapRecord } from '../walk.ts';
import { clustersInUse } from './clusters-in-use.ts';
import { findLayout } from './find-layout.ts';
import { beginsWithSets, SetParser } from './set-parser.ts';

/** Of the root, in which the bitmap's place is looked for. */
const HEAD = 4096;

/** Finds files of an exFAT volume by what stands: either boot region, each entry set by its checksum. */
export const exfatSalvager = clusterSalvager({ id: 'exfat', boot: 'boot region', findLayout, dialectOf });

function dialectOf(
  volume: ByteSource,
  layout: ExfatLayout,
  damage: Damage,
  notices: NoticeList,
): SalvageDialect<ExfatRecord> {
  const table = new AllocationTable(volume, layout);
  const clusters = survivingTable(layout, table, damage);
  const placesOf = (place: FolderPlace) => rangesOf(clusters, numbersOf(clusters, place));
  const root = { cluster: layout.rootCluster, size: null, consecutive: false };
  const bitmap = bitmapIn(volume, layout, table, damage);
  return {
    clusters,
    notices,
    root: root.cluster,
    rootPlaces: () => placesOf(root),
    placesOf,
    placesAt: (cluster) => placesOf({ cluster, size: clusters.clusterSize, consecutive: true }),
    parser: () => new SetParser(),
    isSound: () => true,
    map: (record) => mapRecord(clusters, volume, record),
    isInUse: clustersInUse(clusters, damage, bitmap, root.cluster),
    isFolder: beginsWithSets,
  };
}

function survivingTable(layout: ExfatLayout, table: AllocationTable, damage: Damage): SurvivingTable {
  const start = layout.fatAt + layout.activeFat * layout.fatSize;
  const placeOfEntry = (cluster: number) => ({ start: start + 4 * cluster, end: start + 4 * cluster + 4 });
  return new SurvivingTable([{ table, placeOf: placeOfEntry }], damage);
}

/** The bitmap's first cluster by the root, where that stands. */
function bitmapIn(
  volume: ByteSource,
  layout: ExfatLayout,
  table: AllocationTable,
  damage: Damage,
): number | null {
  const at = placeOf(table, layout.rootCluster);
  if (damage.hits(at, at + Math.min(HEAD, layout.clusterSize))) return null;
  // What's wrong there, the search tells.
  const notices = new NoticeList();
  const blocks = new PageCache(volume, 8192, 1);
  return readRootFacts({ volume, layout, table, blocks, notices }).bitmap?.cluster ?? null;
}
