import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountPadding } from '../block-padding.ts';
import type { Context } from '../format.ts';
import { isZeroFilled } from '../tail.ts';
import { BLOCK, isHeader, parseHeader, readHeader, resemblesHeader, type TarHeader } from './header.ts';
import { accountLongName, accountMember, type TarMember } from './member.ts';
import { PaxRecords, readPax } from './pax.ts';
import { readOldSparseMap } from './sparse.ts';

/** Links, devices, folders and pipes have no data, whatever their size says. */
const withoutData = new Set(['2', '3', '4', '5', '6']);
/** The first archive of nothing that GNU tar writes is 10,240 zeros; longer runs of zeros are no archive. */
const LONGEST_EMPTY = 10_240;

/** Goes through an archive from header to header. */
export class TarWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;
  readonly #global = new PaxRecords();
  #extended = new PaxRecords();
  #longName: string | null = null;
  #members = 0;

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
  }

  walk(): void {
    let at: number | null = 0;
    while (at !== null && at < this.#reader.size) {
      this.#reader.meter.step();
      if (this.#isZeroBlock(at)) at = this.#accountEnd(at);
      else at = this.#takeMember(at);
    }
    if (at !== null) this.#ledger.oddity(at, 'no zero blocks at the end');
  }

  #isZeroBlock(at: number): boolean {
    return isZeroFilled(this.#reader, at, Math.min(at + BLOCK, this.#reader.size));
  }

  /** Two zero blocks end the archive; archives that were put together go on behind them. */
  #accountEnd(start: number): number | null {
    const { size } = this.#reader;
    const end = this.#reader.endOfRun(start, 0);
    if (this.#members === 0 && end > LONGEST_EMPTY)
      throw new Broken(0, 'first tar header', 'a header', 'zeros');
    this.#ledger.account(start, Math.min(end, start + 2 * BLOCK), 'structure', 'zero blocks at the end');
    this.#ledger.account(
      Math.min(end, start + 2 * BLOCK),
      end,
      'padding',
      'zeros up to the size of a record',
    );
    if (end >= size) return null;
    const next = start + Math.floor((end - start) / BLOCK) * BLOCK;
    if (next + BLOCK <= size && isHeader(this.#reader.copy(next, BLOCK))) {
      this.#ledger.oddity(next, 'another archive behind the end of the first');
      return next;
    }
    this.#ledger.trailing(end, size);
    return null;
  }

  /** Gives where the next header should stand; null where none can be found. */
  #takeMember(at: number): number | null {
    const header = this.#readHeader(at);
    if (header === null) return this.#findHeader(at + BLOCK);
    this.#members++;
    try {
      return this.#takeData(header);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#ledger.broken(error);
      return error instanceof Truncated ? null : this.#findHeader(at + BLOCK);
    }
  }

  /** A header that a few wrong bytes broke still tells how long its data are. */
  #readHeader(at: number): TarHeader | null {
    try {
      const header = readHeader(this.#reader, at);
      this.#ledger.account(at, at + BLOCK, 'grammar', 'tar header and its sum', header.floor);
      if (header.oddity !== null) this.#ledger.oddity(at, header.oddity);
      return header;
    } catch (error) {
      if (!(error instanceof Broken) || error instanceof Truncated) throw error;
      const isHopeless = this.#members === 0 && this.#findHeader(at + BLOCK) === null;
      if (isHopeless) throw error;
      this.#ledger.broken(error, at + BLOCK);
      return this.#guessHeader(at);
    }
  }

  #guessHeader(at: number): TarHeader | null {
    const block = Buffer.from(this.#reader.copy(at, BLOCK));
    if (!resemblesHeader(block)) return null;
    try {
      const header = parseHeader(block, at);
      const next = at + BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
      return next < this.#reader.size && this.#isNext(next) ? header : null;
    } catch (error) {
      if (error instanceof Broken) return null;
      throw error;
    }
  }

  #findHeader(from: number): number | null {
    const { size } = this.#reader;
    for (let at = from; at + BLOCK <= size; at += BLOCK) {
      this.#reader.meter.step();
      if (isHeader(this.#reader.bytes(at, BLOCK))) return at;
    }
    return null;
  }

  #takeData(header: TarHeader): number {
    const reader = this.#reader;
    const size = this.#extended.number('size') ?? this.#global.number('size') ?? header.size;
    const sparse = header.type === 'S' ? readOldSparseMap(reader, this.#ledger, header.at) : null;
    const start = sparse?.dataAt ?? header.at + BLOCK;
    const hasData =
      size > 0 && !withoutData.has(header.type) && !(header.type === '1' && this.#isNext(start));
    const end = hasData ? start + size : start;
    if (end > reader.size) {
      this.#ledger.broken(new Truncated(reader.size, `data of ${header.name}`, end - reader.size));
    }
    const data = { start, end: Math.min(end, reader.size) };
    this.#dispatch({ header, ...data, sparse, name: this.#nameOf(header) });
    if (end > reader.size) return reader.size;
    return accountPadding(reader, this.#ledger, end, BLOCK);
  }

  /** A header or the end. Some writers give hard links the size of what they point to, without the data (libarchive, tar(5)). */
  #isNext(at: number): boolean {
    if (at + BLOCK > this.#reader.size) return true;
    return this.#isZeroBlock(at) || isHeader(this.#reader.copy(at, BLOCK));
  }

  #nameOf(header: TarHeader): string {
    const named = this.#extended.get('GNU.sparse.name') ?? this.#extended.get('path');
    return named ?? this.#longName ?? header.name;
  }

  #dispatch(member: TarMember): void {
    const { type } = member.header;
    if (type === 'x' || type === 'X') this.#extended = readPax(this.#reader, this.#ledger, member);
    else if (type === 'g') this.#global.keep(readPax(this.#reader, this.#ledger, member));
    else if (type === 'L' || type === 'N') this.#longName = this.#readLongName(member);
    else if (type === 'K') this.#readLongName(member);
    else this.#accountMember(member);
  }

  #accountMember(member: TarMember): void {
    const records = this.#extended;
    this.#extended = new PaxRecords();
    this.#longName = null;
    accountMember(this.#reader, this.#ledger, this.#context, member, records);
  }

  #readLongName({ start, end }: TarMember): string {
    const length = Math.min(end - start, 65_536);
    const bytes = Buffer.from(this.#reader.copy(start, length, 'long name'));
    const zero = bytes.indexOf(0);
    const textEnd = start + (zero < 0 ? length : zero);
    accountLongName(this.#reader, this.#ledger, { start, end }, textEnd);
    return bytes.toString('utf8', 0, textEnd - start);
  }
}
