import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import type { TreePage } from './btree-page.ts';
import type { DatabaseHeader } from './header.ts';
import { PageUse, type Role, role } from './pages.ts';
import { Texts } from './texts.ts';

/** Up to so many pages each is mapped in detail; beyond, a page is one claim, so that memory stays bounded. */
const MOST_PRECISE_PAGES = 8192;

/** What the checks of one database share. */
export class Database {
  readonly header: DatabaseHeader;
  readonly reader: Reader;
  /** Follows chains, so that `reader` may go on in order. */
  readonly overflowReader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
  readonly pages: PageUse;
  readonly texts = new Texts();
  readonly precise: boolean;
  /** Pages whose content contradicts the format: what they referred to is unknown. */
  readonly lost = new Set<number>();
  /** Whether a log or journal beside the database holds newer or older pages: references may not fit. */
  readonly unsettled: boolean;
  readonly #expanded = new Set<number>();

  constructor(header: DatabaseHeader, reader: Reader, ledger: Ledger, context: Context, unsettled: boolean) {
    this.header = header;
    this.reader = reader;
    this.overflowReader = reader.within(0, reader.size);
    this.ledger = ledger;
    this.context = context;
    this.unsettled = unsettled;
    const stored = Math.floor(reader.size / header.pageSize);
    const { statedPages } = header;
    this.pages = new PageUse(!unsettled && statedPages > 0 && statedPages < stored ? statedPages : stored);
    this.precise = this.pages.count <= MOST_PRECISE_PAGES;
  }

  offsetOf(page: number): number {
    return (page - 1) * this.header.pageSize;
  }

  /**
   * Notes that `parent` uses `page`; gives false where that can't be.
   * @param at offset of the reference in the file
   */
  refer(page: number, as: Role, parent: number, at: number): boolean {
    try {
      this.pages.claim(page, as, parent, at);
      return true;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      if (this.unsettled) this.ledger.oddity(at, error.message);
      else this.ledger.broken(error, at + 4);
      return false;
    }
  }

  /** Claims the pages below an inner page, once; gives those that were not claimed before. */
  expand(number: number, tree: TreePage): number[] {
    if (tree.leaf || this.#expanded.has(number)) return [];
    this.#expanded.add(number);
    const at = this.offsetOf(number);
    return tree.children.filter((child) => this.refer(child, role.child, number, at));
  }

  /** Notes that a page is not what it must be; its range is lost. */
  lose(page: number, error: Broken): void {
    if (error instanceof Truncated || this.lost.has(page)) {
      this.ledger.broken(error);
      return;
    }
    this.lost.add(page);
    const start = this.offsetOf(page);
    this.ledger.observe({
      kind: 'broken',
      at: start,
      end: start + this.header.pageSize,
      what: `page ${page}: ${error.what} at byte ${error.at}`,
      ...(error.expected === undefined ? {} : { expected: error.expected }),
      ...(error.actual === undefined ? {} : { actual: error.actual }),
    });
  }

  /** Claims an overflow page at `base`, whose payload ends at `end` (offset in the page). */
  claimOverflow(page: Uint8Array, base: number, end: number): void {
    const { pageSize } = this.header;
    this.ledger.raw(base, base + pageSize, 'overflow pages');
    if (!this.precise) return;
    this.ledger.account(base, base + 4, 'structure', 'overflow chain');
    if (isZero(page, end))
      this.ledger.account(base + end, base + pageSize, 'padding', 'end of overflow chain', SLACK_FLOOR);
  }

  /** Claims a page that nothing is said about: zeros, or leftovers. */
  claimFree(page: Uint8Array, base: number, by: string): void {
    const end = base + this.header.pageSize;
    if (isZero(page, 0)) this.ledger.account(base, end, 'padding', `${by}, zeros`, SLACK_FLOOR);
    else this.ledger.raw(base, end, by);
  }
}

export function isZero(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}
