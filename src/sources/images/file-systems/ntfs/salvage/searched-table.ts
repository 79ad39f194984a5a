import { Broken, OverBudget } from '../../../../../bytes/errors.ts';
import type { NoticeList } from '../../notice-list.ts';
import type { Origin } from '../entry.ts';
import type { Geometry } from '../geometry.ts';
import { Ground } from '../ground.ts';
import { tableFromRecord } from '../open-table.ts';
import type { MasterFileTable } from '../records.ts';
import { FoundRecords } from './found-records.ts';
import type { FoundRecord } from './scan.ts';
import { type Group, inferGeometry, isOfThisVolume, type Search, searchRecords } from './search.ts';

/** Stands for a geometry where none is known: enough to read and to ask what is damaged. */
export const UNKNOWN: Geometry = {
  sectorSize: 512,
  clusterSize: 512,
  recordSize: 1024,
  indexSize: 4096,
  size: 0,
  clusters: 0,
  mftAt: 0,
  mirrorAt: 0,
  serial: 'unknown',
};

/** Records that a table's map is tried on. */
const SAMPLE = 4096;

/** Records that a search of the whole volume finds, as far as they're proved to be this volume's; null without any. */
export function openBySearch(rough: Ground, notices: NoticeList): Origin | null {
  const search = searchRecords(rough);
  const isKnown = rough.geometry !== UNKNOWN;
  const geometry = isKnown ? rough.geometry : inferGeometry(rough.volume.size, search);
  if (geometry === null) {
    notices.wrong('no file record was found that tells the size of clusters');
    return null;
  }
  const ground = new Ground(rough.volume, geometry, rough.damage);
  for (const record of search.tables) {
    const table = tryTable(ground, record, search, notices);
    if (table !== null) return { ground, records: table };
  }
  return openGroups(ground, search, notices);
}

/** A copy of the table's own record counts if it leads to most of the records that were found. */
function tryTable(
  ground: Ground,
  found: FoundRecord,
  search: Search,
  notices: NoticeList,
): MasterFileTable | null {
  let table: MasterFileTable;
  try {
    table = tableFromRecord(ground, notices, found.bytes, found.at);
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget) return null;
    throw error;
  }
  const sample = search.groups.flatMap(({ records }) => records.slice(0, SAMPLE));
  const agreeing = sample.filter(({ number, at }) => table.place(number)[0]?.start === at);
  const isThis = search.groups.some((group) => isOfThisVolume(ground, group));
  return isThis && 2 * agreeing.length > sample.length ? table : null;
}

function openGroups(ground: Ground, search: Search, notices: NoticeList): Origin | null {
  const places = new Map<number, number>();
  const groups = search.groups.filter(({ records }) => records.length > 0).sort(bySize);
  let left = 0;
  for (const group of groups) {
    if (isOfThisVolume(ground, group)) addGroup(places, group, ground);
    else left += group.records.length;
  }
  if (left > 0) notices.wrong(`${left} file records were found that can't be proved to be of this volume`);
  if (places.size === 0) return null;
  notices.wrong(
    'file records were found by their signature: some may be of a file system that was here before',
  );
  return { ground, records: new FoundRecords(ground, places) };
}

/** Where two groups have the same number, the larger group has it. */
function addGroup(places: Map<number, number>, { records }: Group, { volume, geometry }: Ground): void {
  for (const { number, at } of records) {
    if (!places.has(number) && number * geometry.recordSize < volume.size) places.set(number, at);
  }
}

function bySize(a: Group, b: Group): number {
  return b.records.length - a.records.length;
}
