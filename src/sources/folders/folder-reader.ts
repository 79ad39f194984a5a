import { type Dir, type Dirent, lstatSync, opendirSync, type Stats } from 'node:fs';
import { reasonOf, type WalkEntry } from './entry.ts';
import type { HardLinks } from './hard-links.ts';
import { fromBytes, joinPath, type Path, toBuffer, toSystemPath } from './path.ts';
import { displayText } from './path-text.ts';
import type { Root } from './roots.ts';
import type { Selection } from './selection.ts';

/** So many names of a folder are read at a time. */
const PART = 512;
/** So many folders may be open at once; beyond, a folder is read to its end. */
const MOST_OPEN = 16;

/** One name in a folder, with what the walk makes of it; null for a folder, which is to be read in turn. */
export interface Found {
  readonly name: Path;
  readonly entry: WalkEntry | null;
}

export interface Surroundings {
  readonly selection: Selection;
  /** Null where each name is a file of its own. */
  readonly hardLinks: HardLinks | null;
  readonly crossMounts: boolean;
  /** Real paths of all roots: what is one itself is left to its own walk. */
  readonly roots: ReadonlySet<Path>;
  /** Names read at a time; for tests. */
  readonly part?: number;
}

/**
 * Reads folders below a root, names as bytes, huge folders in parts: after a part that isn't the last comes a folder
 * without name, and reading `folder/` goes on with `folder`. Memory is bounded by the part.
 */
export class FolderReader {
  readonly #root: Root;
  readonly #around: Surroundings;
  readonly #part: number;
  readonly #open = new Map<Path, Dir>();
  #closed = false;

  constructor(root: Root, around: Surroundings) {
    this.#root = root;
    this.#around = around;
    this.#part = around.part ?? PART;
  }

  /** The next names in a folder, which is given relative to the root. Errors become entries. */
  read(place: string): Found[] {
    const folder = (place.endsWith('/') ? place.slice(0, -1) : place) as Path;
    const found: Found[] = [];
    if (this.#closed) return found;
    const path = joinPath(this.#root.path, folder);
    try {
      const why = this.#open.has(folder) ? null : this.#whyNotEntered(folder, path);
      if (why !== null) return [{ name: '' as Path, entry: { kind: 'skipped', path, why } }];
      this.#readPart(folder, path, found);
    } catch (error) {
      this.#leave(folder);
      found.push({ name: '' as Path, entry: { kind: 'unread', path, why: reasonOf(error) } });
    }
    return found;
  }

  close(): void {
    this.#closed = true;
    for (const folder of [...this.#open.keys()]) this.#leave(folder);
  }

  /** Between listing and reading a folder may have become a link, or something may have been mounted there. */
  #whyNotEntered(folder: Path, path: Path): string | null {
    if (folder === '') return null;
    const stats = lstatSync(toSystemPath(path));
    if (!stats.isDirectory()) return 'became something else during the scan';
    const crosses = stats.dev !== this.#root.stats.dev && !this.#around.crossMounts;
    return crosses ? 'mount point' : null;
  }

  #readPart(folder: Path, path: Path, found: Found[]): void {
    const handle = this.#enter(folder, path);
    const atOnce = this.#open.size <= MOST_OPEN ? this.#part : Number.POSITIVE_INFINITY;
    for (let count = 0; count < atOnce; count++) {
      const dirent = handle.readSync();
      if (dirent === null) {
        this.#leave(folder);
        return;
      }
      this.#look(folder, dirent, found);
    }
    found.push({ name: '' as Path, entry: null });
  }

  /** The path goes as bytes, since Node joins it with names, which are bytes here, where a file system tells no types. */
  #enter(folder: Path, path: Path): Dir {
    const open = this.#open.get(folder);
    if (open !== undefined) return open;
    const handle = opendirSync(toBuffer(path) as unknown as string, {
      encoding: 'buffer' as BufferEncoding,
      bufferSize: 256,
    });
    this.#open.set(folder, handle);
    return handle;
  }

  #leave(folder: Path): void {
    this.#open.get(folder)?.closeSync();
    this.#open.delete(folder);
  }

  #look(folder: Path, dirent: Dirent, found: Found[]): void {
    const name = fromBytes(dirent.name as unknown as Buffer);
    const below = joinPath(folder, name);
    if (this.#isRootItself(below)) return;
    const { selection } = this.#around;
    if (dirent.isDirectory()) {
      if (selection.mayHold(below)) found.push({ name, entry: null });
    } else if (selection.wantsFile(below)) {
      found.push({ name, entry: this.#entryOf(joinPath(this.#root.path, below), dirent) });
    }
  }

  #isRootItself(below: Path): boolean {
    const { roots } = this.#around;
    return roots.size > 1 && roots.has(joinPath(this.#root.real, below));
  }

  #entryOf(path: Path, dirent: Dirent): WalkEntry {
    if (!dirent.isFile()) return { kind: 'skipped', path, why: kindOf(dirent) };
    try {
      return toEntry(path, lstatSync(toSystemPath(path)), this.#around.hardLinks);
    } catch (error) {
      return { kind: 'unread', path, why: reasonOf(error) };
    }
  }
}

/** What the walk makes of something that isn't a folder. @throws what `lstat` throws */
export function toEntry(path: Path, stats: Stats, hardLinks: HardLinks | null): WalkEntry {
  if (!stats.isFile()) return { kind: 'skipped', path, why: kindOf(stats) };
  const earlier = stats.nlink > 1 ? (hardLinks?.earlier(path) ?? null) : null;
  if (earlier !== null) return { kind: 'skipped', path, why: `hard link to ${displayText(earlier)}` };
  return { kind: 'file', path, size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs };
}

function kindOf(node: Dirent | Stats): string {
  if (node.isSymbolicLink()) return 'symbolic link';
  if (node.isFIFO()) return 'named pipe';
  if (node.isSocket()) return 'socket';
  if (node.isCharacterDevice()) return 'character device';
  if (node.isBlockDevice()) return 'block device';
  return 'unknown kind of node';
}
