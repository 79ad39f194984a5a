import { crc16 } from '../../../../checks/crc16.ts';
import { crc32c } from '../../../../checks/crc32c.ts';

/**
 * The checksum of ext4's metadata: CRC-32C that begins with all ones, or with the sum of what stands before, and isn't
 * inverted at its end (fs/ext4/ext4.h, `ext4_chksum`).
 */
export function extSum(bytes: Uint8Array, before = 0xffffffff): number {
  return ~crc32c(bytes, ~before >>> 0) >>> 0;
}

/** Both as unsigned numbers. */
export function sumsMatch(computed: number, stored: number): boolean {
  return computed >>> 0 === stored >>> 0;
}

const numbers = Buffer.alloc(8);

/** The sum that all checksums of one inode's blocks begin with (`ei->i_csum_seed`). */
export function inodeSeed(seed: number, number: number, generation: number): number {
  numbers.writeUInt32LE(number >>> 0, 0);
  numbers.writeUInt32LE(generation >>> 0, 4);
  return extSum(numbers, seed);
}

const LOW = 124;
const HIGH = 130;
let scratch = Buffer.alloc(256);

/** The checksum of an inode (`ext4_inode_csum`), and the bits of it that are stored. */
export function inodeSum(inode: Buffer, number: number, seed: number): { computed: number; stored: number } {
  const start = inodeSeed(seed, number, inode.readUInt32LE(100));
  if (scratch.length !== inode.length) scratch = Buffer.alloc(inode.length);
  inode.copy(scratch);
  scratch.writeUInt16LE(0, LOW);
  const wide = inode.length > 128 && inode.readUInt16LE(128) >= 4;
  if (wide) scratch.writeUInt16LE(0, HIGH);
  const computed = extSum(scratch, start);
  const low = inode.readUInt16LE(LOW);
  if (!wide) return { computed: computed & 0xffff, stored: low };
  return { computed, stored: (low | (inode.readUInt16LE(HIGH) << 16)) >>> 0 };
}

/** The checksum of a group descriptor with metadata_csum (`ext4_group_desc_csum`): 16 bits, at byte 30. */
export function descriptorSum(descriptor: Buffer, group: number, seed: number): number {
  const bytes = Buffer.alloc(4 + descriptor.length);
  bytes.writeUInt32LE(group, 0);
  descriptor.copy(bytes, 4);
  bytes.writeUInt16LE(0, 4 + 30);
  return extSum(bytes, seed) & 0xffff;
}

/** The checksum of a group descriptor with uninit_bg only: CRC-16 of UUID, group and descriptor without the sum. */
export function oldDescriptorSum(descriptor: Buffer, group: number, uuid: Buffer): number {
  numbers.writeUInt32LE(group, 0);
  let sum = crc16(uuid, 0xffff);
  sum = crc16(numbers.subarray(0, 4), sum);
  sum = crc16(descriptor.subarray(0, 30), sum);
  return crc16(descriptor.subarray(32), sum);
}

/** Whether an extent block's tail holds (`ext4_extent_block_csum`): it stands behind the room for all its entries. */
export function extentBlockHolds(block: Buffer, start: number): boolean {
  const end = 12 + 12 * block.readUInt16LE(4);
  return end + 4 <= block.length && sumsMatch(extSum(block.subarray(0, end), start), block.readUInt32LE(end));
}

/** Whether a directory block says that it ends in a checksum (`struct ext4_dir_entry_tail`). */
export function hasDirectoryTail(block: Buffer): boolean {
  const at = block.length - 12;
  return (
    block.readUInt32LE(at) === 0 && block.readUInt16LE(at + 4) === 12 && block.readUInt16LE(at + 6) === 0xde00
  );
}

/** What became of a directory block's checksum: blocks of both kinds, of entries and of an index, have one. */
export function directoryBlockHolds(block: Buffer, start: number): boolean {
  const end = block.length - 12;
  if (hasDirectoryTail(block))
    return sumsMatch(extSum(block.subarray(0, end), start), block.readUInt32LE(end + 8));
  return indexBlockHolds(block, start);
}

/** A block of a hashed index (`ext4_dx_csum`): one empty entry as long as the block, or `.` and `..` before the root. */
function indexBlockHolds(block: Buffer, start: number): boolean {
  const isRoot = block.readUInt16LE(4) === 12;
  const countAt = isRoot ? 32 : 8;
  const limit = block.readUInt16LE(countAt);
  const count = block.readUInt16LE(countAt + 2);
  const tail = countAt + limit * 8;
  if (count > limit || tail + 8 > block.length) return false;
  const entries = extSum(block.subarray(0, countAt + count * 8), start);
  // The tail's first word, then zeros in place of the sum.
  const end = Buffer.alloc(8);
  block.copy(end, 0, tail, tail + 4);
  return sumsMatch(extSum(end, entries), block.readUInt32LE(tail + 4));
}
