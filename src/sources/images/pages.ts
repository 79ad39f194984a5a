import { ReadError } from '../../bytes/errors.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { BlockCache } from '../../checks/block-cache.ts';

/** Bytes read at once, and how many of such pages an image keeps: 4 MiB. */
const PAGE = 1 << 13;
const MOST_PAGES = 512;

/**
 * Numbers anywhere in a file, through a small cache: an image's tables may be larger than memory, and are needed a few
 * entries here and there. Nothing is read before it's asked for. All methods throw ReadError beyond the end.
 */
export class Pages {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #cache: BlockCache;
  #page: Uint8Array = new Uint8Array(0);
  #start = 0;

  /** @param sharers files of the image that have tables, and share the room */
  constructor(source: ByteSource, sharers = 1) {
    this.#cache = new BlockCache(PAGE, Math.max(2, Math.floor(MOST_PAGES / sharers)));
    this.#source = source;
    this.size = source.size;
  }

  u8(at: number): number {
    if (at < this.#start || at >= this.#start + this.#page.length) this.#turnTo(at);
    return this.#page[at - this.#start]!;
  }

  u32le(at: number): number {
    const i = at - this.#start;
    if (i >= 0 && i + 4 <= this.#page.length) {
      const page = this.#page;
      return (page[i]! | (page[i + 1]! << 8) | (page[i + 2]! << 16) | (page[i + 3]! << 24)) >>> 0;
    }
    return (this.u8(at) | (this.u8(at + 1) << 8) | (this.u8(at + 2) << 16) | (this.u8(at + 3) << 24)) >>> 0;
  }

  u32be(at: number): number {
    const i = at - this.#start;
    if (i >= 0 && i + 4 <= this.#page.length) {
      const page = this.#page;
      return ((page[i]! << 24) | (page[i + 1]! << 16) | (page[i + 2]! << 8) | page[i + 3]!) >>> 0;
    }
    return ((this.u8(at) << 24) | (this.u8(at + 1) << 16) | (this.u8(at + 2) << 8) | this.u8(at + 3)) >>> 0;
  }

  #turnTo(at: number): void {
    const index = Math.floor(at / PAGE);
    this.#page = this.#cache.get(index) ?? this.#load(index);
    this.#start = index * PAGE;
    if (at < this.#start || at >= this.#start + this.#page.length) {
      throw new ReadError(at, `the file ends at byte ${this.size}`);
    }
  }

  #load(index: number): Uint8Array {
    const page = new Uint8Array(PAGE);
    const got = index * PAGE < this.size ? this.#source.read(page, index * PAGE) : 0;
    const whole = page.subarray(0, got);
    this.#cache.set(index, whole);
    return whole;
  }
}
