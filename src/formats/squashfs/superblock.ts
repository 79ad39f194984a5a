import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** The superblock (Squashfs Binary Format 4.0 §2). Offsets and lengths in bytes; absent tables are null. */
export interface Superblock {
  readonly inodeCount: number;
  readonly blockSize: number;
  readonly fragmentCount: number;
  readonly codec: number;
  readonly idCount: number;
  readonly end: number;
  readonly hasOptions: boolean;
  readonly ids: number;
  readonly xattrs: number | null;
  readonly inodes: number;
  readonly directories: number;
  readonly fragments: number | null;
  readonly exports: number | null;
}

export const SUPERBLOCK = 96;
const HAS_OPTIONS = 0x400;

/** @throws Broken, Truncated */
export function readSuperblock(reader: Reader): Superblock {
  reader.expect(0, 'hsqs', 'squashfs magic');
  const blockSize = reader.u32le(12, 'superblock');
  const log = reader.u16le(22);
  if (log < 12 || log > 20 || blockSize !== 2 ** log)
    throw new Broken(12, 'size of a block', 2 ** log, blockSize);
  reader.expect(28, [4, 0, 0, 0], 'version of squashfs');
  const end = reader.u64le(40, 'length of the image');
  if (end > reader.size) throw new Truncated(reader.size, 'squashfs image', end - reader.size);
  const table = (at: number): number | null => {
    if (reader.u32le(at) === 0xffffffff && reader.u32le(at + 4) === 0xffffffff) return null;
    const place = reader.u64le(at);
    if (place < SUPERBLOCK || place > end) throw new Broken(at, 'place of a table', `at most ${end}`, place);
    return place;
  };
  const superblock = {
    inodeCount: reader.u32le(4),
    blockSize,
    fragmentCount: reader.u32le(16),
    codec: reader.u16le(20),
    idCount: reader.u16le(26),
    end,
    hasOptions: (reader.u16le(24) & HAS_OPTIONS) !== 0,
    ids: table(48) ?? end,
    xattrs: table(56),
    inodes: table(64) ?? end,
    directories: table(72) ?? end,
    fragments: table(80),
    exports: table(88),
  };
  if (superblock.inodes > superblock.directories)
    throw new Broken(64, 'order of the tables', 'inodes first', 'others');
  return superblock;
}
