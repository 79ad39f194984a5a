import { Broken } from '../../bytes/errors.ts';
import { isTreePage, TreePageReader } from './btree-page.ts';
import { Evidence } from './evidence.ts';

/** More pages than any real database has: the first word of an overflow page or freelist trunk is below it. */
const MOST_PAGES = 1 << 24;

/** What a page outside of its database looks like. `opaque`: nothing that the format knows. */
export type LoosePage = 'tree' | 'chain' | 'opaque';

/** Judges pages that stand in logs and journals, where the rest of the database isn't at hand. */
export class LoosePages {
  readonly evidence: Evidence;
  readonly #reader: TreePageReader;

  /** @param pageSize bytes; reserved space is taken as none, as only the database tells */
  constructor(pageSize: number) {
    this.evidence = new Evidence(pageSize);
    this.#reader = new TreePageReader({ pageSize, usable: pageSize }, this.evidence);
  }

  judge(page: Uint8Array, base: number, number: number): LoosePage {
    const start = number === 1 ? 100 : 0;
    this.evidence.clear();
    if (isTreePage(page[start]!)) {
      if (this.#isTiled(page, base, number)) return 'tree';
      // With reserved space, cells end earlier than they could: the header alone must do.
      if (start === 100 || hasSoundHeader(page)) return 'chain';
    }
    return page[0]! * 2 ** 24 + page[1]! * 65536 < MOST_PAGES && number !== 1 ? 'chain' : 'opaque';
  }

  #isTiled(page: Uint8Array, base: number, number: number): boolean {
    try {
      const { gap } = this.#reader.read(page, base, number);
      this.evidence.markZeros(page, gap.start, gap.end);
      return true;
    } catch (error) {
      if (error instanceof Broken) return false;
      throw error;
    }
  }
}

function hasSoundHeader(page: Uint8Array): boolean {
  const count = page[3]! * 256 + page[4]!;
  const content = page[5]! * 256 + page[6]! || 65536;
  return 8 + 2 * count <= content && content <= page.length && page[7]! <= 60;
}
