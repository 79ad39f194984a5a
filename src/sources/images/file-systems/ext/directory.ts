import type { Path } from '../../../folders/path.ts';
import { displayText } from '../../../folders/path-text.ts';
import { type NoticeList, reasonOf } from '../notice-list.ts';
import type { SparseBits } from '../sparse-bits.ts';
import { directoryBlockHolds } from './checksums.ts';
import { type DirectoryEntry, findDeletedNames, isDots, parseDirectoryBlock } from './directory-block.ts';
import { findInlineValue } from './inline-data.ts';
import { blockSeed, type Inode, inodeFlags } from './inode.ts';
import { mapInode } from './mapping.ts';
import type { Medium } from './medium.ts';

/** Broken blocks after which the rest of a directory isn't read. */
const PATIENCE = 64;

/** A piece of a directory that holds entries. */
export interface DirectoryPiece {
  /** Valid until the next block is read. */
  readonly bytes: Buffer;
  /** Where it stands in the volume, in bytes. */
  readonly at: number;
  /** Where in `bytes` its entries begin. */
  readonly start: number;
  readonly checksumHolds: boolean;
}

/**
 * The pieces of a directory, in order.
 * @param seen blocks of directories that were read: no honest one belongs to two
 * @throws Broken, Truncated, ReadError, OverBudget
 */
export function* directoryPieces(medium: Medium, inode: Inode, seen: SparseBits): Generator<DirectoryPiece> {
  if (inode.has(inodeFlags.inline)) {
    yield* inlinePieces(inode);
    return;
  }
  const { blockSize } = medium.superblock;
  const seed = blockSeed(medium, inode);
  for (const extent of mapInode(medium, inode).extents) {
    if (extent.kind !== 'data') continue;
    const end = extent.at + extent.end - extent.start;
    for (let at = extent.at; at < end; at += blockSize) {
      if (!seen.add(at / blockSize)) {
        medium.notices.wrong(
          `block ${at / blockSize} belongs to two directories, or twice to one: it was read once`,
        );
        return;
      }
      const bytes = medium.blocks.bytes(at, blockSize, 'directory block');
      yield { bytes, at, start: 0, checksumHolds: seed === null || directoryBlockHolds(bytes, seed) };
    }
  }
}

/** The first four bytes are the parent's number (fs/ext4/inline.c); the inode's checksum covers all. */
function* inlinePieces(inode: Inode): Generator<DirectoryPiece> {
  yield { bytes: inode.block, at: inode.blockAt, start: 4, checksumHolds: true };
  const value = findInlineValue(inode);
  if (value === null || value.size === 0) return;
  const bytes = inode.bytes.subarray(value.at, value.at + value.size);
  yield { bytes, at: inode.at + value.at, start: 0, checksumHolds: true };
}

/** Names of one folder but `.` and `..`. What's broken becomes a notice. */
export class Directory {
  readonly #medium: Medium;
  readonly #inode: Inode;
  readonly #path: Path;
  readonly #seen: SparseBits;
  readonly #withDeleted: boolean;
  /** Names that were deleted, found on the way if they were asked for. */
  readonly deleted: DirectoryEntry[] = [];
  #broken = 0;

  constructor(medium: Medium, inode: Inode, path: Path, seen: SparseBits, withDeleted: boolean) {
    this.#medium = medium;
    // Entries are read while the walk goes on.
    this.#inode = inode.copy();
    this.#path = path;
    this.#seen = seen;
    this.#withDeleted = withDeleted;
  }

  *names(): Generator<DirectoryEntry> {
    try {
      for (const piece of directoryPieces(this.#medium, this.#inode, this.#seen)) {
        yield* this.#namesIn(piece);
        if (this.#broken >= PATIENCE) break;
      }
    } catch (error) {
      this.#notices.wrong(`${this.#title()} can't be read: ${reasonOf(error)}`);
    }
  }

  *#namesIn(piece: DirectoryPiece): Generator<DirectoryEntry> {
    const { inodes } = this.#medium.superblock;
    const { entries, broken } = parseDirectoryBlock(piece.bytes, inodes, piece.start);
    if (broken !== null) this.#report(piece, broken);
    else if (!piece.checksumHolds)
      this.#report(piece, 'its checksum fails; its names are given as they stand');
    if (this.#withDeleted) this.deleted.push(...findDeletedNames(piece.bytes, inodes, piece.start));
    for (const entry of entries) if (!isDots(entry)) yield entry;
  }

  #report(piece: DirectoryPiece, what: string): void {
    this.#broken++;
    this.#notices.wrong(`${this.#title()}, block at byte ${piece.at}: ${what}`);
  }

  get #notices(): NoticeList {
    return this.#medium.notices;
  }

  #title(): string {
    return `folder ${this.#path === '' ? '/' : displayText(this.#path)} (inode ${this.#inode.number})`;
  }
}
