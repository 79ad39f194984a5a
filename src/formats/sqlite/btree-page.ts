import { Broken } from '../../bytes/errors.ts';
import { type Evidence, weight } from './evidence.ts';
import type { DatabaseHeader } from './header.ts';
import { Varint } from './varint.ts';

/** The four kinds of b-tree pages (§1.6), by their first byte. */
const kinds: Readonly<Record<number, { readonly leaf: boolean; readonly table: boolean }>> = {
  2: { leaf: false, table: false },
  5: { leaf: false, table: true },
  10: { leaf: true, table: false },
  13: { leaf: true, table: true },
};

export function isTreePage(firstByte: number): boolean {
  return kinds[firstByte] !== undefined;
}

/** One cell of a page, its offsets counted from the start of the page. */
export interface Cell {
  /** Bytes of the payload, those on overflow pages included; 0 in the inner pages of tables, which have none. */
  readonly payload: number;
  /** Where the payload stands. */
  readonly start: number;
  /** Where the local part of it ends. */
  readonly end: number;
  /** First overflow page, or 0. */
  readonly overflow: number;
}

export interface TreePage {
  readonly leaf: boolean;
  readonly table: boolean;
  readonly cells: readonly Cell[];
  /** Pages below, in the order of their keys; none on a leaf. */
  readonly children: readonly number[];
  /** Fragments and freeblocks are outside of it; between pointers and content. */
  readonly gap: { readonly start: number; readonly end: number };
}

/** Bytes of a page, and of its part that holds content. */
export type PageShape = Pick<DatabaseHeader, 'pageSize' | 'usable'>;

/** Reads b-tree pages of one database and checks that their parts tile them. */
export class TreePageReader {
  readonly #header: PageShape;
  readonly #evidence: Evidence;
  readonly #varint = new Varint();
  /** Which bytes of the page are taken. */
  readonly #taken: Uint8Array;
  #page: Uint8Array = new Uint8Array(0);
  #base = 0;
  /** The key of the cell read last: a rowid, in tables. */
  #lastKey = 0;

  constructor(header: PageShape, evidence: Evidence) {
    this.#header = header;
    this.#evidence = evidence;
    this.#taken = new Uint8Array(header.pageSize);
  }

