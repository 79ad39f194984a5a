import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Numbers as they are; texts and bytes as the range where they stand; lists; structures by field. */
export type Value = number | Range | readonly Value[] | Struct;
export type Struct = ReadonlyMap<number, Value>;

const DEEPEST = 32;

/** Reads structures of the Thrift compact protocol (thrift-compact-protocol.md), without a schema. */
export class ThriftReader {
  /** Offset of the next byte. */
  at: number;
  /** Where bytes stand that may be anything. */
  readonly binaries: Range[] = [];
  readonly #reader: Reader;
  readonly #end: number;

  constructor(reader: Reader, start: number, end: number) {
    this.#reader = reader;
    this.at = start;
    this.#end = end;
  }

  /** @throws Broken, Truncated */
  struct(depth = 0): Struct {
    if (depth > DEEPEST) throw new Broken(this.at, 'nesting of structures', `at most ${DEEPEST}`, depth);
    const fields = new Map<number, Value>();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return fields;
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      const type = head & 15;
      fields.set(id, type === 1 || type === 2 ? 2 - type : this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): Value {
    switch (type) {
      case 1:
      case 2:
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.at += 8;
        return 0;
      case 8:
        return this.#binary();
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Broken(this.at, 'type of a field', 'a known one', type);
    }
  }

  #list(depth: number): Value[] {
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    if (count > this.#end - this.at)
      throw new Broken(this.at, 'length of a list', `at most ${this.#end - this.at}`, count);
    const values: Value[] = [];
    for (let i = 0; i < count; i++) values.push(this.#value(head & 15, depth + 1));
    return values;
  }

  #binary(): Range {
    const length = this.#varint();
    const range = { start: this.at, end: this.at + length };
    if (range.end > this.#end)
      throw new Broken(this.at, 'length of bytes', `at most ${this.#end - this.at}`, length);
    if (length > 0) this.binaries.push(range);
    this.at = range.end;
    return range;
  }

  #zigzag(): number {
    const raw = this.#varint();
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new Broken(this.at, 'number', 'at most ten bytes', 'more');
  }

  #byte(): number {
    this.#reader.meter.step();
    if (this.at >= this.#end)
      throw new Broken(this.at, 'Thrift structure', 'its end', 'the end of its range');
    return this.#reader.u8(this.at++);
  }
}
