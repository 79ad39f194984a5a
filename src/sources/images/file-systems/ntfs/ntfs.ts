import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Path } from '../../../folders/path.ts';
import type { Notice } from '../../container.ts';
import type { Entry, EntryOptions, FileSystem, FileSystemFormat } from '../../file-system.ts';
import { NoticeList, reasonOf } from '../notice-list.ts';
import { freeRanges, openBitmap } from './bitmap.ts';
import { entriesOf, NtfsEntry, type Origin } from './entry.ts';
import { factsOf, readVolumeFacts, tellVolume } from './facts.ts';
import type { NtfsFile } from './file.ts';
import { findBoot, isNobodys, readBoot } from './geometry.ts';
import { Ground } from './ground.ts';
import { openTable } from './open-table.ts';
import { survey } from './survey.ts';
import { type Found, Walk } from './walk.ts';

export const ntfs: FileSystemFormat = {
  id: 'ntfs',
  title: 'NTFS',
  spec: 'libyal, New Technologies File System (NTFS); Linux, fs/ntfs3; LZNT1: [MS-XCA]; reparse tags: [MS-FSCC]',
  recognise(volume: ByteSource): boolean {
    const read = (at: number) => readBoot(volume, at);
    return findBoot(volume, read)?.isCopy === false || (isNobodys(read) && findBoot(volume, read) !== null);
  },
  open(volume: ByteSource): FileSystem {
    const boot = findBoot(volume, (at) => readBoot(volume, at));
    if (boot === null) throw new Broken(0, 'boot sector of NTFS', 'NTFS', 'neither it nor its copy');
    const notices = new NoticeList();
    if (boot.isCopy) notices.wrong("the boot sector can't be used, its copy in the last sector is");
    if (boot.geometry.size > volume.size) {
      notices.wrong(`the volume is cut short: ${boot.geometry.size - volume.size} bytes are missing`);
    }
    return new Ntfs(new Ground(volume, boot.geometry), notices);
  },
};

class Ntfs implements FileSystem {
  readonly id = 'ntfs';
  readonly title = 'NTFS';
  readonly label: string | null;
  readonly blockSize: number;
  readonly facts: ReadonlyMap<string, string>;
  readonly #notices: NoticeList;
  readonly #origin: Origin;

  constructor(ground: Ground, notices: NoticeList) {
    const records = openTable(ground, notices);
    const volume = readVolumeFacts(records);
    tellVolume(notices, ground.volume, volume);
    this.#origin = { ground, records };
    this.#notices = notices;
    this.label = volume.label;
    this.blockSize = ground.geometry.clusterSize;
    this.facts = factsOf(ground, volume).set('file records', String(records.count));
  }

  get notices(): readonly Notice[] {
    return this.#notices.list;
  }

  *entries({ deleted = false }: EntryOptions = {}): Generator<Entry> {
    const { ground, records } = this.#origin;
    const found = survey(records, ground.geometry.recordSize, deleted, this.#notices);
    if (found.broken > 0)
      this.#notices.wrong(`${found.broken} file records are torn or damaged: their files are missing`);
    for (const one of new Walk(ground, records, found, deleted).found()) {
      this.#tell(one);
      yield* entriesOf(this.#origin, one, makeEntry);
    }
  }

  *unallocated(): Generator<Range> {
    const { clusters, clusterSize } = this.#origin.ground.geometry;
    try {
      const bits = openBitmap(this.#origin);
      if (bits === null) this.#notices.wrong('$Bitmap is lost: unallocated space is unknown');
      else yield* freeRanges(bits, clusters, clusterSize);
    } catch (error) {
      this.#notices.wrong(`$Bitmap can't be read: ${reasonOf(error)}`);
    }
  }

  #tell({ file, naming, number }: Found): void {
    if (file === null || !file.isAllocated) return;
    if (file.lost !== null) this.#notices.wrong(`file record ${number}: ${file.lost}`);
    if (naming === 'leaf')
      this.#notices.wrong('the folders of some files are lost: their paths begin with ?/#');
  }
}

function makeEntry(origin: Origin, found: Found, file: NtfsFile, stream: Path): Entry {
  return new NtfsEntry(origin, found, file, stream);
}
