import { ReadError, Truncated } from '../../../bytes/errors.ts';
import type { ByteSource } from '../../../bytes/source.ts';

const PAGE = 1 << 16;
const MOST = 256;

/**
 * Recently read pages of a volume: its tables are read in large pieces, and neighbours cost nothing.
 * The memory of pages is used again (fresh pages cost more than half of the time of a listing): a view that `bytes()`
 * gives is valid until the next call.
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
    this.#latest = index;
    this.#page = page;
    return page;
  }

  /** Null where part of the page can't be read: what was asked for may still be. */
  #load(index: number): Buffer | null {
    const at = index * this.#pageSize;
    const length = Math.min(this.#pageSize, this.volume.size - at);
    try {
      return this.#fill(this.#oldest(length) ?? Buffer.allocUnsafeSlow(length), at);
    } catch (error) {
      if (error instanceof ReadError) return null;
      throw error;
    }
  }

  /** The memory of the page that was used longest ago, once there are enough; null if it isn't of that length. */
  #oldest(length: number): Buffer | null {
    if (this.#pages.size < this.#most) return null;
    for (const [index, page] of this.#pages) {
      this.#pages.delete(index);
      if (index === this.#latest) this.#latest = -1;
      return page.length === length ? page : null;
    }
    return null;
  }

  #read(at: number, length: number): Buffer {
    return this.#fill(Buffer.allocUnsafeSlow(length), at);
  }

  #fill(bytes: Buffer, at: number): Buffer {
    const got = this.volume.read(bytes, at);
    if (got < bytes.length) throw new ReadError(at + got, `the volume gave ${got} of ${bytes.length} bytes`);
    return bytes;
  }
}
