import { Broken } from '../../bytes/errors.ts';
import { isTreePage, type TreePage, TreePageReader } from './btree-page.ts';
import type { Database } from './database.ts';
import { Evidence } from './evidence.ts';
import { role } from './pages.ts';
import { Record } from './record.ts';

/** Finds which page belongs to which tree, reading inner pages only: leaves are checked later, in file order. */
export class TreeWalk {
  readonly #database: Database;
  readonly #evidence: Evidence;
  readonly #pageReader: TreePageReader;

  constructor(database: Database) {
    this.#database = database;
    this.#evidence = new Evidence(database.header.pageSize);
    this.#pageReader = new TreePageReader(database.header, this.#evidence);
  }

  /** Claims the roots named by the schema, and every page below them that sound inner pages lead to. */
  walk(): void {
    this.#database.refer(1, role.root, 0, 0);
    this.#descend(1);
    for (const root of this.#readSchema()) {
      if (this.#database.refer(root.page, role.root, 0, root.at)) this.#descend(root.page);
    }
  }

  /** The page if it's a sound b-tree page, else null: what is wrong will be said when its turn comes. */
  #read(number: number): { page: Uint8Array; tree: TreePage } | null {
    const { overflowReader, header } = this.#database;
    overflowReader.meter.step();
    const base = this.#database.offsetOf(number);
    const page = overflowReader.copy(base, header.pageSize, 'page');
    try {
      return { page, tree: this.#pageReader.read(page, base, number) };
    } catch (error) {
      if (error instanceof Broken) return null;
      throw error;
    }
  }

  #descend(root: number): void {
    const open = [root];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      const tree = this.#read(number)?.tree;
      if (tree === undefined || tree.leaf) continue;
      const fresh = this.#database.expand(number, tree);
      const first = fresh[0];
      // All leaves of a tree are at one depth: where the first child is a leaf, so are the others.
      if (first !== undefined && this.#isInner(first)) open.push(...fresh);
    }
  }

  #isInner(number: number): boolean {
    const type = this.#database.overflowReader.u8(this.#database.offsetOf(number));
    return isTreePage(type) && type < 10;
  }

  /** Root pages by the table at page 1: type, name, tbl_name, rootpage, sql (§2.6). */
  #readSchema(): { page: number; at: number }[] {
    const roots: { page: number; at: number }[] = [];
    const seen = new Set<number>();
    const open = [1];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      const read =
        seen.has(number) || number < 1 || number > this.#database.pages.count ? null : this.#read(number);
      seen.add(number);
      if (read === null || !read.tree.table) continue;
      open.push(...read.tree.children);
      if (read.tree.leaf) roots.push(...this.#rootsOf(read.page, read.tree, this.#database.offsetOf(number)));
    }
    return roots;
  }

  *#rootsOf(page: Uint8Array, tree: TreePage, base: number): Generator<{ page: number; at: number }> {
    const record = new Record();
    for (const { start, end, payload } of tree.cells) {
      if (!this.#readsWell(record, page, start, end, payload, base)) continue;
      const at = start + record.headerSize + record.sizes[0]! + record.sizes[1]! + record.sizes[2]!;
      const size = record.sizes[3]!;
      const isInteger = record.types[3]! >= 1 && record.types[3]! <= 4;
      if (!isInteger || at + size > end) continue;
      let value = 0;
      for (let i = 0; i < size; i++) value = value * 256 + page[at + i]!;
      if (value > 0) yield { page: value, at: base + at };
    }
  }

  #readsWell(
    record: Record,
    page: Uint8Array,
    start: number,
    end: number,
    payload: number,
    base: number,
  ): boolean {
    try {
      return record.read(page, start, end, payload, base, this.#evidence) && record.count >= 5;
    } catch (error) {
      if (error instanceof Broken) return false;
      throw error;
    }
  }
}
