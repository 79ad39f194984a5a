import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { examineStored } from '../stored.ts';
import { accountText } from '../text-field.ts';
import { accountSymbols } from './symbols.ts';

const MAGIC = '!<arch>\n';
const HEADER = 60;
/** Name, time, user, group, mode, size: padded with blanks (ar(5)). */
const headerPattern = /^(.{16})([ 0-9-]{12})([ 0-9-]{6})([ 0-9-]{6})([ 0-7]{8})([0-9 ]{10})`\n$/s;
const MOST_NAMES = 1 << 20;

interface ArMember extends Range {
  readonly at: number;
  readonly name: string;
}

/** Goes through an archive from member to member. */
export class ArWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;
  /** The table of long names of System V archives. */
  #names = '';
  readonly #symbols: ArMember[] = [];
  readonly #starts = new Set<number>();

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
  }

  walk(): void {
    const { size } = this.#reader;
    this.#reader.expect(0, MAGIC, 'ar magic');
    this.#ledger.account(0, MAGIC.length, 'structure', 'ar magic');
    for (let at: number | null = MAGIC.length; at !== null && at < size; ) {
      this.#reader.meter.step();
      at = this.#takeOrSkip(at);
    }
    for (const table of this.#symbols) accountSymbols(this.#reader, this.#ledger, table, this.#starts);
  }

  #takeOrSkip(at: number): number | null {
    try {
      return this.#take(this.#readHeader(at));
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#ledger.broken(error);
      return error instanceof Truncated ? null : this.#findHeader(at + 1);
    }
  }

  #findHeader(from: number): number | null {
    for (let at = from + HEADER; ; at++) {
      this.#reader.meter.step();
      at = this.#reader.indexOf('`\n', at);
      if (at < 0) return null;
      const start = at + 2 - HEADER;
      if (start >= from && this.#isHeader(start)) return start;
    }
  }

  #readHeader(at: number): ArMember {
    const text = this.#reader.latin1(at, HEADER, 'ar header');
    const found = headerPattern.exec(text);
    if (found === null) throw new Broken(at, 'ar header', 'numbers and its end mark', text.slice(48));
    const [, name = '', , , , , size = ''] = found;
    // 12 of 256 values in its fields of digits; the name is any text.
    accountText(this.#reader, this.#ledger, at, at + 16, 'ar header: name');
    this.#ledger.account(at + 16, at + HEADER, 'grammar', 'ar header: numbers', 8);
    const start = at + HEADER;
    this.#starts.add(at);
    return { at, name: name.trimEnd(), start, end: start + Number(size) };
  }

  /** Gives where the next header stands. */
  #take(member: ArMember): number {
    const { size } = this.#reader;
    if (member.end > size) {
      this.#ledger.broken(new Truncated(size, `data of ${member.name}`, member.end - size));
    }
    this.#accountData({ ...member, end: Math.min(member.end, size) });
    return member.end >= size ? member.end : this.#accountFill(member.end);
  }

  /** To the next even offset; libarchive's own format leaves no byte there, or two. */
  #accountFill(end: number): number {
    const usual = end + (end % 2);
    const next = [usual, end, end + 1, end + 2].find((at) => this.#isHeader(at)) ?? usual;
    if (next !== usual) this.#ledger.oddity(end, 'a header at an odd offset');
    for (let at = end; at < Math.min(next, this.#reader.size); at++) {
      const byte = this.#reader.u8(at);
      if (byte === 0x0a || byte === 0) this.#ledger.account(at, at + 1, 'padding', 'to the next even offset');
    }
    return next;
  }

  #isHeader(at: number): boolean {
    return at + HEADER <= this.#reader.size && headerPattern.test(this.#reader.latin1(at, HEADER));
  }

  #accountData(member: ArMember): void {
    const { name, start, end } = member;
    if (name === '//') this.#readNames(member);
    else if (name === '/' || name === '/SYM64/') this.#symbols.push(member);
    else if (name.startsWith('#1/')) this.#takeLongNamed(member);
    else if (name.startsWith('__.SYMDEF')) this.#ledger.raw(start, end, 'table of symbols');
    else this.#examine(start, end, this.#nameOf(name));
  }

  #readNames({ start, end }: ArMember): void {
    const length = Math.min(end - start, MOST_NAMES);
    this.#names = this.#reader.latin1(start, length, 'table of names');
    // Microsoft's librarian ends each name with a zero byte in place of a line end.
    if (/^[^\0-\x09\x0b-\x1f]*$/.test(this.#names.replaceAll('\0', '\n'))) {
      this.#ledger.account(start, start + length, 'grammar', 'table of names', 107);
    } else {
      this.#ledger.broken(new Broken(start, 'table of names', 'text', 'control characters'), end);
    }
  }

  #nameOf(name: string): string {
    const place = /^\/(\d+)$/.exec(name)?.[1];
    if (place === undefined) return name.replace(/\/$/, '');
    return /^[^\n\0]*/.exec(this.#names.slice(Number(place)))![0].replace(/\/$/, '');
  }

  /** BSD: the name stands before the data, and counts among them. */
  #takeLongNamed({ name, start, end }: ArMember): void {
    const length = Number(name.slice(3));
    if (!(length <= end - start && length <= 65_536)) {
      throw new Broken(start, 'length of a name', `at most ${end - start}`, name.slice(3));
    }
    const bytes = this.#reader.latin1(start, length, 'name of a member');
    const title = bytes.replace(/\0+$/, '');
    accountText(this.#reader, this.#ledger, start, start + title.length, 'name of a member');
    this.#ledger.account(start + title.length, start + length, 'padding', 'zeros behind a name');
    if (title.startsWith('__.SYMDEF')) this.#ledger.raw(start + length, end, 'table of symbols');
    else this.#examine(start + length, end, title);
  }

  #examine(start: number, end: number, name: string): void {
    examineStored({ reader: this.#reader, ledger: this.#ledger, context: this.#context, start, end }, name);
  }
}
