import { Broken } from '../../../../bytes/errors.ts';
import type { NoticeList } from '../notice-list.ts';
import type { PageCache } from '../page-cache.ts';
import { descriptorSum, oldDescriptorSum } from './checksums.ts';
import { compat, incompat, roCompat, type Superblock } from './superblock.ts';

/** `bg_flags`. */
export const groupFlags = { inodesUnused: 1, blocksUnused: 2 } as const;

/** A block group's descriptor. Places are in blocks. */
export interface GroupDescriptor {
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
  readonly flags: number;
  /** Inodes at the end of the group's table that were never used. */
  readonly unusedInodes: number;
  readonly blockBitmapSum: number;
  readonly checksumHolds: boolean;
}

/** Gives the descriptor of each group, wherever it's kept. */
export interface Descriptors {
  /** @throws Broken, Truncated, ReadError */
  at(group: number): GroupDescriptor;
}

/** The group descriptors of a file system, read as they are asked for: a hostile superblock promises billions. */
export class Groups implements Descriptors {
  readonly #pages: PageCache;
  readonly #superblock: Superblock;
  readonly #notices: NoticeList;
  readonly #recent = new Map<number, GroupDescriptor>();

  constructor(pages: PageCache, superblock: Superblock, notices: NoticeList) {
    this.#pages = pages;
    this.#superblock = superblock;
    this.#notices = notices;
  }

  at(group: number): GroupDescriptor {
    const known = this.#recent.get(group);
    if (known !== undefined) return known;
    const { groups, descriptorSize } = this.#superblock;
    if (!(group >= 0 && group < groups)) throw new Broken(0, 'block group', `less than ${groups}`, group);
    const bytes = this.#pages.bytes(
      descriptorAt(this.#superblock, group),
      descriptorSize,
      'group descriptor',
    );
    const descriptor = parseDescriptor(bytes, group, this.#superblock);
    if (!descriptor.checksumHolds)
      this.#notices.wrong(`the descriptor of block group ${group} fails its checksum`);
    if (this.#recent.size >= 4096) this.#recent.clear();
    this.#recent.set(group, descriptor);
    return descriptor;
  }
}

/** Where the descriptor of `group` stands, in bytes (fs/ext4/super.c, `descriptor_loc`). */
export function descriptorAt(superblock: Superblock, group: number): number {
  const { blockSize, descriptorSize } = superblock;
  const perBlock = blockSize / descriptorSize;
  const index = Math.floor(group / perBlock);
  return descriptorBlock(superblock, index, perBlock) * blockSize + (group % perBlock) * descriptorSize;
}

function descriptorBlock(superblock: Superblock, index: number, perBlock: number): number {
  const inMetaGroup = (superblock.incompat & incompat.metaGroups) !== 0 && index >= superblock.firstMetaGroup;
  if (!inMetaGroup) return (superblock.blockSize === 1024 ? 1 : 0) + 1 + index;
  const group = index * perBlock;
  // Blocks of 1 KiB without a boot block of their own: the superblock is in block 1 all the same.
  const shifted = superblock.blockSize === 1024 && index === 0 && superblock.firstDataBlock === 0;
  return firstBlockOf(superblock, group) + (hasSuperblock(superblock, group) ? 1 : 0) + (shifted ? 1 : 0);
}

export function firstBlockOf(superblock: Superblock, group: number): number {
  return superblock.firstDataBlock + group * superblock.blocksPerGroup;
}

/** Whether `group` begins with a copy of the superblock (`ext4_bg_has_super`). */
export function hasSuperblock(superblock: Superblock, group: number): boolean {
  if (group === 0) return true;
  if ((superblock.compat & compat.sparseSuper2) !== 0) return superblock.backupGroups.includes(group);
  if (group === 1 || (superblock.roCompat & roCompat.sparseSuper) === 0) return true;
  return [3, 5, 7].some((base) => isPowerOf(base, group));
}

function isPowerOf(base: number, value: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}

/** Reads a descriptor (`struct ext4_group_desc`), of 32 bytes or more. */
export function parseDescriptor(bytes: Buffer, group: number, superblock: Superblock): GroupDescriptor {
  const wide = bytes.length >= 64;
  const place = (low: number, high: number) =>
    bytes.readUInt32LE(low) + (wide ? bytes.readUInt32LE(high) * 2 ** 32 : 0);
  const short = (low: number, high: number) =>
    bytes.readUInt16LE(low) + (wide ? bytes.readUInt16LE(high) * 65536 : 0);
  return {
    blockBitmap: place(0, 32),
    inodeBitmap: place(4, 36),
    inodeTable: place(8, 40),
    flags: bytes.readUInt16LE(18),
    unusedInodes: short(28, 50),
    blockBitmapSum: short(24, 56),
    checksumHolds: descriptorHolds(bytes, group, superblock),
  };
}

function descriptorHolds(bytes: Buffer, group: number, superblock: Superblock): boolean {
  const stored = bytes.readUInt16LE(30);
  if ((superblock.roCompat & roCompat.metadataChecksums) !== 0) {
    return descriptorSum(bytes, group, superblock.seed) === stored;
  }
  if ((superblock.roCompat & roCompat.groupChecksums) === 0) return true;
  return oldDescriptorSum(bytes, group, superblock.uuid) === stored;
}
