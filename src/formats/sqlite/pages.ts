import { Broken, OverBudget } from '../../bytes/errors.ts';

/** What a page is for. The first five are the types that pointer maps use (§1.8). */
export const role = {
  unknown: 0,
  root: 1,
  free: 2,
  firstOverflow: 3,
  laterOverflow: 4,
  child: 5,
  pointerMap: 6,
  locked: 7,
  trunk: 8,
} as const;
export type Role = (typeof role)[keyof typeof role];

const MOST_PAGES = 1 << 27;

/** Who refers to each page, and as what. Every page of a sound database has exactly one referrer. */
export class PageUse {
  readonly count: number;
  readonly #roles: Uint8Array;
  readonly #parents: Uint32Array;

  /** @param count pages, numbered from 1 */
  constructor(count: number) {
    if (count > MOST_PAGES) throw new OverBudget('pages of one database', MOST_PAGES);
    this.count = count;
    this.#roles = new Uint8Array(count + 1);
    this.#parents = new Uint32Array(count + 1);
  }

  roleOf(page: number): Role {
    return this.#roles[page] as Role;
  }

  parentOf(page: number): number {
    return this.#parents[page]!;
  }

  /**
   * Notes that `parent` uses `page`.
   * @param at offset of the reference in the file
   * @throws Broken when there is no such page, or when it's in use already
   */
  claim(page: number, as: Role, parent: number, at: number): void {
    if (page < 1 || page > this.count) throw new Broken(at, 'page number', `1 to ${this.count}`, page);
    if (this.#roles[page] !== role.unknown) {
      throw new Broken(
        at,
        `reference to page ${page}`,
        'the only one',
        `used by page ${this.#parents[page]} too`,
      );
    }
    this.#roles[page] = as;
    this.#parents[page] = parent;
  }
}
