import { ReadError, Truncated } from '../../../bytes/errors.ts';
import type { ByteSource } from '../../../bytes/source.ts';

const PAGE = 1 << 16;
const MOST = 256;

/**
 * Recently read pages of a volume: its tables are read in large pieces, and neighbours cost nothing.
 * Pages are never written to again, so that a view stays valid for as long as somebody holds it.
 */
export class PageCache {
  readonly volume: ByteSource;
  readonly #pageSize: number;
  readonly #most: number;
  /** In order of use: a Map keeps the order in which keys were set. */
  readonly #pages = new Map<number, Buffer>();
  #latest = -1;
  #page: Buffer = Buffer.alloc(0);

  /** Holds at most `pageSize × most` bytes. */
  constructor(volume: ByteSource, pageSize = PAGE, most = MOST) {
    this.volume = volume;
    this.#pageSize = pageSize;
    this.#most = most;
  }

  /** `length` bytes from `at` of the volume, not to be written to. @throws Truncated, ReadError */
  bytes(at: number, length: number, what = 'structure'): Buffer {
    if (!(at >= 0 && at + length <= this.volume.size)) {
      throw new Truncated(at, what, at + length - this.volume.size);
    }
    const index = Math.floor(at / this.#pageSize);
    const from = at - index * this.#pageSize;
    if (from + length > this.#pageSize) return this.#read(at, length);
    const page = this.#find(index);
    return page === null ? this.#read(at, length) : page.subarray(from, from + length);
  }

  #find(index: number): Buffer | null {
    if (index === this.#latest) return this.#page;
    const page = this.#pages.get(index) ?? this.#load(index);
    if (page === null) return null;
    this.#pages.delete(index);
    this.#pages.set(index, page);
    if (this.#pages.size > this.#most) this.#pages.delete(this.#pages.keys().next().value!);
    this.#latest = index;
    this.#page = page;
    return page;
  }

  /** Null where part of the page can't be read: what was asked for may still be. */
  #load(index: number): Buffer | null {
    const at = index * this.#pageSize;
    try {
      return this.#read(at, Math.min(this.#pageSize, this.volume.size - at));
    } catch (error) {
      if (error instanceof ReadError) return null;
      throw error;
    }
  }

  #read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    const got = this.volume.read(bytes, at);
    if (got < length) throw new ReadError(at + got, `the volume gave ${got} of ${length} bytes`);
    return bytes;
  }
}
