import type { Path } from '../../sources/folders/path.ts';
import type { Listing } from './listing.ts';

/** Snapshots in which a path may be, though it wasn't found: what holds it there couldn't be read. */
export class Absences {
  /** By snapshot: null where nothing at all can be said. */
  readonly #unread: readonly (readonly Path[] | null)[];

  constructor(listings: readonly Listing[]) {
    const most = Math.max(...listings.map(({ files }) => files));
    this.#unread = listings.map(({ unread, unreadLeftOut, files }) => {
      const isEmpty = files === 0 && most > 0;
      return isEmpty || unreadLeftOut > 0 ? null : unread;
    });
  }

  /** Whether there's anything to ask for: mostly there's not. */
  get none(): boolean {
    return this.#unread.every((paths) => paths?.length === 0);
  }

  /** @param present snapshots in which it was found */
  of(path: Path, present: readonly number[]): number[] {
    if (this.none) return [];
    return [...this.#unread.keys()].filter(
      (snapshot) => !present.includes(snapshot) && this.#mayHold(snapshot, path),
    );
  }

  #mayHold(snapshot: number, path: Path): boolean {
    const unread = this.#unread[snapshot];
    if (unread === null || unread === undefined) return true;
    return unread.some((one) => one === '' || path === one || path.startsWith(`${one}/`));
  }
}
