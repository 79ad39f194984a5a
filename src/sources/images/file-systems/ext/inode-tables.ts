import { reasonOf } from '../notice-list.ts';
import { groupFlags } from './groups.ts';
import { Inode } from './inode.ts';
import type { Medium } from './medium.ts';

/** Inodes up to here are the file system's own, in all but the oldest. */
const RESERVED = 10;

/** Inodes that were in use and were deleted, or are orphans of a crash, in order of their numbers. */
export function* unusedInodes(medium: Medium): Generator<Inode> {
  const { inodesPerGroup } = medium.superblock;
  for (let group = 0; group < groupsInVolume(medium); group++) {
    const table = tableOf(medium, group);
    if (table === null) continue;
    for (let i = 0; i < table.used; i++) {
      const number = group * inodesPerGroup + i + 1;
      if (number <= RESERVED || number > medium.superblock.inodes) continue;
      const inode = inodeIn(medium, table.at, i, number);
      if (inode === null) break;
      if (inode.links === 0 && inode.mode !== 0 && inode.deletion !== 0) yield inode;
    }
  }
}

/** Groups that begin inside the volume: a superblock can promise more. */
export function groupsInVolume(medium: Medium): number {
  const { groups, blocksPerGroup, blockSize } = medium.superblock;
  return Math.min(groups, Math.ceil(medium.volume.size / (blocksPerGroup * blockSize)));
}

/** Where the table of a group stands, in bytes, and how many inodes of it were ever used. */
function tableOf(medium: Medium, group: number): { at: number; used: number } | null {
  try {
    const { inodeTable, flags, unusedInodes: unused } = medium.groups.at(group);
    if ((flags & groupFlags.inodesUnused) !== 0) return null;
    const { blockSize, inodesPerGroup } = medium.superblock;
    return { at: inodeTable * blockSize, used: Math.max(0, inodesPerGroup - unused) };
  } catch (error) {
    medium.notices.wrong(`the inodes of block group ${group} can't be read: ${reasonOf(error)}`);
    return null;
  }
}

function inodeIn(medium: Medium, table: number, index: number, number: number): Inode | null {
  const { inodeSize } = medium.superblock;
  const at = table + index * inodeSize;
  try {
    return new Inode(number, at, medium.tables.bytes(at, inodeSize, `inode ${number}`));
  } catch (error) {
    medium.notices.wrong(`inodes from ${number} on can't be read: ${reasonOf(error)}`);
    return null;
  }
}
