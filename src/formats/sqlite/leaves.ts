import { Broken } from '../../bytes/errors.ts';
import { isTreePage, TreePageReader } from './btree-page.ts';
import { type Database, isZero } from './database.ts';
import { Evidence } from './evidence.ts';
import { role } from './pages.ts';
import { PayloadReader } from './payload.ts';

/** Checks every page in the order of the file, whatever refers to it. */
export class PageSweep {
  readonly #database: Database;
  readonly #evidence: Evidence;
  readonly #pageReader: TreePageReader;
  readonly #payloads: PayloadReader;
  /** Kind of each tree page: 1 table, 2 index, 0 unknown. */
  readonly #kinds: Uint8Array;

  constructor(database: Database) {
    this.#database = database;
    this.#evidence = new Evidence(database.header.pageSize);
    this.#pageReader = new TreePageReader(database.header, this.#evidence);
    this.#payloads = new PayloadReader(database);
    this.#kinds = new Uint8Array(database.pages.count + 1);
  }

  sweep(): void {
    const { pages, reader } = this.#database;
    for (let number = 1; number <= pages.count; number++) {
      reader.meter.step();
      this.#checkUsed(number);
    }
    for (let number = 1; number <= pages.count; number++) {
      reader.meter.step();
      if (!this.#isDone(number)) this.#checkLate(number);
      this.#checkParent(number);
    }
  }

  #checkUsed(number: number): void {
    const as = this.#database.pages.roleOf(number);
    if (as === role.root || as === role.child) this.#checkTreePage(number);
    if (as === role.free)
      this.#database.claimFree(this.#view(number), this.#database.offsetOf(number), 'free pages');
    if (as === role.locked)
      this.#database.claimFree(this.#view(number), this.#database.offsetOf(number), 'locked page');
  }

  #isDone(number: number): boolean {
    const as = this.#database.pages.roleOf(number);
    if (as === role.unknown) return false;
    return (
      (as !== role.child && as !== role.root) || this.#kinds[number] !== 0 || this.#database.lost.has(number)
    );
  }

  /** Pages that were referred to only after their turn, or by nothing: what led to them may be lost. */
  #checkLate(number: number): void {
    const as = this.#database.pages.roleOf(number);
    const page = this.#view(number);
    if (as !== role.unknown || isTreePage(page[0]!)) {
      this.#checkTreePage(number);
      return;
    }
    const base = this.#database.offsetOf(number);
    const next = this.#database.reader.u32be(base);
    const mayFollow = this.#database.lost.size > 0 || this.#database.unsettled;
    if (isZero(page, 0)) this.#database.ledger.oddity(base, `page ${number} is not used`);
    else if (next > this.#database.pages.count || !mayFollow) {
      this.#database.lose(number, new Broken(base, 'page', 'some use', 'none'));
      return;
    }
    this.#database.claimFree(this.#view(number), base, 'pages that nothing leads to');
  }

  #checkTreePage(number: number): void {
    try {
      this.#readTreePage(number);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#database.lose(number, error);
    }
  }

  #readTreePage(number: number): void {
    const { ledger, precise } = this.#database;
    const base = this.#database.offsetOf(number);
    const page = this.#view(number);
    this.#evidence.clear();
    const tree = this.#pageReader.read(page, base, number);
    this.#kinds[number] = tree.table ? 1 : 2;
    if (number === 1) this.#evidence.mark(0, 100, 16);
    this.#evidence.markZeros(page, tree.gap.start, tree.gap.end);
    this.#evidence.markZeros(page, this.#database.header.usable, page.length);
    for (const cell of tree.cells) {
      this.#database.reader.meter.step();
      this.#payloads.read(page, base, cell, this.#evidence);
    }
    this.#database.expand(number, tree);
    if (precise) this.#evidence.claim(ledger, base, 'b-tree pages');
    else this.#evidence.claimWhole(ledger, base, 'b-tree pages');
  }

  /** Trees of tables and of indexes don't mix. */
  #checkParent(number: number): void {
    const { pages, ledger } = this.#database;
    if (pages.roleOf(number) !== role.child) return;
    const own = this.#kinds[number]!;
    const above = this.#kinds[pages.parentOf(number)]!;
    if (own === 0 || above === 0 || own === above || this.#database.unsettled) return;
    const at = this.#database.offsetOf(number);
    ledger.broken(
      new Broken(at, 'b-tree page type', above === 1 ? 'table' : 'index', own === 1 ? 'table' : 'index'),
    );
  }

  #view(number: number): Uint8Array {
    return this.#database.reader.bytes(
      this.#database.offsetOf(number),
      this.#database.header.pageSize,
      'page',
    );
  }
}
