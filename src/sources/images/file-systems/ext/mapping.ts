import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Extent } from '../../file-system.ts';
import { ExtentList } from '../extent-list.ts';
import { mapExtentTree } from './extent-tree.ts';
import { mapIndirectBlocks } from './indirect-blocks.ts';
import { mapInline } from './inline-data.ts';
import { type Inode, inodeFlags, sizeOf } from './inode.ts';
import type { Medium } from './medium.ts';

/** Where the bytes of an inode stand, and the blocks besides the inode that say so. */
export interface Mapping {
  readonly extents: readonly Extent[];
  readonly metadata: readonly Range[];
}

/**
 * Maps the contents of a file, folder or link.
 * @throws Broken, Truncated, ReadError, OverBudget when the structures contradict each other
 */
export function mapInode(medium: Medium, inode: Inode): Mapping {
  const size = sizeOf(medium, inode);
  if (!Number.isSafeInteger(size)) throw new Broken(inode.at + 108, 'i_size_high', 'a size below 2^53', size);
  const list = new ExtentList(size, medium.volume.size);
  const metadata: Range[] = [];
  if (size > 0 && inode.kind !== 'special') mapContents(medium, inode, list, metadata, size);
  return { extents: list.finish(), metadata };
}

function mapContents(medium: Medium, inode: Inode, list: ExtentList, metadata: Range[], size: number): void {
  if (inode.has(inodeFlags.inline)) mapInline(inode, list, size);
  else if (isShortLink(medium, inode, size)) list.addData(0, size, inode.blockAt);
  else if (inode.has(inodeFlags.extents)) mapExtentTree(medium, inode, list, metadata);
  else mapIndirectBlocks(medium, inode, list, metadata);
}

/** A link's target of less than 60 bytes stands in the inode, which then has no blocks (`ext4_inode_is_fast_symlink`). */
function isShortLink(medium: Medium, inode: Inode, size: number): boolean {
  if (inode.kind !== 'link' || size >= 60 || inode.has(inodeFlags.extents)) return false;
  const attributeSectors = inode.bytes.readUInt32LE(104) === 0 ? 0 : clusterSize(medium) / 512;
  return inode.bytes.readUInt32LE(28) <= attributeSectors;
}

function clusterSize(medium: Medium): number {
  return medium.superblock.blockSize * medium.superblock.blocksPerCluster;
}
