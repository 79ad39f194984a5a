import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
} from 'node:fs';
import { joinPath, type Path, toBuffer } from '../../sources/folders/path.ts';

const FOLDER =
  constants.O_RDONLY |
  (constants.O_DIRECTORY ?? 0) |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);
/**
 * Node has no `openat`. Linux lets a path begin at an open folder, through `/proc/self/fd`: what others rename or link on
 * the way meanwhile leads nowhere else then.
 */
const THROUGH_PROC = process.platform === 'linux' && existsSync('/proc/self/fd');

/** An open folder below a root, reached without following a link. */
export class Anchored {
  readonly #path: Path;
  readonly #file: number | null;

  private constructor(path: Path, file: number | null) {
    this.#path = path;
    this.#file = file;
  }

  /** @param root absolute, without links @throws what `node:fs` throws where it's no folder */
  static root(root: Path): Anchored {
    return open(root, toBuffer(root), (file) => new Anchored(root, file));
  }

  /**
   * Opens a folder below.
   * @param missing what to do where one isn't there: `make` it, or fail with `ENOENT`
   * @param entered called with each folder on the way
   * @throws what `node:fs` throws: `ENOTDIR` or `ELOOP` where a link or a file is in the way
   */
  below(folder: Path, missing: 'make' | 'fail', entered: (folder: Anchored) => void = () => {}): Anchored {
    const segments = folder.split('/').filter((segment) => segment !== '');
    let at = this.#open('.' as Path, this.#path);
    try {
      for (const segment of segments) {
        const next = at.#enter(segment as Path, missing);
        at.close();
        at = next;
        entered(at);
      }
      return at;
    } catch (error) {
      at.close();
      throw error;
    }
  }

  /** The path of a name in the folder, as `node:fs` takes it. */
  of(name: Path): Buffer {
    return toBuffer(this.place(name));
  }

  /** The same as a `Path`, good as long as the folder is open. */
  place(name: Path): Path {
    return joinPath(this.#file === null ? this.#path : (`/proc/self/fd/${this.#file}` as Path), name);
  }

  /** Device and inode. */
  get identity(): string {
    const stats =
      this.#file === null
        ? lstatSync(toBuffer(this.#path), { bigint: true })
        : fstatSync(this.#file, { bigint: true });
    return `${stats.dev}:${stats.ino}`;
  }

  /** Makes sure that names in the folder outlive a loss of power. Not all systems offer that. */
  sync(): void {
    if (this.#file !== null) fsyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }

  #enter(name: Path, missing: 'make' | 'fail'): Anchored {
    const path = joinPath(this.#path, name);
    try {
      return this.#open(name, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || missing === 'fail') throw error;
    }
    try {
      mkdirSync(this.of(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    this.sync();
    return this.#open(name, path);
  }

  #open(name: Path, path: Path): Anchored {
    return open(path, this.of(name), (file) => new Anchored(path, file));
  }
}

function open(path: Path, system: Buffer, make: (file: number | null) => Anchored): Anchored {
  if (THROUGH_PROC) return make(openSync(system, FOLDER));
  if (lstatSync(toBuffer(path)).isDirectory()) return make(null);
  throw Object.assign(new Error('a link or a file is in the way'), { code: 'ENOTDIR' });
}