  /**
   * @param page the whole page, which stands at `base` in the file
   * @param number the page's number; the first has the header of the database before its own
   * @throws Broken
   */
  read(page: Uint8Array, base: number, number: number): TreePage {
    this.#page = page;
    this.#base = base;
    this.#taken.fill(0);
    const start = number === 1 ? 100 : 0;
    const kind = kinds[page[start]!];
    if (kind === undefined) throw new Broken(base + start, 'b-tree page type', '2, 5, 10 or 13', page[start]);
    const pointersAt = start + (kind.leaf ? 8 : 12);
    const count = this.#u16(start + 3);
    const gap = { start: pointersAt + 2 * count, end: this.#u16(start + 5) || 65536 };
    if (gap.end < gap.start || gap.end > this.#header.usable) {
      throw new Broken(
        base + start + 5,
        'start of cell content',
        `${gap.start} to ${this.#header.usable}`,
        gap.end,
      );
    }
    this.#evidence.mark(start, gap.start, weight.layout);
    const result = this.#readCells(kind, pointersAt, count, gap.end);
    if (!kind.leaf) result.children.push(this.#pageNumber(start + 8));
    this.#takeFreeblocks(start, gap.end);
    this.#countFragments(start, gap.end);
    return { ...kind, ...result, gap };
  }

  #readCells(
    kind: { leaf: boolean; table: boolean },
    pointersAt: number,
    count: number,
    contentAt: number,
  ): { cells: Cell[]; children: number[] } {
    const cells: Cell[] = [];
    const children: number[] = [];
    let key = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const at = this.#u16(pointersAt + 2 * i);
      if (at < contentAt || at > this.#header.usable - 4) {
        throw new Broken(this.#base + pointersAt + 2 * i, 'cell pointer', `at least ${contentAt}`, at);
      }
      const cell = kind.table && !kind.leaf ? this.#readTableEntry(at) : this.#readPayload(kind, at);
      if (!kind.leaf) children.push(this.#pageNumber(at));
      if (kind.table) key = this.#checkOrder(key, at);
      this.#take(at, Math.max(at + 4, cell.overflow === 0 ? cell.end : cell.end + 4), 'cell');
      cells.push(cell);
    }
    return { cells, children };
  }

  /** Rowids ascend within a page (§1.6). */
  #checkOrder(before: number, at: number): number {
    if (this.#lastKey <= before && Math.abs(before) < 2 ** 53) {
      throw new Broken(this.#base + at, 'rowid', `more than ${before}`, this.#lastKey);
    }
    return this.#lastKey;
  }

  /** A cell of an inner page of a table: page number and rowid. */
  #readTableEntry(at: number): Cell {
    this.#integer(at + 4, 'rowid');
    this.#lastKey = this.#varint.signed;
    return { payload: 0, start: this.#varint.end, end: this.#varint.end, overflow: 0 };
  }

  #readPayload(kind: { leaf: boolean; table: boolean }, at: number): Cell {
    const sizeAt = kind.leaf ? at : at + 4;
    const payload = this.#integer(sizeAt, 'payload size');
    this.#evidence.mark(sizeAt, this.#varint.end, weight.layout);
    if (kind.table) this.#integer(this.#varint.end, 'rowid');
    this.#lastKey = this.#varint.signed;
    const start = this.#varint.end;
    const local = localSize(payload, this.#header.usable, kind.table);
    const end = start + local;
    const spills = local < payload;
    if (end + (spills ? 4 : 0) > this.#header.usable) {
      throw new Broken(this.#base + at, 'cell', 'an end inside of the page', end);
    }
    return { payload, start, end, overflow: spills ? this.#pageNumber(end) : 0 };
  }

  #integer(at: number, what: string): number {
    if (this.#varint.read(this.#page, at, this.#header.usable)) return this.#varint.value;
    throw new Broken(this.#base + at, what, 'an integer inside of the page', 'none');
  }

  #pageNumber(at: number): number {
    this.#evidence.mark(at, at + 4, weight.pointer);
    return this.#u16(at) * 65536 + this.#u16(at + 2);
  }

  /** Freeblocks are chained in ascending order (§1.6). */
  #takeFreeblocks(start: number, contentAt: number): void {
    let before = 0;
    for (let at = this.#u16(start + 1); at !== 0; at = this.#u16(at)) {
      if (at < contentAt || at <= before || at > this.#header.usable - 4) {
        throw new Broken(
          this.#base + Math.max(before, start + 1),
          'freeblock',
          'ascending offsets inside',
          at,
        );
      }
      const size = this.#u16(at + 2);
      if (size < 4 || at + size > this.#header.usable) {
        throw new Broken(this.#base + at + 2, 'freeblock size', `4 to ${this.#header.usable - at}`, size);
      }
      this.#take(at, at + size, 'freeblock');
      this.#evidence.mark(at, at + 4, weight.layout);
      this.#evidence.markZeros(this.#page, at + 4, at + size);
      before = at;
    }
  }

  #take(start: number, end: number, what: string): void {
    const taken = this.#taken;
    for (let at = start; at < end; at++) {
      if (taken[at] === 1) throw new Broken(this.#base + at, what, 'bytes of its own', 'an overlap');
      taken[at] = 1;
    }
  }

  /** Bytes in no cell and no freeblock are fragments, whose number the header has (§1.6). */
  #countFragments(start: number, contentAt: number): void {
    const taken = this.#taken;
    const { usable } = this.#header;
    let free = 0;
    for (let at = contentAt; at < usable; at++) free += 1 - taken[at]!;
    const stated = this.#page[start + 7]!;
    if (free !== stated) throw new Broken(this.#base + start + 7, 'fragmented free bytes', stated, free);
  }

  #u16(at: number): number {
    return this.#page[at]! * 256 + this.#page[at + 1]!;
  }
}

/** Bytes of the payload that stay on the page (§1.6, "cell payload overflow pages"). */
function localSize(payload: number, usable: number, table: boolean): number {
  const most = table ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (payload <= most) return payload;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((payload - least) % (usable - 4));
  return wanted <= most ? wanted : least;
}
