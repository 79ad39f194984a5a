import { Broken } from '../../bytes/errors.ts';
import { examineBlob, type Piece } from './blobs.ts';
import type { Cell } from './btree-page.ts';
import type { Database } from './database.ts';
import type { Evidence } from './evidence.ts';
import { type Role, role } from './pages.ts';
import { Record, type ValueKind } from './record.ts';
import { judgeText, textFloor, textWeight } from './text.ts';

/** A text value this long becomes a range of its own: proved by grammar, not by structure. */
const OWN_TEXT = 128;

/** A value that goes on behind the end of the page. */
interface Spilled {
  readonly kind: ValueKind;
  /** Bytes that are still to come. */
  left: number;
  /** Bytes of the whole value. */
  readonly size: number;
  readonly pieces: Piece[];
}

/** Checks what cells hold: records, their values, and the overflow pages on which they go on. */
export class PayloadReader {
  readonly #database: Database;
  readonly #record = new Record();

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws Broken */
  read(page: Uint8Array, base: number, cell: Cell, evidence: Evidence): Record {
    const { start, end, payload } = cell;
    const record = this.#record;
    if (payload === 0) return record;
    const whole = record.read(page, start, end, payload, base, evidence);
    const spilled = whole ? this.#readValues(page, base, cell, evidence) : [];
    if (cell.overflow !== 0) this.#follow(cell, base, spilled);
    return record;
  }

  #readValues(page: Uint8Array, base: number, cell: Cell, evidence: Evidence): Spilled[] {
    const { kinds, sizes, count, headerSize } = this.#record;
    const spilled: Spilled[] = [];
    let at = cell.start + headerSize;
    for (let i = 0; i < count; i++) {
      const end = at + sizes[i]!;
      const here = Math.min(end, cell.end);
      const kind = kinds[i]!;
      if (kind === 'text') this.#readText(page, base, at, here, here < end, evidence);
      if (here < end) {
        const pieces = here > at ? [{ start: base + at, end: base + here }] : [];
        spilled.push({ kind, left: end - Math.max(here, at), size: end - at, pieces });
      } else if (kind === 'blob') {
        examineBlob(this.#database, [{ start: base + at, end: base + here }]);
      }
      at = end;
    }
    return spilled;
  }

  #readText(
    page: Uint8Array,
    base: number,
    start: number,
    end: number,
    cut: boolean,
    evidence: Evidence,
  ): void {
    if (end <= start) return;
    const { header, ledger, texts, precise } = this.#database;
    const state = judgeText(page, start, end, header.encoding, cut);
    texts.note(state, base + start, base + end);
    if (state !== 'sound') return;
    evidence.mark(start, end, textWeight(header.encoding));
    if (!precise || end - start < OWN_TEXT) return;
    ledger.account(
      base + start,
      base + end,
      'grammar',
      `${header.encoding} text`,
      textFloor(header.encoding),
    );
  }

  /** Follows the chain of overflow pages of a cell (§1.7), which must end with its payload. */
  #follow(cell: Cell, base: number, spilled: Spilled[]): void {
    const { header, overflowReader } = this.#database;
    let left = cell.payload - (cell.end - cell.start);
    let reference = { page: cell.overflow, at: base + cell.end };
    let parent = Math.floor(base / header.pageSize) + 1;
    let as: Role = role.firstOverflow;
    while (left > 0) {
      overflowReader.meter.step();
      if (!this.#database.refer(reference.page, as, parent, reference.at)) return;
      const here = Math.min(left, header.usable - 4);
      const next = this.#readOverflow(reference.page, here, left === here, spilled);
      if (next === null) return;
      left -= here;
      parent = reference.page;
      reference = { page: next, at: this.#database.offsetOf(parent) };
      as = role.laterOverflow;
    }
  }

  /** Gives the number of the next page: one of the database's, or 0 at the end; null where the chain is lost. */
  #readOverflow(number: number, length: number, last: boolean, spilled: Spilled[]): number | null {
    const { header, overflowReader, pages } = this.#database;
    const base = this.#database.offsetOf(number);
    const page = overflowReader.bytes(base, header.pageSize, 'overflow page');
    const next = page[0]! * 2 ** 24 + page[1]! * 65536 + page[2]! * 256 + page[3]!;
    if (last ? next !== 0 : next < 2 || next > pages.count) {
      this.#database.lose(
        number,
        new Broken(base, 'next overflow page', last ? 0 : `2 to ${pages.count}`, next),
      );
      return null;
    }
    this.#database.claimOverflow(page, base, 4 + length);
    this.#takeSpilled(page, base, 4 + length, spilled);
    return next;
  }

  #takeSpilled(page: Uint8Array, base: number, end: number, spilled: Spilled[]): void {
    let at = 4;
    while (at < end) {
      const value = spilled[0];
      if (value === undefined) return;
      const to = Math.min(end, at + value.left);
      if (value.kind === 'text') this.#takeText(page, base, at, to, value.size - value.left);
      if (value.kind === 'blob') value.pieces.push({ start: base + at, end: base + to });
      value.left -= to - at;
      at = to;
      if (value.left > 0) return;
      spilled.shift();
      if (value.kind === 'blob') examineBlob(this.#database, value.pieces);
    }
  }

  /** @param before bytes of the value on earlier pages */
  #takeText(page: Uint8Array, base: number, start: number, end: number, before: number): void {
    const { header, ledger, texts } = this.#database;
    const skip = header.encoding === 'utf-8' ? 0 : before % 2;
    const state = judgeText(page, Math.min(start + skip, end), end, header.encoding, true);
    texts.note(state, base + start, base + end);
    if (state !== 'sound' || end - start < OWN_TEXT) return;
    ledger.account(
      base + start,
      base + end,
      'grammar',
      `${header.encoding} text`,
      textFloor(header.encoding),
    );
  }
}
