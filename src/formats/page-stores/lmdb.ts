import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZero } from '../pages.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { accountTail } from '../tail.ts';
import { HEADER, type LmdbPage, readLmdbPage, readMeta } from './lmdb-page.ts';

const MOST_TREES = 4096;

export const lmdb: Format = {
  id: 'lmdb',
  title: 'LMDB environment',
  extensions: ['lmdb'],
  signatures: [
    { at: 8, hex: '0000080000000000dec0efbe01000000', mask: '0000ffff00000000ffffffffffffffff' },
    { at: 16, hex: 'dec0efbe01000000' },
  ],
  spec: 'LMDB source, mdb.c (MDB_page, MDB_node, MDB_meta)',
  proof: 'the trees of the newer meta page: page numbers, node pointers; values and free pages stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const first = readMeta(reader, 0);
    const second = readMeta(reader, first.pageSize);
    const newer = second.transaction > first.transaction ? second : first;
    const walk = new TreeWalk(reader, ledger, first.pageSize);
    for (const at of [0, first.pageSize]) accountMeta(reader, ledger, at, first.pageSize);
    walk.walk(newer.roots);
    const used = (newer.lastPage + 1) * first.pageSize;
    if (used > reader.size) reader.bytes(used - 1, 1, 'page');
    walk.accountFree();
  },
};

function accountMeta(reader: Reader, ledger: Ledger, at: number, pageSize: number): void {
  ledger.account(at, at + 32, 'structure', 'meta page');
  ledger.raw(at + 32, at + 160, 'meta page');
  const rest = reader.bytes(at, pageSize);
  if (isZero(rest, 160, pageSize))
    ledger.account(at + 160, at + pageSize, 'padding', 'rest of a meta page', SLACK_FLOOR);
  else ledger.raw(at + 160, at + pageSize, 'rest of a meta page');
}

/** Walks the trees of one transaction, each page once. */
class TreeWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #size: number;
  readonly #seen: Uint8Array;

  constructor(reader: Reader, ledger: Ledger, size: number) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#size = size;
    this.#seen = new Uint8Array(Math.ceil(reader.size / size));
    this.#seen.fill(1, 0, 2);
  }

  walk(roots: readonly number[]): void {
    const open = [...roots];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      this.#reader.meter.step();
      try {
        for (const next of this.#visit(number)) open.push(next);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        this.#ledger.broken(error, Math.min(this.#reader.size, (number + 1) * this.#size));
      }
    }
  }

  /** Pages that no tree refers to hold what was deleted, or nothing yet. */
  accountFree(): void {
    for (const [number, seen] of this.#seen.entries()) {
      const at = number * this.#size;
      const end = Math.min(this.#reader.size, at + this.#size);
      if (seen !== 0) continue;
      this.#reader.meter.step();
      if (end < at + this.#size) {
        accountTail(this.#reader, this.#ledger, at);
        return;
      }
      const isEmpty = isZero(this.#reader.bytes(at, end - at), 0, end - at);
      if (isEmpty) this.#ledger.account(at, end, 'padding', 'free pages', SLACK_FLOOR);
      else this.#ledger.raw(at, end, 'free pages');
    }
  }

  #visit(number: number): readonly number[] {
    if (number < 2 || number >= this.#seen.length) {
      throw new Broken(0, 'page number', `up to ${this.#seen.length - 1}`, number);
    }
    if (this.#seen[number] !== 0) throw new Broken(number * this.#size, 'page', 'one reference', 'two');
    const at = number * this.#size;
    const page = readLmdbPage(this.#reader.bytes(at, this.#size, 'page'), at, number);
    this.#seen.fill(1, number, number + page.pages);
    this.#accountPage(page, at);
    if (page.children.length > MOST_TREES) throw new Broken(at, 'entries of a page', `up to ${MOST_TREES}`);
    return page.children;
  }

  #accountPage({ pages, lower, upper }: LmdbPage, at: number): void {
    const end = at + pages * this.#size;
    if (end > this.#reader.size) this.#reader.bytes(end - 1, 1, 'value');
    this.#ledger.account(at, at + HEADER, 'structure', 'page headers', 8);
    if (pages > 1 || upper === 0) {
      this.#ledger.raw(at + HEADER, end, 'values');
      return;
    }
    this.#ledger.account(at + HEADER, at + lower, 'structure', 'pointers to nodes', 8);
    const bytes = this.#reader.bytes(at, this.#size);
    // What was deleted stays between pointers and nodes.
    if (isZero(bytes, lower, upper))
      this.#ledger.account(at + lower, at + upper, 'padding', 'free room', SLACK_FLOOR);
    else this.#ledger.raw(at + lower, at + upper, 'free room');
    this.#ledger.raw(at + upper, end, 'nodes');
  }
}
