import { Broken } from '../../../../bytes/errors.ts';
import type { Times } from '../../file-system.ts';
import { inodeSeed, inodeSum, sumsMatch } from './checksums.ts';
import type { Medium } from './medium.ts';
import { incompat, roCompat } from './superblock.ts';

/** `i_flags`. */
export const inodeFlags = {
  compressed: 0x200,
  encrypted: 0x800,
  index: 0x1000,
  extents: 0x80000,
  largeValue: 0x200000,
  inline: 0x10000000,
} as const;

export type Kind = 'file' | 'folder' | 'link' | 'special';
const kinds: Readonly<Record<number, Kind>> = { 4: 'folder', 8: 'file', 10: 'link' };

/** One inode, as a view of its bytes (`struct ext4_inode`), which is valid until another is read. */
export class Inode {
  readonly number: number;
  /** Where it stands in the volume, in bytes. */
  readonly at: number;
  readonly bytes: Buffer;

  constructor(number: number, at: number, bytes: Buffer) {
    this.number = number;
    this.at = at;
    this.bytes = bytes;
  }

  /** Its bytes are those of a page, which are soon another's. */
  copy(): Inode {
    return new Inode(this.number, this.at, Buffer.from(this.bytes));
  }

  get mode(): number {
    return this.bytes.readUInt16LE(0);
  }

  get kind(): Kind {
    return kinds[this.mode >> 12] ?? 'special';
  }

  get links(): number {
    return this.bytes.readUInt16LE(26);
  }

  get flags(): number {
    return this.bytes.readUInt32LE(32);
  }

  get generation(): number {
    return this.bytes.readUInt32LE(100);
  }

  /** When it was deleted; for an orphan, the next one's number. 0 while it's in use. */
  get deletion(): number {
    return this.bytes.readUInt32LE(20);
  }

  /** Bytes of the inode behind the first 128 that hold fields. */
  get extra(): number {
    return this.bytes.length > 128 ? this.bytes.readUInt16LE(128) : 0;
  }

  /** Where the room for pointers, extents or inline data begins in the volume: 60 bytes. */
  get blockAt(): number {
    return this.at + 40;
  }

  get block(): Buffer {
    return this.bytes.subarray(40, 100);
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}

/** Where inode `number` stands in the volume, in bytes. @throws Broken, Truncated, ReadError */
export function inodeAt(medium: Medium, number: number): number {
  const { inodes, inodesPerGroup, inodeSize, blockSize } = medium.superblock;
  if (!(number >= 1 && number <= inodes)) throw new Broken(0, 'inode number', `1–${inodes}`, number);
  const group = Math.floor((number - 1) / inodesPerGroup);
  return medium.groups.at(group).inodeTable * blockSize + ((number - 1) % inodesPerGroup) * inodeSize;
}

/** @throws Broken, Truncated, ReadError */
export function readInode(medium: Medium, number: number): Inode {
  const at = inodeAt(medium, number);
  return new Inode(number, at, medium.tables.bytes(at, medium.superblock.inodeSize, `inode ${number}`));
}

/** Whether the inode's checksum holds; true where the file system has none. */
export function inodeHolds(medium: Medium, inode: Inode): boolean {
  const { superblock } = medium;
  if ((superblock.roCompat & roCompat.metadataChecksums) === 0) return true;
  const { computed, stored } = inodeSum(inode.bytes, inode.number, superblock.seed);
  return sumsMatch(computed, stored);
}

/** What the checksums of the inode's own blocks begin with; null where the file system has none. */
export function blockSeed(medium: Medium, inode: Inode): number | null {
  const { superblock } = medium;
  if ((superblock.roCompat & roCompat.metadataChecksums) === 0) return null;
  return inodeSeed(superblock.seed, inode.number, inode.generation);
}

/** Bytes of its contents; 0 for devices, pipes and sockets. */
export function sizeOf(medium: Medium, inode: Inode): number {
  const low = inode.bytes.readUInt32LE(4);
  const { kind } = inode;
  if (kind === 'special') return 0;
  const wide = kind === 'file' || (medium.superblock.incompat & incompat.largeDirectories) !== 0;
  return wide ? low + inode.bytes.readUInt32LE(108) * 2 ** 32 : low;
}

export function timesOf(inode: Inode): Times {
  return {
    modified: timeAt(inode, 16, 136),
    accessed: timeAt(inode, 8, 140),
    changed: timeAt(inode, 12, 132),
    created: inode.extra >= 20 && inode.bytes.length >= 152 ? timeAt(inode, 144, 148) : null,
  };
}

/** Seconds with a sign; the extra field has two more bits of them above, and nanoseconds (`ext4_decode_extra_time`). */
function timeAt(inode: Inode, at: number, extraAt: number): number {
  const seconds = inode.bytes.readInt32LE(at);
  if (128 + inode.extra < extraAt + 4 || extraAt + 4 > inode.bytes.length) return seconds * 1000;
  const extra = inode.bytes.readUInt32LE(extraAt);
  return (seconds + (extra & 3) * 2 ** 32) * 1000 + Math.floor((extra >>> 2) / 1e6);
}
