import type { Range } from '../../../../bytes/range.ts';
import { reasonOf } from '../notice-list.ts';
import { extSum } from './checksums.ts';
import { firstBlockOf, type GroupDescriptor, groupFlags, hasSuperblock } from './groups.ts';
import { groupsInVolume } from './inode-tables.ts';
import type { Medium } from './medium.ts';
import { incompat, roCompat } from './superblock.ts';

/** Ranges of the volume whose clusters are free by the block bitmaps. What a broken bitmap says isn't given. */
export function* freeSpace(medium: Medium): Generator<Range> {
  let open: Range = { start: 0, end: 0 };
  for (let group = 0; group < groupsInVolume(medium); group++) {
    for (const range of freeInGroup(medium, group)) {
      const touching = range.start === open.end;
      if (!touching && open.end > open.start) yield open;
      open = touching ? { start: open.start, end: range.end } : range;
    }
  }
  if (open.end > open.start) yield open;
}

function* freeInGroup(medium: Medium, group: number): Generator<Range> {
  const { superblock, volume } = medium;
  const bitmap = bitmapOf(medium, group);
  if (bitmap === null) return;
  const first = firstBlockOf(superblock, group) * superblock.blockSize;
  const cluster = superblock.blockSize * superblock.blocksPerCluster;
  const lastBlock = Math.min(superblock.blocks, firstBlockOf(superblock, group + 1));
  const limit = Math.min(lastBlock * superblock.blockSize, volume.size);
  const clusters = Math.ceil((limit - first) / cluster);
  for (const run of zeroRuns(bitmap, clusters)) {
    yield { start: first + run.start * cluster, end: Math.min(first + run.end * cluster, limit) };
  }
}

function bitmapOf(medium: Medium, group: number): Buffer | null {
  const { superblock } = medium;
  try {
    const descriptor = medium.groups.at(group);
    if (!descriptor.checksumHolds) return null;
    if ((descriptor.flags & groupFlags.blocksUnused) !== 0) return impliedBitmap(medium, group, descriptor);
    const bitmap = medium.tables.bytes(
      descriptor.blockBitmap * superblock.blockSize,
      superblock.blockSize,
      'block bitmap',
    );
    if (bitmapHolds(medium, bitmap, descriptor)) return Buffer.from(bitmap);
    medium.notices.wrong(
      `the block bitmap of group ${group} fails its checksum: its free blocks aren't known`,
    );
  } catch (error) {
    medium.notices.wrong(`the block bitmap of group ${group} can't be read: ${reasonOf(error)}`);
  }
  return null;
}

/** `ext4_block_bitmap_csum_verify`: 16 bits of it with short descriptors. */
function bitmapHolds(medium: Medium, bitmap: Buffer, descriptor: GroupDescriptor): boolean {
  const { superblock } = medium;
  if ((superblock.roCompat & roCompat.metadataChecksums) === 0) return true;
  const bytes = superblock.blocksPerGroup / superblock.blocksPerCluster / 8;
  const sum = extSum(bitmap.subarray(0, bytes), superblock.seed);
  return descriptor.blockBitmapSum === (superblock.descriptorSize >= 64 ? sum : sum & 0xffff);
}

/** A group that was never written to has no bitmap: only its own structures are in use (`ext4_init_block_bitmap`). */
function impliedBitmap(medium: Medium, group: number, descriptor: GroupDescriptor): Buffer {
  const { superblock } = medium;
  const { blockSize, blocksPerCluster, blocksPerGroup, inodesPerGroup, inodeSize } = superblock;
  const bitmap = Buffer.alloc(blockSize);
  const first = firstBlockOf(superblock, group);
  const use = (block: number, count: number) => {
    const from = Math.max(0, block - first);
    const to = Math.min(block - first + count, blocksPerGroup);
    for (let i = from; i < to; i++) {
      const cluster = Math.floor(i / blocksPerCluster);
      bitmap[cluster >> 3]! |= 1 << (cluster & 7);
    }
  };
  use(first, headLength(medium, group));
  use(descriptor.blockBitmap, 1);
  use(descriptor.inodeBitmap, 1);
  use(descriptor.inodeTable, Math.ceil((inodesPerGroup * inodeSize) / blockSize));
  return bitmap;
}

/** Blocks of the superblock's copy and of the descriptors at the start of a group (`ext4_num_base_meta_clusters`). */
function headLength(medium: Medium, group: number): number {
  const { superblock } = medium;
  const perBlock = superblock.blockSize / superblock.descriptorSize;
  const own = hasSuperblock(superblock, group) ? 1 : 0;
  const inMetaGroup =
    (superblock.incompat & incompat.metaGroups) !== 0 && group >= superblock.firstMetaGroup * perBlock;
  if (inMetaGroup) return own + ([0, 1, perBlock - 1].includes(group % perBlock) ? 1 : 0);
  if (own === 0) return 0;
  const inAll = (superblock.incompat & incompat.metaGroups) !== 0;
  const blocks = inAll ? superblock.firstMetaGroup : Math.ceil(superblock.groups / perBlock);
  return 1 + blocks + superblock.reservedDescriptorBlocks;
}

function* zeroRuns(bitmap: Buffer, bits: number): Generator<Range> {
  const most = Math.min(bits, bitmap.length * 8);
  for (let at = 0; at < most; ) {
    const start = nextBit(bitmap, at, most, 0);
    if (start >= most) return;
    const end = nextBit(bitmap, start, most, 1);
    yield { start, end };
    at = end;
  }
}

/** The first bit of this value from `from` on; `most` where there's none. */
function nextBit(bitmap: Buffer, from: number, most: number, value: 0 | 1): number {
  const other = value === 0 ? 0xff : 0;
  for (let at = from; at < most; at++) {
    while ((at & 7) === 0 && at < most && bitmap[at >> 3] === other) at += 8;
    if (at < most && ((bitmap[at >> 3]! >> (at & 7)) & 1) === value) return at;
  }
  return most;
}
