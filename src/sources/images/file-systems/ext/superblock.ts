import { Broken } from '../../../../bytes/errors.ts';
import { extSum, sumsMatch } from './checksums.ts';

/** Where the first superblock stands in the volume, and how long each is, in bytes. */
export const SUPERBLOCK_AT = 1024;
export const SUPERBLOCK_SIZE = 1024;

/** `s_feature_compat`. */
export const compat = { journal: 0x4, sparseSuper2: 0x200 } as const;
/** `s_feature_incompat`. */
export const incompat = {
  compression: 0x1,
  recover: 0x4,
  journalDevice: 0x8,
  metaGroups: 0x10,
  extents: 0x40,
  wide: 0x80,
  flexGroups: 0x200,
  checksumSeed: 0x2000,
  largeDirectories: 0x4000,
  inlineData: 0x8000,
  encryption: 0x10000,
} as const;
/** `s_feature_ro_compat`. */
export const roCompat = {
  sparseSuper: 0x1,
  groupChecksums: 0x10,
  bigalloc: 0x200,
  metadataChecksums: 0x400,
} as const;

/** The fields of a superblock that a reader needs. Sizes are in bytes unless they say otherwise. */
export interface Superblock {
  readonly blockSize: number;
  /** In blocks. */
  readonly blocks: number;
  readonly inodes: number;
  readonly firstDataBlock: number;
  readonly blocksPerGroup: number;
  /** Blocks in a cluster: 1 but for bigalloc. Bitmaps count clusters. */
  readonly blocksPerCluster: number;
  readonly inodesPerGroup: number;
  readonly groups: number;
  readonly inodeSize: number;
  readonly descriptorSize: number;
  /** From this block of descriptors on, they stand in their own meta group. */
  readonly firstMetaGroup: number;
  readonly reservedDescriptorBlocks: number;
  /** Groups whose tables stand together, with flex_bg; else 1. */
  readonly groupsPerFlex: number;
  readonly backupGroups: readonly number[];
  readonly compat: number;
  readonly incompat: number;
  readonly roCompat: number;
  /** Start of all checksums. */
  readonly seed: number;
  readonly uuid: Buffer;
  readonly label: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly written: number;
  readonly state: number;
  readonly lastOrphan: number;
  readonly mountedOn: string;
  /** The group whose copy this is; 0 for the first. */
  readonly ownGroup: number;
  readonly checksumHolds: boolean;
}

/** Whether `bytes` hold the magic number of a superblock. */
export function hasMagic(bytes: Buffer): boolean {
  return bytes.length >= SUPERBLOCK_SIZE && bytes.readUInt16LE(56) === 0xef53;
}

/**
 * Reads a superblock (Linux, fs/ext4/ext4.h, `struct ext4_super_block`).
 * @param at its place in the volume, for errors
 * @throws Broken where its numbers contradict each other
 */
export function parseSuperblock(bytes: Buffer, at: number): Superblock {
  if (!hasMagic(bytes))
    throw new Broken(at + 56, 's_magic', '0xef53', `0x${bytes.readUInt16LE(56).toString(16)}`);
  const features = {
    compat: bytes.readUInt32LE(92),
    incompat: bytes.readUInt32LE(96),
    roCompat: bytes.readUInt32LE(100),
  };
  const geometry = readGeometry(bytes, features.incompat, features.roCompat);
  checkGeometry(geometry, at);
  const { blocks, firstDataBlock, blocksPerGroup } = geometry;
  return {
    ...geometry,
    ...features,
    groups: Math.ceil((blocks - firstDataBlock) / blocksPerGroup),
    ...readState(bytes, features.incompat),
    backupGroups: [bytes.readUInt32LE(0x24c), bytes.readUInt32LE(0x250)],
    checksumHolds:
      (features.roCompat & roCompat.metadataChecksums) === 0 ||
      sumsMatch(extSum(bytes.subarray(0, 1020)), bytes.readUInt32LE(1020)),
  };
}

function readGeometry(bytes: Buffer, incompatible: number, readOnly: number) {
  const wide = (incompatible & incompat.wide) !== 0;
  const blockBits = bytes.readUInt32LE(24);
  const clusterBits = (readOnly & roCompat.bigalloc) !== 0 ? bytes.readUInt32LE(28) : blockBits;
  const revision = bytes.readUInt32LE(76);
  return {
    blockSize: 1024 * 2 ** blockBits,
    blocks: bytes.readUInt32LE(4) + (wide ? bytes.readUInt32LE(0x150) * 2 ** 32 : 0),
    inodes: bytes.readUInt32LE(0),
    firstDataBlock: bytes.readUInt32LE(20),
    blocksPerGroup: bytes.readUInt32LE(32),
    blocksPerCluster: 2 ** (clusterBits - blockBits),
    inodesPerGroup: bytes.readUInt32LE(40),
    inodeSize: revision === 0 ? 128 : bytes.readUInt16LE(88),
    descriptorSize: wide ? bytes.readUInt16LE(254) : 32,
    firstMetaGroup: bytes.readUInt32LE(260),
    reservedDescriptorBlocks: bytes.readUInt16LE(206),
    groupsPerFlex: (incompatible & incompat.flexGroups) !== 0 ? 2 ** (bytes[0x174]! & 31) : 1,
  };
}

/** The limits of fs/ext4/super.c. */
function checkGeometry(geometry: ReturnType<typeof readGeometry>, at: number): void {
  const { blockSize, blocks, firstDataBlock, blocksPerGroup, blocksPerCluster, inodeSize, inodesPerGroup } =
    geometry;
  const bitsInBlock = blockSize * 8;
  need(blockSize <= 65536, at + 24, 's_log_block_size', geometry.blockSize);
  need(Number.isSafeInteger(blocks * blockSize) && blocks > firstDataBlock, at + 4, 's_blocks_count', blocks);
  need(firstDataBlock <= 1, at + 20, 's_first_data_block', firstDataBlock);
  need(blocksPerCluster >= 1 && blocksPerCluster <= 2 ** 20, at + 28, 's_log_cluster_size', blocksPerCluster);
  need(
    blocksPerGroup >= 256 && blocksPerGroup <= bitsInBlock * blocksPerCluster,
    at + 32,
    's_blocks_per_group',
    blocksPerGroup,
  );
  need(inodesPerGroup >= 1 && inodesPerGroup <= bitsInBlock, at + 40, 's_inodes_per_group', inodesPerGroup);
  need(isPower(inodeSize) && inodeSize >= 128 && inodeSize <= blockSize, at + 88, 's_inode_size', inodeSize);
  const { descriptorSize } = geometry;
  need(
    isPower(descriptorSize) && descriptorSize >= 32 && descriptorSize <= 1024,
    at + 254,
    's_desc_size',
    descriptorSize,
  );
}

function readState(bytes: Buffer, incompatible: number) {
  const uuid = Buffer.from(bytes.subarray(104, 120));
  return {
    seed: (incompatible & incompat.checksumSeed) !== 0 ? bytes.readUInt32LE(0x270) : extSum(uuid),
    uuid,
    label: readText(bytes, 120, 16),
    created: bytes.readUInt32LE(0x108),
    written: bytes.readUInt32LE(48),
    state: bytes.readUInt16LE(58),
    lastOrphan: bytes.readUInt32LE(232),
    mountedOn: readText(bytes, 136, 64),
    ownGroup: bytes.readUInt16LE(90),
  };
}

function readText(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function isPower(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}

function need(holds: boolean, at: number, field: string, found: number): void {
  if (!holds) throw new Broken(at, field, 'a value that the format allows', found);
}
