import type { Path } from '../../../folders/path.ts';
import { toSegment } from '../entry-name.ts';

/** One name in a directory. */
export interface DirectoryEntry {
  readonly inode: number;
  /** As a segment of a path; `.` and `..` are themselves here only where they mean the folder and its parent. */
  readonly name: Path;
  /** `file_type`: 2 is a folder; 0 where the file system doesn't keep it. */
  readonly type: number;
}

/** The entries of one block, and what's wrong with it: the entries before that place are given all the same. */
export interface DirectoryBlock {
  readonly entries: readonly DirectoryEntry[];
  readonly broken: string | null;
}

const HEADER = 8;

/**
 * Reads the linear entries of a directory block (`struct ext4_dir_entry_2`). Blocks of a hashed index look like one
 * empty entry, and have no names.
 * @param start where the entries begin: 0, but for inline directories
 */
export function parseDirectoryBlock(block: Buffer, inodes: number, start = 0): DirectoryBlock {
  const entries: DirectoryEntry[] = [];
  for (let at = start; at < block.length; ) {
    const length = lengthAt(block, at);
    const problem = problemAt(block, at, length, inodes);
    if (problem !== null) return { entries, broken: `${problem} at byte ${at} of the block` };
    const inode = block.readUInt32LE(at);
    if (inode !== 0) entries.push(entryAt(block, at));
    at += length;
  }
  return { entries, broken: null };
}

/** With blocks of 64 KiB, a length of a whole block doesn't fit: it's 65535 or 0 (`ext4_rec_len_from_disk`). */
function lengthAt(block: Buffer, at: number): number {
  if (at + HEADER > block.length) return 0;
  const length = block.readUInt16LE(at + 4);
  return block.length === 65536 && (length === 65535 || length === 0) ? 65536 : length;
}

function problemAt(block: Buffer, at: number, length: number, inodes: number): string | null {
  if (length < HEADER || length % 4 !== 0) return `an entry of ${length} bytes`;
  if (at + length > block.length) return 'an entry longer than its block';
  if (block.readUInt32LE(at) === 0) return null;
  const nameLength = block[at + 6]!;
  if (nameLength === 0 || HEADER + nameLength > length) return `a name of ${nameLength} bytes`;
  if (block.readUInt32LE(at) > inodes) return `inode ${block.readUInt32LE(at)}, of ${inodes}`;
  return null;
}

function entryAt(block: Buffer, at: number): DirectoryEntry {
  const start = at + HEADER;
  const length = block[at + 6]!;
  const name = isDotsAt(block, start, length) ? dots[length]! : toSegment(block, start, start + length);
  return { inode: block.readUInt32LE(at), name, type: block[at + 7]! };
}

const dots = ['', '.', '..'].map((name) => name as Path);

function isDotsAt(block: Buffer, at: number, length: number): boolean {
  return block[at] === 0x2e && (length === 1 || (length === 2 && block[at + 1] === 0x2e));
}

/** Whether it's the folder itself, or its parent. */
export function isDots(entry: DirectoryEntry): boolean {
  return entry.name === '.' || entry.name === '..';
}

/**
 * Names that stand in the room behind entries: what was deleted there, or moved. They may be of any age.
 * (Deleting a name makes the entry before it longer, and often clears the inode's number, which is then 0.)
 */
export function findDeletedNames(block: Buffer, inodes: number, start = 0): DirectoryEntry[] {
  const found: DirectoryEntry[] = [];
  for (let at = start; at + HEADER <= block.length; ) {
    const length = lengthAt(block, at);
    if (length < HEADER || length % 4 !== 0 || at + length > block.length) break;
    const used = block.readUInt32LE(at) === 0 ? 0 : neededFor(block[at + 6]!);
    findInRoom(block, at + used, at + length, inodes, found);
    at += length;
  }
  return found;
}

function findInRoom(
  block: Buffer,
  start: number,
  end: number,
  inodes: number,
  found: DirectoryEntry[],
): void {
  for (let at = start; at + HEADER + 1 <= end; ) {
    const nameLength = block[at + 6]!;
    const plausible =
      block[at + 7]! < 8 && at + HEADER + nameLength <= end && isName(block, at + HEADER, nameLength);
    const inode = block.readUInt32LE(at);
    const isEntry = plausible && inode <= inodes && block.readUInt16LE(at + 4) >= neededFor(nameLength);
    if (isEntry && !isDotsAt(block, at + HEADER, nameLength)) found.push(entryAt(block, at));
    at += isEntry ? neededFor(nameLength) : 4;
  }
}

function neededFor(nameLength: number): number {
  return (HEADER + nameLength + 3) & ~3;
}

function isName(block: Buffer, at: number, length: number): boolean {
  if (length === 0) return false;
  for (let i = at; i < at + length; i++) if (block[i] === 0 || block[i] === 0x2f) return false;
  return true;
}
