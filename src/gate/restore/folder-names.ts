import type { Path } from '../../sources/folders/path.ts';

/**
 * Which paths are folders of what is restored. Paths come so that all that lies in a folder's folders comes before its
 * own files, and so a file meets the folder of its name; folders that are done are forgotten.
 */
export class FolderNames {
  /** By folder: names in it that are folders themselves. */
  readonly #within = new Map<string, Set<string>>();
  #folder = '';

  /** Whether something below this path was added. */
  isFolder(path: Path): boolean {
    const [folder, name] = split(path);
    return this.#within.get(folder)?.has(name) === true;
  }

  add(path: Path): void {
    const [folder] = split(path);
    if (folder !== this.#folder) this.#forget(folder);
    this.#folder = folder;
    for (let below = folder; below !== ''; ) {
      const [above, name] = split(below);
      const names = this.#within.get(above) ?? new Set();
      if (names.has(name)) return;
      this.#within.set(above, names.add(name));
      below = above;
    }
  }

  /** Only folders above this one, and itself, are yet to come. */
  #forget(folder: string): void {
    for (const known of this.#within.keys()) {
      if (known !== '' && !`${folder}/`.startsWith(`${known}/`)) this.#within.delete(known);
    }
  }
}

function split(path: string): [folder: string, name: string] {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}
