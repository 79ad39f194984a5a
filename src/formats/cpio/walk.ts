import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountPadding } from '../block-padding.ts';
import type { Context } from '../format.ts';
import { examineStored } from '../stored.ts';
import { accountText } from '../text-field.ts';
import { type CpioEntry, readEntry, variantAt } from './layout.ts';

const LAST = 'TRAILER!!!';
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
/** An initramfs goes on with a packed archive behind a plain one. */
const packedMagics = ['\x1f\x8b', '\xfd7zXZ', '\x28\xb5\x2f\xfd', 'BZh', '\x02\x21\x4c\x18', '\x5d\0\0'];

/** Goes through an archive from entry to entry. */
export class CpioWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
  }

  walk(): void {
    let at: number | null = 0;
    while (at !== null) {
      this.#reader.meter.step();
      at = this.#takeOrSkip(at);
    }
  }

  /** Where an entry is broken the next one that reads well goes on. */
  #takeOrSkip(at: number): number | null {
    try {
      return this.#take(readEntry(this.#reader, at));
    } catch (error) {
      if (!(error instanceof Broken) || at === 0) throw error;
      this.#ledger.broken(error);
      return error instanceof Truncated ? null : this.#findEntry(at + 1);
    }
  }

  #findEntry(from: number): number | null {
    for (let at = from; ; at++) {
      this.#reader.meter.step();
      at = this.#reader.indexOf('0707', at);
      if (at < 0) return null;
      if (this.#isEntry(at)) return at;
    }
  }

  #isEntry(at: number): boolean {
    try {
      return readEntry(this.#reader, at).variant.isText;
    } catch (error) {
      if (error instanceof Broken) return false;
      throw error;
    }
  }

  /** Gives where the next entry begins; null at the end. */
  #take(entry: CpioEntry): number | null {
    const { at, variant, nameSize, size, mode } = entry;
    const nameAt = at + variant.headerSize;
    const nameEnd = nameAt + nameSize - 1;
    const name = Buffer.from(this.#reader.copy(nameAt, nameSize, 'name of a member'));
    if (name.at(-1) !== 0)
      throw new Broken(nameEnd, 'name of a member', 'a zero byte at its end', name.at(-1)!);
    this.#accountHeader(entry);
    accountText(this.#reader, this.#ledger, nameAt, nameEnd, 'name of a member');
    this.#ledger.account(nameEnd, nameEnd + 1, 'structure', 'end of a name');
    const start = accountPadding(this.#reader, this.#ledger, nameEnd + 1, variant.alignment, at);
    const title = name.toString('utf8', 0, nameSize - 1);
    if (title === LAST && size === 0) return this.#accountEnd(start);
    const end = this.#expectData(start, size, title);
    this.#compareSum(entry, start, end);
    if ((mode & FILE_TYPE) === SYMBOLIC_LINK && size <= 65_536) {
      accountText(this.#reader, this.#ledger, start, end, 'target of a link');
    } else {
      examineStored(
        { reader: this.#reader, ledger: this.#ledger, context: this.#context, start, end },
        title,
      );
    }
    if (end < start + size) return null;
    return accountPadding(this.#reader, this.#ledger, end, variant.alignment, at);
  }

  /** Numbers in binary could be others: what the walk depends on is proved by where it leads. */
  #accountHeader({ at, variant }: CpioEntry): void {
    const end = at + variant.headerSize;
    if (variant.isText) {
      this.#ledger.account(at, end, 'grammar', 'digits of a cpio header', 8);
      return;
    }
    this.#ledger.account(at, at + 2, 'structure', 'cpio magic');
    this.#ledger.account(at + 20, end, 'structure', 'lengths of name and data');
  }

  #expectData(start: number, size: number, title: string): number {
    const missing = start + size - this.#reader.size;
    if (missing <= 0) return start + size;
    this.#ledger.broken(new Truncated(this.#reader.size, `data of ${title}`, missing));
    return this.#reader.size;
  }

  #compareSum({ sum, size }: CpioEntry, start: number, end: number): void {
    if (sum === null || end < start + size) return;
    let computed = 0;
    for (const part of this.#reader.stream(start, end)) {
      for (const byte of part) computed += byte;
    }
    if (computed % 2 ** 32 !== sum)
      this.#ledger.broken(new Broken(start, 'sum of the data', sum, computed % 2 ** 32), end);
  }

  /** Zeros up to the size of a block, or another archive behind them, plain or packed. */
  #accountEnd(start: number): number | null {
    const reader = this.#reader;
    const end = reader.endOfRun(start, 0);
    this.#ledger.account(start, end, 'padding', 'zeros behind the last member');
    if (end >= reader.size) return null;
    if (variantAt(reader, end) !== null) {
      this.#ledger.oddity(end, 'another archive behind the end of the first');
      return end;
    }
    const place = { reader, ledger: this.#ledger, context: this.#context, start: end, end: reader.size };
    if (packedMagics.some((magic) => reader.has(end, magic))) examineStored(place, '');
    else this.#ledger.trailing(end, reader.size);
    return null;
  }
}
