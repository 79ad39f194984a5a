import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** Bytes of a value, by NC_BYTE … NC_UINT64. */
const widths = [0, 1, 1, 2, 4, 4, 8, 1, 2, 4, 8, 8];
const CHARACTERS = 2;
const LONGEST_NAME = 65536;
const LONGEST_TEXT = 1 << 20;
const DIMENSION = 10;
const VARIABLE = 11;
const ATTRIBUTE = 12;

export interface Variable {
  readonly begin: number;
  /** Bytes of its values; of one record, if it grows by records. */
  readonly size: number;
  readonly isRecord: boolean;
}

export interface Header {
  readonly end: number;
  /** Null where the writer streams and leaves it open. */
  readonly records: number | null;
  readonly variables: readonly Variable[];
}

/** Reads the header of the classic formats from its beginning to its end, and accounts for it. */
export class HeaderReader {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #version: number;
  readonly #dimensions: number[] = [];
  #at = 4;

  constructor(reader: Reader, ledger: Ledger) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#version = reader.u8(3);
  }

  /** @throws Broken, Truncated */
  read(): Header {
    const isOpen = this.#reader.u32be(4) === 0xffffffff;
    const records = isOpen ? null : this.#number();
    if (isOpen) this.#at += this.#version === 5 ? 8 : 4;
    this.#list(DIMENSION, () => {
      this.#name();
      this.#dimensions.push(this.#number());
    });
    this.#attributes();
    const variables: Variable[] = [];
    this.#list(VARIABLE, () => variables.push(this.#variable()));
    return { end: this.#at, records, variables };
  }

  /** Counts and sizes: 32 bits, 64 from version 5 on. */
  #number(): number {
    const width = this.#version === 5 ? 8 : 4;
    const value = width === 8 ? this.#reader.u64be(this.#at) : this.#reader.u32be(this.#at);
    this.#claim(width);
    return value;
  }

  #word(): number {
    const value = this.#reader.u32be(this.#at);
    this.#claim(4);
    return value;
  }

  #claim(length: number): void {
    this.#ledger.account(this.#at, this.#at + length, 'structure', 'header', 24);
    this.#at += length;
  }

  /** Absent lists are zeros. */
  #list(tag: number, entry: () => void): void {
    const at = this.#at;
    const found = this.#word();
    const count = this.#number();
    if (found !== tag && (found !== 0 || count !== 0)) throw new Broken(at, 'tag of a list', tag, found);
    for (let i = 0; i < count; i++) {
      this.#reader.meter.step();
      entry();
    }
  }

  #name(): void {
    const length = this.#number();
    if (length > LONGEST_NAME)
      throw new Broken(this.#at, 'length of a name', `at most ${LONGEST_NAME}`, length);
    const name = this.#reader.bytes(this.#at, length, 'name');
    if (name.some((code) => code < 0x20 || code === 0x7f))
      throw new Broken(this.#at, 'name', 'text', 'control characters');
    this.#claim(length + (-length & 3));
  }

  #attributes(): void {
    this.#list(ATTRIBUTE, () => {
      this.#name();
      const width = this.#width();
      const isText = this.#reader.u32be(this.#at - 4) === CHARACTERS;
      const length = this.#number() * width;
      const padded = length + (-length & 3);
      this.#reader.u8(this.#at + Math.max(0, padded - 1), 'attribute');
      this.#accountAttribute(this.#at, this.#at + length, isText);
      this.#ledger.raw(this.#at + length, this.#at + padded, 'attributes');
      this.#at += padded;
    });
  }

  #accountAttribute(start: number, end: number, isText: boolean): void {
    const isShort = isText && end - start <= LONGEST_TEXT;
    if (isShort && /^[\t\n\r\x20-\x7e]*$/.test(this.#reader.latin1(start, end - start))) {
      this.#ledger.account(start, end, 'grammar', 'attributes of text');
    } else this.#ledger.raw(start, end, 'attributes');
  }

  #width(): number {
    const at = this.#at;
    const width = widths[this.#word()];
    if (width === undefined || width === 0) throw new Broken(at, 'type', '1 to 11', 'another');
    return width;
  }

  #variable(): Variable {
    this.#name();
    const rank = this.#number();
    const lengths: number[] = [];
    for (let i = 0; i < rank; i++) lengths.push(this.#dimension());
    this.#attributes();
    const width = this.#width();
    this.#number();
    const begin = this.#version === 1 ? this.#reader.u32be(this.#at) : this.#reader.u64be(this.#at);
    this.#claim(this.#version === 1 ? 4 : 8);
    const isRecord = lengths[0] === 0;
    const size = lengths.slice(isRecord ? 1 : 0).reduce((product, length) => product * length, width);
    return { begin, size, isRecord };
  }

  #dimension(): number {
    const at = this.#at;
    const length = this.#dimensions[this.#number()];
    if (length === undefined)
      throw new Broken(at, 'dimension of a variable', `less than ${this.#dimensions.length}`, 'more');
    return length;
  }
}
