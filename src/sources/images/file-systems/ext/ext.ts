import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { ByteSource } from '../../../../bytes/source.ts';
import type { Notice } from '../../container.ts';
import type { Entry, EntryOptions, FileSystem, FileSystemFormat } from '../../file-system.ts';
import { NoticeList } from '../notice-list.ts';
import { PageCache } from '../page-cache.ts';
import { factsOf, nameOfKind, noticesOf } from './facts.ts';
import { freeSpace } from './free-space.ts';
import { Groups } from './groups.ts';
import type { Medium } from './medium.ts';
import { hasMagic, incompat, parseSuperblock, SUPERBLOCK_AT, SUPERBLOCK_SIZE } from './superblock.ts';
import { Walk } from './walk.ts';

/** ext2, ext3 and ext4, as Linux writes them. The journal isn't replayed. */
export const ext: FileSystemFormat = {
  id: 'ext',
  title: 'Second, third and fourth extended file system',
  spec: 'Linux, Documentation/filesystems/ext4 and fs/ext4/ext4.h',
  recognise: (volume) => {
    const bytes = readSuperblock(volume);
    return bytes !== null && hasMagic(bytes) && (bytes.readUInt32LE(96) & incompat.journalDevice) === 0;
  },
  open: (volume) => new ExtFileSystem(volume),
};

const BLOCKS_PAGE = 8192;

function readSuperblock(volume: ByteSource): Buffer | null {
  if (volume.size < SUPERBLOCK_AT + SUPERBLOCK_SIZE) return null;
  const bytes = Buffer.alloc(SUPERBLOCK_SIZE);
  return volume.read(bytes, SUPERBLOCK_AT) === bytes.length ? bytes : null;
}

class ExtFileSystem implements FileSystem {
  readonly id: string;
  readonly title: string;
  readonly label: string | null;
  readonly blockSize: number;
  readonly facts: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
  readonly #medium: Medium;

  constructor(volume: ByteSource) {
    const bytes = readSuperblock(volume);
    if (bytes === null) throw new Broken(SUPERBLOCK_AT, 'superblock', '1024 bytes', volume.size);
    const superblock = parseSuperblock(bytes, SUPERBLOCK_AT);
    const notices = new NoticeList();
    const tables = new PageCache(volume);
    const blocks = new PageCache(volume, Math.max(BLOCKS_PAGE, superblock.blockSize));
    const groups = new Groups(tables, superblock, notices);
    this.#medium = { volume, tables, blocks, superblock, notices, groups };
    noticesOf(superblock, volume.size, notices);
    this.id = nameOfKind(superblock);
    this.title = `${this.id} file system`;
    this.label = superblock.label === '' ? null : superblock.label;
    this.blockSize = superblock.blockSize;
    this.facts = factsOf(superblock);
    this.notices = notices.list;
  }

  entries(options: EntryOptions = {}): Iterable<Entry> {
    return new Walk(this.#medium, options).entries();
  }

  unallocated(): Iterable<Range> {
    return freeSpace(this.#medium);
  }
}
