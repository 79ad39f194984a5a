import { ReadError } from '../../../bytes/errors.ts';
import { lastAtMost } from '../../../bytes/search.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import type { Extent } from '../file-system.ts';

/** A file's bytes, gathered from its extents. Closing it leaves the volume open. */
export class ExtentSource implements ByteSource {
  readonly size: number;
  readonly #volume: ByteSource;
  readonly #extents: readonly Extent[];
  readonly #starts: Float64Array;

  /** `extents` follow each other without gaps from 0 to `size`, and none is compressed. */
  constructor(volume: ByteSource, extents: readonly Extent[], size: number) {
    this.#volume = volume;
    this.#extents = extents;
    this.#starts = Float64Array.from(extents, ({ start }) => start);
    this.size = size;
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    let done = 0;
    for (let i = lastAtMost(this.#starts, at); done < wanted; i++) {
      const extent = this.#extents[i];
      if (extent === undefined) throw new ReadError(at + done, 'no extent holds these bytes');
      const length = Math.min(extent.end - at - done, wanted - done);
      this.#fill(into.subarray(done, done + length), extent, at + done);
      done += length;
    }
    return done;
  }

  close(): void {}

  #fill(into: Uint8Array, extent: Extent, at: number): void {
    if (extent.kind === 'zero') {
      into.fill(0);
      return;
    }
    const from = extent.at + at - extent.start;
    const got = this.#volume.read(into, from);
    if (got < into.length) throw new ReadError(from + got, 'the volume ends before the extent');
  }
}
