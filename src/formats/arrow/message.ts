import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

export interface Message {
  /** Bytes. */
  readonly bodyLength: number;
  readonly isPacked: boolean;
}

const DICTIONARY = 2;
const RECORDS = 3;

/** Reads a flatbuffer of the table Message (format/Message.fbs): which kind it is, and how long its body. */
export function readMessage(reader: Reader, start: number, end: number): Message {
  const table = new FlatTable(reader, start + reader.u32le(start, 'root of a message'), end);
  const kindAt = table.field(1);
  const kind = kindAt === null ? 0 : reader.u8(kindAt);
  if (kind < 1 || kind > 5) throw new Broken(kindAt ?? start, 'kind of a message', '1 to 5', kind);
  const lengthAt = table.field(3);
  const header = table.table(2);
  const batch = kind === DICTIONARY ? header?.table(1) : header;
  return {
    bodyLength: lengthAt === null ? 0 : reader.u64le(lengthAt, 'length of a body'),
    isPacked: (kind === RECORDS || kind === DICTIONARY) && (batch?.field(3) ?? null) !== null,
  };
}

/** A table of a flatbuffer: its fields are found through a list of offsets that stands before it. */
class FlatTable {
  readonly #reader: Reader;
  readonly #at: number;
  readonly #end: number;
  readonly #offsetsAt: number;

  constructor(reader: Reader, at: number, end: number) {
    this.#reader = reader;
    this.#at = at;
    this.#end = end;
    this.#offsetsAt = at - (reader.u32le(this.#inside(at), 'table') | 0);
    this.#inside(this.#offsetsAt);
  }

  /** Where the field stands; null where it has its default. */
  field(index: number): number | null {
    const place = 4 + 2 * index;
    if (place + 2 > this.#reader.u16le(this.#offsetsAt)) return null;
    const offset = this.#reader.u16le(this.#inside(this.#offsetsAt + place));
    return offset === 0 ? null : this.#inside(this.#at + offset);
  }

  table(index: number): FlatTable | null {
    const at = this.field(index);
    return at === null ? null : new FlatTable(this.#reader, at + this.#reader.u32le(at), this.#end);
  }

  #inside(at: number): number {
    if (at < 0 || at + 4 > this.#end)
      throw new Broken(Math.max(0, this.#at), 'offset of a table', `less than ${this.#end}`, at);
    return at;
  }
}
