import type { ByteSource } from '../../bytes/source.ts';

/** Pages of another source that read as something else, in memory only. */
export class PatchedSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #pages: ReadonlyMap<number, Uint8Array>;
  readonly #page: number;

  /** @param pages by index; each has `page` bytes */
  constructor(source: ByteSource, pages: ReadonlyMap<number, Uint8Array>, page: number) {
    const last = Math.max(-1, ...pages.keys());
    this.size = Math.max(source.size, (last + 1) * page);
    this.#source = source;
    this.#pages = pages;
    this.#page = page;
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    const part = into.subarray(0, wanted);
    part.fill(0, this.#source.read(part, at));
    const last = Math.floor((at + wanted - 1) / this.#page);
    for (let index = Math.floor(at / this.#page); index <= last; index++) this.#patch(part, at, index);
    return wanted;
  }

  close(): void {
    this.#source.close();
  }

  #patch(into: Uint8Array, at: number, index: number): void {
    const page = this.#pages.get(index);
    if (page === undefined) return;
    const start = index * this.#page;
    const from = Math.max(0, at - start);
    const to = Math.min(page.length, at + into.length - start);
    into.set(page.subarray(from, to), start + from - at);
  }
}
