import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Notice } from '../../container.ts';
import type { Entry, EntryOptions, FileSystem, FileSystemFormat } from '../../file-system.ts';
import { ClusterWalk } from '../cluster-walk.ts';
import { NoticeList } from '../notice-list.ts';
import { PageCache } from '../page-cache.ts';
import { AllocationTable } from './allocation-table.ts';
import { freeSpace, type RootFacts, readRootFacts } from './bitmap.ts';
import {
  BACKUP_SECTOR,
  bootRegionHolds,
  type ExfatLayout,
  looksLikeExfat,
  parseBootSector,
  volumeFlags,
} from './boot-sector.ts';
import type { ExfatMedium } from './exfat-medium.ts';
import { exfatDialect } from './walk.ts';

/** exFAT, as Windows, Linux and cameras write it. */
export const exfat: FileSystemFormat = {
  id: 'exfat',
  title: 'Extended File Allocation Table',
  spec: 'Microsoft, exFAT file system specification',
  recognise: (volume) => {
    const sector = readSector(volume);
    return sector !== null && looksLikeExfat(sector);
  },
  open: (volume) => new ExfatFileSystem(volume),
};

function readSector(volume: ByteSource): Buffer | null {
  const sector = Buffer.alloc(512);
  return volume.size >= 512 && volume.read(sector, 0) === 512 ? sector : null;
}

class ExfatFileSystem implements FileSystem {
  readonly id = 'exfat';
  readonly title = 'exFAT file system';
  readonly label: string | null;
  readonly blockSize: number;
  readonly facts: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
  readonly #medium: ExfatMedium;
  readonly #root: RootFacts;

  constructor(volume: ByteSource) {
    const sector = readSector(volume);
    if (sector === null) throw new Broken(0, 'boot sector', '512 bytes', volume.size);
    const layout = parseBootSector(sector);
    const notices = new NoticeList();
    const table = new AllocationTable(volume, layout);
    this.#medium = { volume, layout, table, notices, blocks: new PageCache(volume, 8192) };
    noteState(volume, layout, notices);
    this.#root = readRootFacts(this.#medium);
    this.label = this.#root.label;
    this.blockSize = layout.clusterSize;
    this.facts = factsOf(layout);
    this.notices = notices.list;
  }

  entries(options: EntryOptions = {}): Iterable<Entry> {
    return new ClusterWalk(exfatDialect(this.#medium), options).entries();
  }

  unallocated(): Iterable<Range> {
    return freeSpace(this.#medium, this.#root);
  }
}

function noteState(volume: ByteSource, layout: ExfatLayout, notices: NoticeList): void {
  const { sectorSize, size, flags } = layout;
  if (!bootRegionHolds(volume, sectorSize, 0)) notices.wrong('the boot region fails its checksum');
  if (!bootRegionHolds(volume, sectorSize, BACKUP_SECTOR * sectorSize)) {
    notices.wrong("the boot region's copy fails its checksum");
  }
  if (size > volume.size)
    notices.wrong(`the file system has ${size} bytes, the volume ${volume.size}: its end is missing`);
  if ((flags & volumeFlags.dirty) !== 0) notices.wrong('the file system was not cleanly unmounted');
  if ((flags & volumeFlags.failed) !== 0) notices.wrong('errors were met while it was last mounted');
}

function factsOf(layout: ExfatLayout): ReadonlyMap<string, string> {
  return new Map([
    ['kind', 'exFAT'],
    ['serial', layout.serial.toString(16).padStart(8, '0')],
    ['size', `${layout.clusters} clusters of ${layout.clusterSize} bytes`],
    ['sector', `${layout.sectorSize} bytes`],
    ['tables', `${layout.fats} of ${layout.fatSize} bytes`],
  ]);
}
