import { readdirSync } from 'node:fs';
import { ReadError } from '../../bytes/errors.ts';
import { folderOf, fromBytes, joinPath, nameOf, type Path, toSystemPath } from '../folders/path.ts';
import type { PooledFile, PooledFiles } from './pooled-files.ts';

/** Names of files in one folder, and the files themselves, opened read-only. Nothing outside of it is ever touched. */
export class Folder {
  readonly path: Path;
  readonly #pool: PooledFiles;
  /** By name in lower case. */
  #names: ReadonlyMap<string, readonly Path[]> | null = null;

  /** The folder that `file` is in. */
  constructor(file: Path, pool: PooledFiles) {
    this.path = folderOf(file);
    this.#pool = pool;
  }

  /**
   * Null where there's no such file, where it isn't a regular one, or where the name could lead elsewhere. Letters'
   * case counts only if two names differ in nothing else: images move between systems with other rules.
   */
  open(name: string): { readonly path: Path; readonly source: PooledFile } | null {
    if (!isPlainName(name)) return null;
    const found = this.#find(fromBytes(Buffer.from(name)));
    if (found === null) return null;
    const path = joinPath(this.path, found);
    try {
      return { path, source: this.#pool.open(path) };
    } catch (error) {
      if (error instanceof ReadError) return null;
      throw error;
    }
  }

  list(prefix: string): readonly string[] {
    const wanted = prefix.toLowerCase();
    return [...this.#all().values()].flat().filter((name) => name.toLowerCase().startsWith(wanted));
  }

  #find(name: Path): Path | null {
    const alike = this.#all().get(name.toLowerCase()) ?? [];
    if (alike.includes(name)) return name;
    return alike.length === 1 ? alike[0]! : null;
  }

  #all(): ReadonlyMap<string, readonly Path[]> {
    this.#names ??= groupNames(readNames(this.path));
    return this.#names;
  }
}

function groupNames(names: readonly Path[]): Map<string, Path[]> {
  const groups = new Map<string, Path[]>();
  for (const name of names) {
    const key = name.toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return groups;
}

function readNames(folder: Path): Path[] {
  try {
    return readdirSync(toSystemPath(folder), { encoding: 'buffer' }).map(fromBytes).sort();
  } catch {
    // A folder that may be passed but not listed: then nothing is beside the image, as far as can be seen.
    return [];
  }
}

/**
 * Whether the name can only be one in the same folder. A crafted QCOW2 or VMDK names `/etc/shadow` as its parent or
 * extent: tools that follow such names copy the examiner's own files into the evidence.
 */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && !/[/\\\0]|\.\.|^[A-Za-z]:/.test(name);
}

/** The last segment of a path as an image gives it, whichever system wrote it. */
export function lastSegment(path: string): string {
  return nameOf(path.replaceAll('\\', '/') as Path);
}
