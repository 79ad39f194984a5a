import type { Damage } from '../../damage.ts';
import { reasonOf } from '../../notice-list.ts';
import { type GroupDescriptor, groupFlags } from '../groups.ts';
import { Inode, inodeAt, inodeFlags, inodeHolds } from '../inode.ts';
import { groupsInVolume } from '../inode-tables.ts';
import type { Medium } from '../medium.ts';

const ROOT = 2;
/** The first inode that isn't the file system's own; only the very oldest have another. */
const FIRST = 11;

/** What became of an inode table: how many inodes in use stand, and how many places were hit. */
export interface TableCount {
  hit: number;
  broken: number;
}

/** The inodes in use that stand, in order: not hit, with a checksum that holds. */
export function* survivingInodes(medium: Medium, damage: Damage, count: TableCount): Generator<Inode> {
  const { inodesPerGroup, inodes } = medium.superblock;
  for (let group = 0; group < groupsInVolume(medium); group++) {
    const first = group * inodesPerGroup + 1;
    try {
      const used = usedInodes(medium.groups.at(group), inodesPerGroup);
      yield* tableOf(medium, damage, first, Math.min(used, inodes - first + 1), count);
    } catch (error) {
      medium.notices.wrong(`inodes ${first}–${first + inodesPerGroup - 1} are lost: ${reasonOf(error)}`);
    }
  }
}

/** Inodes at the start of a table, of which any may be in use. */
function usedInodes({ flags, unusedInodes }: GroupDescriptor, inodesPerGroup: number): number {
  return (flags & groupFlags.inodesUnused) !== 0 ? 0 : Math.max(0, inodesPerGroup - unusedInodes);
}

function* tableOf(
  medium: Medium,
  damage: Damage,
  first: number,
  length: number,
  count: TableCount,
): Generator<Inode> {
  const { inodeSize } = medium.superblock;
  const table = inodeAt(medium, first);
  for (let i = 0; i < length; i++) {
    const at = table + i * inodeSize;
    const number = first + i;
    if (damage.hits(at, at + inodeSize)) {
      count.hit++;
      continue;
    }
    const inode = new Inode(number, at, medium.tables.bytes(at, inodeSize, `inode ${number}`));
    if (!isInUse(inode)) continue;
    if (inodeHolds(medium, inode)) yield inode;
    else count.broken++;
  }
}

/** The inode of that number, if it's in use and stands; else null. */
export function survivingInode(medium: Medium, damage: Damage, number: number): Inode | null {
  const { inodeSize } = medium.superblock;
  try {
    const at = inodeAt(medium, number);
    if (damage.hits(at, at + inodeSize)) return null;
    const inode = new Inode(number, at, medium.tables.bytes(at, inodeSize, `inode ${number}`));
    return isInUse(inode) && inodeHolds(medium, inode) ? inode : null;
  } catch (error) {
    reasonOf(error);
    return null;
  }
}

/** A kind that there is, a link at least, and no time of deletion. */
function isInUse(inode: Inode): boolean {
  const { mode, number } = inode;
  if (mode === 0 || (number < FIRST && number !== ROOT)) return false;
  const known = [1, 2, 4, 6, 8, 10, 12].includes(mode >> 12);
  return known && inode.links > 0 && inode.deletion === 0 && !inode.has(inodeFlags.largeValue);
}
