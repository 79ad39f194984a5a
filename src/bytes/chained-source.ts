import { lastAtMost } from './search.ts';
import type { ByteSource } from './source.ts';

/** One of several sources that follow each other. */
export interface Link {
  /** In bytes. */
  readonly size: number;
  open(): ByteSource;
}

/** Several sources, one behind the other, as one. They are opened as they are read; one is open at a time. */
export class ChainedSource implements ByteSource {
  readonly size: number;
  readonly #links: readonly Link[];
  readonly #starts: Float64Array;
  #open: { index: number; source: ByteSource } | null = null;

  constructor(links: readonly Link[]) {
    this.#links = links.filter(({ size }) => size > 0);
    this.#starts = new Float64Array(this.#links.length);
    let size = 0;
    for (const [i, link] of this.#links.entries()) {
      this.#starts[i] = size;
      size += link.size;
    }
    this.size = size;
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    let done = 0;
    for (let i = lastAtMost(this.#starts, at); done < wanted; i++) {
      const from = at + done - this.#starts[i]!;
      const length = Math.min(this.#links[i]!.size - from, wanted - done);
      const got = this.#source(i).read(into.subarray(done, done + length), from);
      done += got;
      if (got < length) break;
    }
    return done;
  }

  close(): void {
    this.#open?.source.close();
    this.#open = null;
  }

  #source(index: number): ByteSource {
    if (this.#open?.index !== index) {
      this.close();
      this.#open = { index, source: this.#links[index]!.open() };
    }
    return this.#open.source;
  }
}
