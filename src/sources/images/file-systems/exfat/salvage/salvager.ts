import type { Range } from '../../../../../bytes/range.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { Salvager } from '../../../file-system.ts';
import type { SalvageDialect } from '../../cluster-salvage/dialect.ts';
import { ClusterSalvage } from '../../cluster-salvage/salvage.ts';
import { SurvivingTable } from '../../cluster-salvage/surviving-table.ts';
import { placeOf } from '../../clusters.ts';
import { Damage } from '../../damage.ts';
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
export const exfatSalvager: Salvager = {
  id: 'exfat',
  recognise: (volume, damage) => findLayout(volume, new Damage(damage)) !== null,
  salvage: (volume, damage) => salvage(volume, new Damage(damage)),
};

function salvage(volume: ByteSource, damage: Damage): ReturnType<Salvager['salvage']> {
  const notices = new NoticeList();
  const found = findLayout(volume, damage);
  if (found === null) {
    notices.wrong('neither the boot region is left, nor its copy');
    return { notices: notices.list, entries: [] };
  }
  if (found.isCopy) notices.note('the boot region is lost; its copy is used');
  const dialect = dialectOf(volume, found.layout, damage, notices);
  return { notices: notices.list, entries: new ClusterSalvage(dialect, damage).entries() };
}

function dialectOf(
  volume: ByteSource,
  layout: ExfatLayout,
  damage: Damage,
  notices: NoticeList,
): SalvageDialect<ExfatRecord> {
  const table = new AllocationTable(volume, layout);
  const clusters = survivingTable(layout, table, damage);
  const placesOf = (place: FolderPlace) => rangesOf(clusters, place);
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

function* rangesOf(clusters: SurvivingTable, place: FolderPlace): Generator<Range> {
  for (const cluster of numbersOf(clusters, place)) {
    const start = placeOf(clusters, cluster);
    yield { start, end: start + clusters.clusterSize };
  }
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
