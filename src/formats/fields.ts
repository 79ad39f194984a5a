import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

/** Reads the fields of one record in order; a field that reaches beyond the record's end contradicts it. */
export class Fields {
  readonly reader: Reader;
  /** Offset of the next field, in bytes. */
  at: number;
  readonly end: number;
  /** The longest field so far whose bytes may be anything, in bytes. */
  longestOpaque = 0;

  constructor(reader: Reader, start: number, end: number) {
    this.reader = reader;
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(what: string): number {
    return this.reader.u8(this.#take(1, what), what);
  }

  u16be(what: string): number {
    return this.reader.u16be(this.#take(2, what), what);
  }

  u16le(what: string): number {
    return this.reader.u16le(this.#take(2, what), what);
  }

  u32be(what: string): number {
    return this.reader.u32be(this.#take(4, what), what);
  }

  u32le(what: string): number {
    return this.reader.u32le(this.#take(4, what), what);
  }

  /** Passes over bytes that may be anything; returns where they begin. */
  skip(length: number, what: string): number {
    this.longestOpaque = Math.max(this.longestOpaque, length);
    return this.#take(length, what);
  }

  latin1(length: number, what: string): string {
    return this.reader.latin1(this.#take(length, what), length, what);
  }

  /** @throws Broken unless the value is one of those that the format knows */
  oneOf<T>(known: Readonly<Record<number, T>>, value: number, what: string): T {
    const found = known[value];
    if (found === undefined)
      throw new Broken(this.at - 1, what, Object.keys(known).slice(0, 16).join(', '), value);
    return found;
  }

  /** @throws Broken unless all bytes of the record were taken */
  finish(what: string): void {
    if (this.at !== this.end) throw new Broken(this.at, `end of ${what}`, this.end, this.at);
  }

  #take(length: number, what: string): number {
    const { at } = this;
    if (at + length > this.end) throw new Broken(at, what, `${length} bytes`, `${this.end - at}`);
    this.at += length;
    return at;
  }
}
