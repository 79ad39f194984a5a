import { Broken } from '../../../../../bytes/errors.ts';
import { joinPath, type Path } from '../../../../folders/path.ts';
import type { Damage } from '../../damage.ts';
import { reasonOf } from '../../notice-list.ts';
import { SparseBits } from '../../sparse-bits.ts';
import { directoryPieces } from '../directory.ts';
import { type DirectoryEntry, isDots, parseDirectoryBlock } from '../directory-block.ts';
import type { Inode } from '../inode.ts';
import { mapInode } from '../mapping.ts';
import type { Medium } from '../medium.ts';

const ROOT = 2;
const FOLDER = 2;
const DEEPEST = 2048;

interface Place {
  readonly parent: number;
  readonly name: Path;
}

/** A folder's path, and whether all folders up to the root are known. */
export interface FolderPath {
  readonly path: Path;
  readonly full: boolean;
}

/** The folders whose inodes stand, and the names that are left in them. It keeps one record for each folder. */
export class SurvivingFolders {
  readonly #medium: Medium;
  readonly #damage: Damage;
  /** Where each folder is named. */
  readonly #places = new Map<number, Place>();
  readonly numbers: number[] = [];
  #lostBlocks = 0;

  constructor(medium: Medium, damage: Damage) {
    this.#medium = medium;
    this.#damage = damage;
  }

  /** Directory blocks that were hit, or whose checksums fail. */
  get lostBlocks(): number {
    return this.#lostBlocks;
  }

  /** Notes the names of folders in a folder. */
  add(folder: Inode): void {
    this.numbers.push(folder.number);
    for (const { inode, name, type } of this.namesIn(folder)) {
      if (type === FOLDER || type === 0) this.#places.set(inode, { parent: folder.number, name });
    }
  }

  /** Names that are left in a folder, without `.` and `..`. */
  *namesIn(folder: Inode): Generator<DirectoryEntry> {
    for (const entry of this.#blocks(folder)) if (!isDots(entry)) yield entry;
  }

  /** `a/b`, or `?/#77/b` where the name of folder 77 is lost. */
  pathOf(number: number): FolderPath {
    const names: Path[] = [];
    let at = number;
    while (at !== ROOT) {
      const place = this.#places.get(at);
      const goesOn = place !== undefined && place.parent !== number && names.length < DEEPEST;
      if (!goesOn) return { path: join(`?/#${at}` as Path, names), full: false };
      names.push(place.name);
      at = place.parent;
    }
    return { path: join('' as Path, names), full: true };
  }

  /** Entries of blocks that weren't hit and hold: a block without checksum has to be whole. */
  *#blocks(folder: Inode): Generator<DirectoryEntry> {
    const { inodes } = this.#medium.superblock;
    try {
      this.#checkMap(folder);
      for (const piece of directoryPieces(this.#medium, folder, new SparseBits())) {
        const block = parseDirectoryBlock(piece.bytes, inodes, piece.start);
        const hit = this.#damage.hits(piece.at, piece.at + piece.bytes.length);
        if (!hit && piece.checksumHolds && block.broken === null) yield* block.entries;
        else this.#lostBlocks++;
      }
    } catch (error) {
      this.#medium.notices.wrong(`the names in folder #${folder.number} are lost: ${reasonOf(error)}`);
    }
  }

  /** Blocks of pointers that were hit could lead to the blocks of another folder. */
  #checkMap(folder: Inode): void {
    for (const { start, end } of mapInode(this.#medium, folder).metadata) {
      if (this.#damage.hits(start, end))
        throw new Broken(start, 'block of pointers', 'one that stands', 'one that was hit');
    }
  }
}

function join(start: Path, names: readonly Path[]): Path {
  return names.reduceRight<Path>((path, name) => joinPath(path, name), start);
}
