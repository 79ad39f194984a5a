import { type Range, totalLength } from './range.ts';
import { lastAtMost } from './search.ts';
import type { ByteSource } from './source.ts';

/** Ranges of another source, one behind the other, as a source of its own. Closing it leaves the other open. */
export class JoinedSource implements ByteSource {
  readonly size: number;
  readonly #whole: ByteSource;
  readonly #parts: readonly Range[];
  /** Where each part begins in this source. */
  readonly #starts: Float64Array;

  /** The ranges may stand in any order, and must lie inside `whole`. */
  constructor(whole: ByteSource, parts: readonly Range[]) {
    this.#whole = whole;
    this.#parts = parts;
    this.#starts = new Float64Array(parts.length);
    for (let i = 1; i < parts.length; i++) {
      this.#starts[i] = this.#starts[i - 1]! + parts[i - 1]!.end - parts[i - 1]!.start;
    }
    this.size = totalLength(parts);
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    let done = 0;
    for (let i = lastAtMost(this.#starts, at); done < wanted; i++) {
      const { start, end } = this.#parts[i]!;
      const from = start + at + done - this.#starts[i]!;
      const length = Math.min(end - from, wanted - done);
      const got = this.#whole.read(into.subarray(done, done + length), from);
      done += got;
      if (got < length) break;
    }
    return done;
  }

  /** Where in the other source the byte at `at` lies; for the end of this one, the end of the last part. */
  offsetInWhole(at: number): number {
    const i = lastAtMost(this.#starts, at);
    const part = this.#parts[i];
    return part === undefined ? 0 : Math.min(part.start + at - this.#starts[i]!, part.end);
  }

  close(): void {}
}
