import { joinPath, type Path } from '../../../folders/path.ts';

const DEEPEST = 1024;

interface Place {
  readonly parent: number;
  readonly name: Path;
}

/** Where folders are named, by their first clusters. One record for each folder. */
export class FolderNames {
  readonly #root: number;
  readonly #places = new Map<number, Place>();

  constructor(root: number) {
    this.#root = root;
  }

  /** The first name of a folder counts. */
  add(folder: number, parent: number, name: Path): void {
    if (!this.#places.has(folder)) this.#places.set(folder, { parent, name });
  }

  /** `a/b`, or `?/#77/b` where the name of the folder at cluster 77 is lost. */
  pathOf(folder: number): { readonly path: Path; readonly full: boolean } {
    const names: Path[] = [];
    let at = folder;
    while (at !== this.#root) {
      const place = this.#places.get(at);
      if (place === undefined || names.length >= DEEPEST)
        return { path: join(`?/#${at}` as Path, names), full: false };
      names.push(place.name);
      at = place.parent;
    }
    return { path: join('' as Path, names), full: true };
  }
}

function join(start: Path, names: readonly Path[]): Path {
  return names.reduceRight<Path>((path, name) => joinPath(path, name), start);
}
