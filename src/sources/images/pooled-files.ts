import { ReadError } from '../../bytes/errors.ts';
import { FileSource } from '../../bytes/file-source.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { type Path, toSystemPath } from '../folders/path.ts';

/** Open descriptors of one image: an acquired disk may have thousands of segments, a process few descriptors. */
const MOST_OPEN = 64;

/** The files of one image. All stay readable, while few are open at a time. */
export class PooledFiles {
  /** In order of use: a Set keeps the order in which values were added. */
  readonly #open = new Set<PooledFile>();
  #opened = 0;

  /** How many were opened so far. */
  get opened(): number {
    return this.#opened;
  }

  /** @throws ReadError when it can't be opened, or isn't a regular file. */
  open(path: Path): PooledFile {
    const file = new PooledFile(path, this, this.#opened++);
    this.touch(file);
    return file;
  }

  /** Marks the file as used now, and closes what was used longest ago. */
  touch(file: PooledFile): void {
    this.#open.delete(file);
    this.#open.add(file);
    if (this.#open.size <= MOST_OPEN) return;
    for (const oldest of this.#open) {
      oldest.suspend();
      return;
    }
  }

  forget(file: PooledFile): void {
    this.#open.delete(file);
  }

  /** Closes those that were opened as the `index`th or later. */
  closeFrom(index: number): void {
    for (const file of this.#open) {
      if (file.index >= index) file.close();
    }
  }
}

/** A file that may be closed meanwhile, and is opened again when it's read. Then it must be the same file. */
export class PooledFile implements ByteSource {
  readonly size: number;
  /** Tells whether two paths are one file. */
  readonly identity: string;
  /** How many files of its image were opened before. */
  readonly index: number;
  readonly #path: Path;
  readonly #pool: PooledFiles;
  #source: FileSource | null;

  constructor(path: Path, pool: PooledFiles, index: number) {
    this.index = index;
    this.#path = path;
    this.#pool = pool;
    this.#source = new FileSource(toSystemPath(path));
    this.size = this.#source.size;
    this.identity = identify(this.#source);
  }

  read(into: Uint8Array, at: number): number {
    if (this.#source === null) this.#source = this.#reopen();
    this.#pool.touch(this);
    return this.#source.read(into, at);
  }

  /** Gives the descriptor back until the next read. */
  suspend(): void {
    this.#source?.close();
    this.#source = null;
    this.#pool.forget(this);
  }

  close(): void {
    this.suspend();
  }

  #reopen(): FileSource {
    const source = new FileSource(toSystemPath(this.#path));
    if (identify(source) === this.identity && source.size === this.size) return source;
    source.close();
    throw new ReadError(0, 'the file was replaced while the image was open');
  }
}

function identify({ stats }: FileSource): string {
  return `${stats.dev}:${stats.ino}`;
}
