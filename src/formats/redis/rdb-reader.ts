import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { checkLzf } from './lzf.ts';

const LZF = 3;
const MOST_STRING = 2 ** 32;

/** Reads lengths and strings of a snapshot in order (Redis source, rdb.c: rdbLoadLen, rdbLoadString). */
export class RdbReader {
  readonly reader: Reader;
  at: number;

  constructor(reader: Reader, at: number) {
    this.reader = reader;
    this.at = at;
  }

  byte(): number {
    return this.reader.u8(this.at++, 'snapshot');
  }

  /** Passes over bytes that any value would fill. @throws Truncated */
  skip(length: number): void {
    if (length > 0) this.reader.bytes(this.at + length - 1, 1, 'snapshot');
    this.at += length;
  }

  length(): number {
    const at = this.at;
    const first = this.byte();
    if (first >> 6 === 0) return first;
    if (first >> 6 === 1) return ((first & 63) << 8) | this.byte();
    if (first === 0x80) return this.#take(this.reader.u32be(this.at, 'length'), 4);
    if (first === 0x81) return this.#take(this.reader.u64be(this.at, 'length'), 8);
    throw new Broken(at, 'encoding of a length', 'one of four', first.toString(16));
  }

  /** A string: as it is, as an integer, or packed by LZF. */
  string(): void {
    const at = this.at;
    const first = this.reader.u8(at, 'string');
    if (first >> 6 !== 3) {
      const length = this.length();
      if (length > MOST_STRING) throw new Broken(at, 'length of a string', 'up to 2^32', length);
      this.skip(length);
      return;
    }
    this.at++;
    const encoding = first & 63;
    if (encoding < LZF) this.skip(1 << encoding);
    else if (encoding === LZF) this.#packed();
    else throw new Broken(at, 'encoding of a string', '0 to 3', encoding);
  }

  #packed(): void {
    const packed = this.length();
    const size = this.length();
    checkLzf(this.reader, this.at, packed, size);
    this.skip(packed);
  }

  #take(value: number, length: number): number {
    this.at += length;
    return value;
  }
}
