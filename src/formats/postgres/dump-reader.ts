import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountText } from '../text-field.ts';

const MOST_TEXT = 1 << 20;
const INT_FLOOR = 16;

/** Reads the integers and texts of an archive in order, and accounts for them (pg_backup_archiver.c, ReadInt, ReadStr). */
export class DumpReader {
  readonly reader: Reader;
  readonly ledger: Ledger;
  at = 0;
  #intSize = 4;
  #offsetSize = 8;

  constructor(reader: Reader, ledger: Ledger) {
    this.reader = reader;
    this.ledger = ledger;
  }

  /** Bytes of an integer without its sign, and of an offset. @throws Broken */
  setSizes(intSize: number, offsetSize: number): void {
    if (intSize !== 4 && intSize !== 8) throw new Broken(this.at, 'size of integers', '4 or 8', intSize);
    if (offsetSize !== 4 && offsetSize !== 8)
      throw new Broken(this.at, 'size of offsets', '4 or 8', offsetSize);
    this.#intSize = intSize;
    this.#offsetSize = offsetSize;
  }

  byte(): number {
    this.#claim(1);
    return this.reader.u8(this.at++, 'byte');
  }

  /** A sign, 0 or 1, then the value, the lowest byte first. @throws Broken */
  int(): number {
    return this.#read(INT_FLOOR);
  }

  /** The length of a chunk: random ones reach beyond the end, or have no sign. @throws Broken */
  length(): number {
    return this.#read(1 + this.#intSize);
  }

  #read(floor: number): number {
    const sign = this.reader.u8(this.at, 'integer');
    if (sign > 1) throw new Broken(this.at, 'sign of an integer', '0 or 1', sign);
    const value = this.reader.u32le(this.at + 1, 'integer');
    const length = 1 + this.#intSize;
    this.#claim(length, floor);
    this.at += length;
    return sign === 1 ? -value : value;
  }

  /** The text; null where there's none. @throws Broken */
  text(): string | null {
    const length = this.int();
    if (length < 0) return null;
    const start = this.at;
    this.at += length;
    if (length > MOST_TEXT) {
      this.ledger.raw(start, start + Math.min(length, this.reader.size - start), 'long text');
      this.reader.bytes(this.at - 1, 1, 'text');
      return '';
    }
    accountText(this.reader, this.ledger, start, this.at, 'texts of the contents');
    return this.reader.latin1(start, Math.min(length, 64));
  }

  /** Where the data of an entry stands: a state, and an offset. */
  offset(): void {
    const state = this.reader.u8(this.at, 'state of an offset');
    if (state < 1 || state > 3) throw new Broken(this.at, 'state of an offset', '1 to 3', state);
    const length = 1 + this.#offsetSize;
    this.#claim(length);
    this.at += length;
  }

  #claim(length: number, floor = INT_FLOOR): void {
    this.reader.bytes(this.at, length, 'archive');
    this.ledger.account(this.at, this.at + length, 'structure', 'contents of the archive', floor);
  }
}
