import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import { isTreePage, TreePageReader } from '../../formats/sqlite/btree-page.ts';
import { Evidence, weight } from '../../formats/sqlite/evidence.ts';
import { Record } from '../../formats/sqlite/record.ts';
import { judgeText } from '../../formats/sqlite/text.ts';
import type { Finder } from '../item.ts';
import { readerOf } from '../reader-of.ts';

const sizes = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];
/** Pages that are tried with each size. */
const TRIED = 256;
/** Pages of fewer cells prove too little of themselves. */
const LEAST_CELLS = 1;
const MOST_IN_RUN = 4096;

/**
 * Pages of SQLite databases that hold together by themselves: cells, pointers, freeblocks and fragments tile the page, each
 * record's sizes add up, its text is text. No page has a checksum: the floor says how much could hide, and pages where that is
 * a quarter of the page or more (those of pictures and other blobs) are left out. The first page may be lost.
 */
export const databasePages: Finder = {
  suits: ({ examination: { evidence }, source }) => {
    const { verifier, promised } = evidence.identity;
    return (
      source.size >= sizes[0]! && (verifier?.id === 'sqlite' || promised.some(({ id }) => id === 'sqlite'))
    );
  },

  find(subject, take) {
    const reader = readerOf(subject);
    const size = pageSizeOf(reader);
    if (size === null) return;
    const judge = new PageJudge(size);
    const pages = Math.floor(reader.size / size);
    for (let first = 1; first <= pages; first++) {
      let floor = 0;
      let last = first - 1;
      while (last < pages && last - first < MOST_IN_RUN) {
        const own = judge.floorOf(reader, last + 1);
        if (own === null) break;
        floor = Math.max(floor, own);
        last++;
      }
      if (last < first) continue;
      const range = { start: (first - 1) * size, end: last * size };
      const isWanted = take({
        kind: 'pages',
        name: first === last ? `page-${first}.bin` : `pages-${first}-${last}.bin`,
        size: range.end - range.start,
        ranges: [range],
        proof: `b-tree pages of ${size} bytes, tiled by their cells, records that add up, text that is text`,
        floor,
        source: new SliceSource(subject.source, range.start, range.end),
      });
      if (!isWanted) return;
      first = last;
    }
  },
};

/** By the header or, where that is lost, the size with which most bytes hold together. */
function pageSizeOf(reader: Reader): number | null {
  if (reader.has(0, 'SQLite format 3\0')) {
    const stated = reader.u16be(16);
    const size = stated === 1 ? 65536 : stated;
    return sizes.includes(size) ? size : null;
  }
  const proved = sizes.map((size) => ({ size, bytes: size * countSound(reader, size) }));
  const best = proved.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  return best.bytes > 0 ? best.size : null;
}

function countSound(reader: Reader, size: number): number {
  const judge = new PageJudge(size);
  const pages = Math.floor(reader.size / size);
  const step = Math.max(1, Math.floor(pages / TRIED));
  let sound = 0;
  for (let number = 1; number <= pages; number += step) if (judge.floorOf(reader, number) !== null) sound++;
  return sound * step;
}

class PageJudge {
  readonly #size: number;
  readonly #evidence: Evidence;
  readonly #reader: TreePageReader;
  readonly #record = new Record();

  constructor(size: number) {
    this.#size = size;
    this.#evidence = new Evidence(size);
    this.#reader = new TreePageReader({ pageSize: size, usable: size }, this.#evidence);
  }

  /** The shortest random run that the page would give away, in bytes; null where it proves too little, or isn't one. */
  floorOf(reader: Reader, number: number): number | null {
    reader.meter.step();
    const base = (number - 1) * this.#size;
    const page = reader.bytes(base, this.#size, 'page');
    if (!isTreePage(page[number === 1 ? 100 : 0]!)) return null;
    try {
      this.#evidence.clear();
      const tree = this.#reader.read(page, base, number);
      if (tree.cells.length < LEAST_CELLS) return null;
      if (number === 1) this.#evidence.mark(0, 100, weight.layout);
      for (let at = tree.gap.start; at < tree.gap.end; at++) if (page[at] !== 0) return null;
      this.#evidence.mark(tree.gap.start, tree.gap.end, weight.layout);
      for (const cell of tree.cells) if (cell.payload > 0) this.#readRecord(page, base, cell);
    } catch (error) {
      if (error instanceof Broken) return null;
      throw error;
    }
    const floor = this.#evidence.floorOf(0, this.#size);
    return floor <= this.#size / 4 ? floor : null;
  }

  /** Text is checked as UTF-8: databases in UTF-16 have no weight for it, and are left out by their floor. */
  #readRecord(
    page: Uint8Array,
    base: number,
    cell: { readonly start: number; readonly end: number; readonly payload: number },
  ): void {
    const record = this.#record;
    if (!record.read(page, cell.start, cell.end, cell.payload, base, this.#evidence)) return;
    let at = cell.start + record.headerSize;
    for (let i = 0; i < record.count && at < cell.end; i++) {
      const end = Math.min(cell.end, at + record.sizes[i]!);
      const isCut = end < at + record.sizes[i]!;
      if (record.kinds[i] === 'text' && judgeText(page, at, end, 'utf-8', isCut) === 'sound')
        this.#evidence.mark(at, end, weight.text8);
      at = end;
    }
  }
}
