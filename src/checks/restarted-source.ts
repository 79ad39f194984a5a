import { ReadError } from '../bytes/errors.ts';
import type { ByteSource } from '../bytes/source.ts';

/** What is kept of each run, in bytes. */
const KEPT = 32 << 20;

/**
 * What a stream unpacks to, as a source in bounded memory, for decoders that can't be resumed: whoever reads beyond
 * the 32 MiB that are kept lets it run from the beginning. Costs are metered by the decoder.
 */
export class RestartedSource implements ByteSource {
  readonly size: number;
  readonly #run: (sink: (output: Uint8Array) => boolean) => void;
  #kept: Uint8Array | null = null;
  #keptStart = 0;
  #keptEnd = 0;

  /** @param run decodes from the beginning until the sink returns false */
  constructor(size: number, run: (sink: (output: Uint8Array) => boolean) => void) {
    this.size = size;
    this.#run = run;
  }

  read(into: Uint8Array, at: number): number {
    const wanted = Math.min(into.length, Math.max(0, this.size - at));
    for (let done = 0; done < wanted; ) {
      const from = at + done;
      if (from < this.#keptStart || from >= this.#keptEnd) this.#keepFrom(from);
      const offset = from - this.#keptStart;
      const part = this.#kept!.subarray(
        offset,
        Math.min(offset + wanted - done, this.#keptEnd - this.#keptStart),
      );
      into.set(part, done);
      done += part.length;
    }
    return wanted;
  }

  close(): void {
    this.#kept = null;
  }

  #keepFrom(start: number): void {
    const length = Math.min(KEPT, this.size - start);
    this.#kept ??= new Uint8Array(Math.min(KEPT, this.size));
    const kept = this.#kept;
    let at = 0;
    let filled = 0;
    this.#run((output) => {
      const part = output.subarray(Math.max(0, start - at), Math.max(0, start + length - at));
      kept.set(part, filled);
      filled += part.length;
      at += output.length;
      return filled < length;
    });
    if (filled < length) throw new ReadError(start + filled, 'the packed bytes changed while they were read');
    this.#keptStart = start;
    this.#keptEnd = start + length;
  }
}
