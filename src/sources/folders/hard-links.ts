import { lstatSync } from 'node:fs';
import { type Path, toSystemPath } from './path.ts';

interface Seen {
  readonly first: Path;
  /** Names of the same file that weren't met yet. */
  left: number;
}

/** Remembers files with several names, so that each is examined once. Those whose names were all met are forgotten. */
export class HardLinks {
  readonly #seen = new Map<string, Seen>();

  /** The name under which this file was met before; null if this is the first. @throws what `lstat` throws */
  earlier(path: Path): Path | null {
    // Inode numbers may exceed 2^53; rounded, two files could pass for one, and one of them stay unexamined.
    const { dev, ino, nlink } = lstatSync(toSystemPath(path), { bigint: true });
    const key = `${dev}:${ino}`;
    const seen = this.#seen.get(key);
    if (seen === undefined) {
      this.#seen.set(key, { first: path, left: Number(nlink) - 1 });
      return null;
    }
    if (--seen.left === 0) this.#seen.delete(key);
    return seen.first;
  }
}
