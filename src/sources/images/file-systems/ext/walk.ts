import { joinPath, type Path } from '../../../folders/path.ts';
import { displayText } from '../../../folders/path-text.ts';
import type { Entry, EntryOptions } from '../../file-system.ts';
import { reasonOf } from '../notice-list.ts';
import { SparseBits } from '../sparse-bits.ts';
import { Directory } from './directory.ts';
import type { DirectoryEntry } from './directory-block.ts';
import { ExtEntry, lostEntry } from './entry.ts';
import { type Inode, type Kind, readInode } from './inode.ts';
import { unusedInodes } from './inode-tables.ts';
import type { Medium } from './medium.ts';

const ROOT = 2;
/** Folders in folders; a path of Linux can't be used beyond 2,048. */
const DEEPEST = 2048;
/** `file_type` of directory entries. */
const types: Readonly<Record<number, Kind>> = { 1: 'file', 2: 'folder', 7: 'link' };

interface Open {
  readonly path: Path;
  readonly directory: Directory;
  readonly names: Generator<DirectoryEntry>;
}

/** Walks down from the root. It holds one path of open folders, whatever the number of entries. */
export class Walk {
  readonly #medium: Medium;
  readonly #withDeleted: boolean;
  readonly #folders = new SparseBits();
  readonly #blocks = new SparseBits();
  readonly #deleted = new SparseBits();
  readonly #open: Open[] = [];

  constructor(medium: Medium, options: EntryOptions) {
    this.#medium = medium;
    this.#withDeleted = options.deleted === true;
  }

  *entries(): Generator<Entry> {
    this.#enterRoot();
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      const next = top.names.next();
      if (next.done !== true) {
        yield this.#entryFor(top.path, next.value);
        continue;
      }
      this.#open.pop();
      yield* this.#deletedIn(top);
    }
    if (this.#withDeleted) yield* this.#nameless();
  }

  #enterRoot(): void {
    try {
      const root = readInode(this.#medium, ROOT);
      if (root.kind === 'folder') this.#enter(root, '' as Path);
      else this.#medium.notices.wrong("the root isn't a folder: nothing can be listed");
    } catch (error) {
      this.#medium.notices.wrong(`the root can't be read: ${reasonOf(error)}`);
    }
  }

  #entryFor(folder: Path, { inode: number, name, type }: DirectoryEntry): Entry {
    const path = joinPath(folder, name);
    let inode: Inode;
    try {
      inode = readInode(this.#medium, number);
    } catch (error) {
      return this.#lose(path, number, type, reasonOf(error));
    }
    if (inode.mode === 0 || inode.links === 0)
      return this.#lose(path, number, type, 'its inode is not in use');
    const entry = new ExtEntry(this.#medium, path, inode);
    if (entry.unreadable !== null)
      this.#medium.notices.wrong(`${displayText(path)} (inode ${number}): ${entry.unreadable}`);
    else if (entry.kind === 'folder') this.#enter(inode, path);
    return entry;
  }

  #lose(path: Path, number: number, type: number, why: string): Entry {
    this.#medium.notices.wrong(`${displayText(path)} (inode ${number}): ${why}`);
    return lostEntry(path, types[type] ?? 'special', number, why);
  }

  #enter(inode: Inode, path: Path): void {
    if (!this.#folders.add(inode.number)) {
      this.#medium.notices.wrong(
        `${displayText(path)} is inode ${inode.number} again: the folder was not entered twice`,
      );
      return;
    }
    if (this.#open.length >= DEEPEST) {
      this.#medium.notices.wrong(`folders deeper than ${DEEPEST} were not entered`);
      return;
    }
    const directory = new Directory(this.#medium, inode, path, this.#blocks, this.#withDeleted);
    this.#open.push({ path, directory, names: directory.names() });
  }

  *#deletedIn({ path, directory }: Open): Generator<Entry> {
    const given = new Set<string>();
    for (const { inode: number, name, type } of directory.deleted) {
      if (given.has(`${number}/${name}`)) continue;
      given.add(`${number}/${name}`);
      const entry = this.#deletedEntry(joinPath(path, name), number, type);
      if (entry !== null) yield entry;
    }
  }

  #deletedEntry(path: Path, number: number, type: number): Entry | null {
    const kind = types[type] ?? 'special';
    if (number === 0)
      return { ...lostEntry(path, kind, 0, 'its inode is not known any more'), allocated: false };
    const inode = this.#deletedInode(number);
    if (inode === null) return null;
    this.#deleted.add(number);
    return new ExtEntry(this.#medium, path, inode, false);
  }

  /** Null where the inode is in use, again or still: then the name is only an old one. */
  #deletedInode(number: number): Inode | null {
    try {
      const inode = readInode(this.#medium, number);
      return inode.links === 0 && inode.mode !== 0 ? inode : null;
    } catch (error) {
      reasonOf(error);
      return null;
    }
  }

  /** Deleted inodes that no folder names any more. */
  *#nameless(): Generator<Entry> {
    for (const inode of unusedInodes(this.#medium)) {
      if (this.#deleted.has(inode.number)) continue;
      yield new ExtEntry(this.#medium, `?/#${inode.number}` as Path, inode, false);
    }
  }
}
