import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Notice } from '../../container.ts';
import type { Entry, EntryOptions, FileSystem, FileSystemFormat } from '../../file-system.ts';
import { ClusterWalk } from '../cluster-walk.ts';
import { freeClusters } from '../clusters.ts';
import { NoticeList, reasonOf } from '../notice-list.ts';
import { PageCache } from '../page-cache.ts';
import { AllocationTable } from './allocation-table.ts';
import { type FatLayout, looksLikeFat, parseBootSector } from './boot-sector.ts';
import { compareCopies } from './copies.ts';
import type { FatMedium } from './fat-medium.ts';
import { findLabel } from './label.ts';
import { fatDialect } from './walk.ts';

/** FAT12, FAT16 and FAT32 with long names. */
export const fat: FileSystemFormat = {
  id: 'fat',
  title: 'FAT12, FAT16 and FAT32',
  spec: 'Microsoft, FAT: General Overview of On-Disk Format 1.03',
  recognise: (volume) => {
    const sector = readSector(volume);
    return sector !== null && looksLikeFat(sector);
  },
  open: (volume) => new FatFileSystem(volume),
};

function readSector(volume: ByteSource): Buffer | null {
  const sector = Buffer.alloc(512);
  return volume.size >= 512 && volume.read(sector, 0) === 512 ? sector : null;
}

class FatFileSystem implements FileSystem {
  readonly id: string;
  readonly title: string;
  readonly label: string | null;
  readonly blockSize: number;
  readonly facts: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
  readonly #medium: FatMedium;

  constructor(volume: ByteSource) {
    const sector = readSector(volume);
    if (sector === null) throw new Broken(0, 'boot sector', '512 bytes', volume.size);
    const layout = parseBootSector(sector);
    const notices = new NoticeList();
    const table = new AllocationTable(volume, layout);
    const blocks = new PageCache(volume, Math.max(8192, layout.clusterSize));
    this.#medium = { volume, layout, table, notices, blocks };
    noteLayout(volume, layout, table, notices);
    this.id = `fat${layout.bits}`;
    this.title = `FAT${layout.bits} file system`;
    this.label = findLabel(this.#medium);
    this.blockSize = layout.clusterSize;
    this.facts = factsOf(layout);
    this.notices = notices.list;
  }

  entries(options: EntryOptions = {}): Iterable<Entry> {
    return new ClusterWalk(fatDialect(this.#medium), options).entries();
  }

  *unallocated(): Iterable<Range> {
    const { table, notices } = this.#medium;
    try {
      yield* freeClusters(table, (cluster) => table.entry(cluster) === 0);
    } catch (error) {
      notices.wrong(`the file allocation table can't be read to its end: ${reasonOf(error)}`);
    }
  }
}

function noteLayout(
  volume: ByteSource,
  layout: FatLayout,
  table: AllocationTable,
  notices: NoticeList,
): void {
  notices.note('times are those of a clock on the wall, given as if it showed UTC');
  if (layout.size > volume.size) {
    notices.wrong(`the file system has ${layout.size} bytes, the volume ${volume.size}: its end is missing`);
  }
  if (table.count < layout.clusters)
    notices.wrong(`the table has entries for ${table.count} of ${layout.clusters} clusters`);
  compareCopies(volume, layout, notices);
  noteState(layout, table, notices);
}

/** The upper bits of the second entry are cleared while the volume is mounted, and when errors were met. */
function noteState(layout: FatLayout, table: AllocationTable, notices: NoticeList): void {
  if (layout.bits === 12) return;
  try {
    const entry = table.entry(1);
    const top = layout.bits - (layout.bits === 32 ? 5 : 1);
    if (((entry >>> top) & 1) === 0) notices.wrong('the file system was not cleanly unmounted');
    if (((entry >>> (top - 1)) & 1) === 0) notices.wrong('errors were met while it was last mounted');
  } catch (error) {
    notices.wrong(`the file allocation table can't be read: ${reasonOf(error)}`);
  }
}

function factsOf(layout: FatLayout): ReadonlyMap<string, string> {
  return new Map([
    ['kind', `FAT${layout.bits}`],
    ['serial', layout.serial.toString(16).padStart(8, '0')],
    ['size', `${layout.clusters} clusters of ${layout.clusterSize} bytes`],
    ['sector', `${layout.sectorSize} bytes`],
    ['tables', `${layout.fats} of ${layout.fatSize} bytes`],
    ['formatted by', layout.writer],
  ]);
}
