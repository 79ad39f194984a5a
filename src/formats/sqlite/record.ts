import { Broken } from '../../bytes/errors.ts';
import { type Evidence, weight } from './evidence.ts';
import { Varint } from './varint.ts';

export type ValueKind = 'number' | 'text' | 'blob';

/** Bytes of the serial types 0 to 9 (§2.1). */
const numberSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** One record (§2.1), read into arrays that are used again for the next. */
export class Record {
  count = 0;
  /** Bytes of the header; the first value follows it. */
  headerSize = 0;
  readonly kinds: ValueKind[] = [];
  /** Bytes of each value. */
  readonly sizes: number[] = [];
  /** Serial types, which tell integers from floats. */
  readonly types: number[] = [];
  readonly #varint = new Varint();

  /**
   * Reads the header of the record at `at` of `page`, of whose `payload` bytes those before `limit` are on the page.
   * Gives false where the header itself goes on to an overflow page.
   * @throws Broken when header and values don't add up to the payload
   */
  read(
    page: Uint8Array,
    at: number,
    limit: number,
    payload: number,
    base: number,
    evidence: Evidence,
  ): boolean {
    this.count = 0;
    const varint = this.#varint;
    if (!varint.read(page, at, limit)) throw new Broken(base + at, 'record header size');
    this.headerSize = varint.value;
    if (varint.value > payload || varint.value < varint.end - at) {
      throw new Broken(base + at, 'record header size', `at most ${payload}`, varint.value);
    }
    const headerEnd = at + varint.value;
    if (headerEnd > limit) return false;
    let total = this.headerSize;
    let next = varint.end;
    while (next < headerEnd) {
      if (!varint.read(page, next, headerEnd))
        throw new Broken(base + next, 'serial type', 'inside of header', 'beyond');
      total += this.#add(varint.value, base + next);
      next = varint.end;
    }
    if (total !== payload) throw new Broken(base + at, 'sizes of the record', payload, total);
    evidence.mark(at, headerEnd, weight.sizes);
    return true;
  }

  #add(type: number, at: number): number {
    if (type === 10 || type === 11) throw new Broken(at, 'serial type', 'no reserved one', type);
    const size = type < 12 ? numberSizes[type]! : Math.floor((type - 12) / 2);
    this.kinds[this.count] = type < 12 ? 'number' : type % 2 === 0 ? 'blob' : 'text';
    this.sizes[this.count] = size;
    this.types[this.count] = type;
    this.count++;
    return size;
  }
}
