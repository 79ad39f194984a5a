import { lstatSync } from 'node:fs';
import { reasonOf } from '../../sources/folders/entry.ts';
import { type Path, toBuffer, toSystemPath } from '../../sources/folders/path.ts';
import { displayText } from '../../sources/folders/path-text.ts';
import { findRoots } from '../../sources/folders/roots.ts';
import { type WalkOptions, walkInBulk } from '../../sources/folders/walk.ts';
import type { ExternalSort } from './external-sort.ts';
import { identityOf, type Trust } from './identity.ts';
import type { ListedRow } from './listed-file.ts';
import { toKey } from './name-key.ts';
import type { Snapshot } from './snapshot.ts';

export interface ListingOptions extends Pick<WalkOptions, 'include' | 'exclude' | 'crossMounts' | 'signal'> {
  readonly trust: Trust;
  /** Whether names that differ in case alone are the same. */
  readonly foldCase: boolean;
}

/** What a snapshot holds, but its files, which go into the sorter. */
export interface Listing {
  readonly files: number;
  readonly bytes: number;
  /** Links, devices and the like, which have no content to compare. */
  readonly skipped: number;
  /** Files and folders that couldn't be looked at, relative to the snapshot: whether something is gone there is unknown. */
  readonly unread: readonly Path[];
  /** Those beyond the ones listed. */
  readonly unreadLeftOut: number;
  /** Why the first of them couldn't be. */
  readonly why: string | null;
}

const MOST_UNREAD = 10_000;

/** Lists a snapshot's files, each name of hard links among them. @throws the reason of `signal` */
export async function listSnapshot(
  snapshot: Snapshot,
  index: number,
  rows: ExternalSort<ListedRow>,
  options: ListingOptions,
): Promise<Listing> {
  const counter = new Counter(snapshot);
  const [root] = await findRoots([toBuffer(snapshot.path)]);
  for await (const entries of walkInBulk([root!], { ...options, everyName: true })) {
    for (const entry of entries) {
      if (entry.kind === 'skipped') counter.skip();
      else if (entry.kind === 'unread') counter.miss(entry.path, entry.why);
      else counter.add(entry.path, index, rows, options);
    }
  }
  return counter.result();
}

class Counter {
  readonly #snapshot: Snapshot;
  readonly #unread: Path[] = [];
  #files = 0;
  #bytes = 0;
  #skipped = 0;
  #missed = 0;
  #why: string | null = null;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  skip(): void {
    this.#skipped++;
  }

  miss(path: Path, why: string): void {
    this.#why ??= `${displayText(path)}: ${why}`;
    if (this.#missed++ < MOST_UNREAD) this.#unread.push(this.#relative(path));
  }

  /** Inode numbers may exceed 2^53, and times count in nanoseconds: they are asked for as whole numbers. */
  add(path: Path, index: number, rows: ExternalSort<ListedRow>, { trust, foldCase }: ListingOptions): void {
    try {
      const stats = lstatSync(toSystemPath(path), { bigint: true });
      const relative = this.#relative(path);
      const size = Number(stats.size);
      const identity = identityOf(stats, this.#snapshot, trust);
      rows.add([toKey(relative, foldCase), index, relative, size, Number(stats.mtimeMs), identity]);
      this.#files++;
      this.#bytes += size;
    } catch (error) {
      this.miss(path, reasonOf(error));
    }
  }

  result(): Listing {
    return {
      files: this.#files,
      bytes: this.#bytes,
      skipped: this.#skipped,
      unread: this.#unread,
      unreadLeftOut: this.#missed - this.#unread.length,
      why: this.#why,
    };
  }

  #relative(path: Path): Path {
    const root = this.#snapshot.path;
    if (path === root) return '' as Path;
    return path.slice(root.endsWith('/') ? root.length : root.length + 1) as Path;
  }
}
