import type { Path } from '../../sources/folders/path.ts';
import type { Entry } from '../../sources/images/file-system.ts';

/** An entry of a volume, in the order in which its file system gives them. */
export interface Listed<E extends Entry> {
  readonly number: number;
  readonly entry: E;
  /** The name under which the same content was given before. */
  readonly earlier: Path | null;
}

/**
 * The entries of a volume by number. Going forward costs nothing but the entries in between; going back begins anew.
 * Whoever lists a volume gives its entries the same numbers, so that workers need no list of them.
 */
export class Listing<E extends Entry> {
  readonly #list: () => Iterable<E>;
  #entries: Iterator<E>;
  #next = 0;
  #links = new Links();

  constructor(list: () => Iterable<E>) {
    this.#list = list;
    this.#entries = list()[Symbol.iterator]();
  }

  /** The entries from this number on, as far as they're wanted. `beat` is called for each that's passed over, too. */
  *from(number: number, beat: () => void): Generator<Listed<E>> {
    if (number < this.#next) this.#restart();
    for (let listed = this.#take(); listed !== null; listed = this.#take()) {
      beat();
      if (listed.number >= number) yield listed;
    }
  }

  #restart(): void {
    this.#entries.return?.();
    this.#entries = this.#list()[Symbol.iterator]();
    this.#next = 0;
    this.#links = new Links();
  }

  #take(): Listed<E> | null {
    const result = this.#entries.next();
    if (result.done === true) return null;
    const entry = result.value;
    return { number: this.#next++, entry, earlier: this.#links.earlier(entry) };
  }
}

interface Seen {
  readonly first: Path;
  left: number;
}

/** Contents with several names, so that each is examined once. Those whose names were all met are forgotten. */
class Links {
  readonly #seen = new Map<number, Seen>();

  /** Streams of NTFS have the number of their file, and contents of their own: names with a colon are left alone. */
  earlier({ kind, id, links, path, allocated }: Entry): Path | null {
    if (kind !== 'file' || links < 2 || !allocated || path.includes(':')) return null;
    const seen = this.#seen.get(id);
    if (seen === undefined) {
      this.#seen.set(id, { first: path, left: links - 1 });
      return null;
    }
    if (--seen.left === 0) this.#seen.delete(id);
    return seen.first;
  }
}
