import type { ByteSource } from '../../../../bytes/source.ts';
import type { Path } from '../../../folders/path.ts';
import { displayText } from '../../../folders/path-text.ts';
import type { Extent } from '../../file-system.ts';
import type { Dialect } from '../cluster-walk.ts';
import {
  addChain,
  addConsecutive,
  areFree,
  type Clusters,
  chain,
  folderPlaces,
  isCluster,
  placeOf,
} from '../clusters.ts';
import { ExtentList } from '../extent-list.ts';
import { reasonOf } from '../notice-list.ts';
import { SparseBits } from '../sparse-bits.ts';
import { DirectoryParser, ENTRY, type FatRecord, isFolderStart } from './directory.ts';
import type { FatMedium } from './fat-medium.ts';

/** How the folders of FAT are read on the way down. */
export function fatDialect(medium: FatMedium): Dialect<FatRecord> {
  const seen = new SparseBits();
  return {
    volume: medium.volume,
    notices: medium.notices,
    rootRecords: () => records(medium, '' as Path, rootPieces(medium, seen)),
    recordsOf: ({ cluster }, path, allocated) => {
      if (!allocated && !isFolder(medium, cluster)) return null;
      const numbers = allocated ? chain(medium.table, cluster) : [cluster];
      return records(medium, path, pieces(medium, numbers, seen));
    },
    obstacleTo: (record) => obstacleTo(medium, record),
    map: (record, allocated) => mapRecord(medium.table, medium.volume, record, allocated),
  };
}

interface Piece {
  readonly bytes: Buffer;
  readonly at: number;
}

function* records(medium: FatMedium, path: Path, pieces: Iterable<Piece>): Generator<FatRecord> {
  const parser = new DirectoryParser();
  try {
    for (const { bytes, at } of pieces) {
      yield* parser.parse(bytes, at);
      if (parser.ended) break;
    }
  } catch (error) {
    medium.notices.wrong(`folder /${displayText(path)} can't be read to its end: ${reasonOf(error)}`);
  }
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

function isFolder({ table, blocks }: FatMedium, cluster: number): boolean {
  return isFolderStart(blocks.bytes(placeOf(table, cluster), 2 * ENTRY, 'folder'));
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
export function mapRecord(
  table: Clusters,
  volume: ByteSource,
  record: FatRecord,
  allocated: boolean,
): readonly Extent[] {
  const list = new ExtentList(record.size, volume.size);
  if (allocated) addChain(list, table, record.cluster, record.size);
  else addConsecutive(list, table, record.cluster, record.size);
  return list.finish();
}
