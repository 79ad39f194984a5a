import { Reader } from '../bytes/reader.ts';
import { BufferSource, type ByteSource } from '../bytes/source.ts';
import type { Decoder } from './decoder.ts';

/** Unpacked files up to this length in bytes are kept in memory. */
export const MOST_IN_MEMORY = 16 << 20;

export interface Unpacked {
  /** Bytes of input that were taken. */
  readonly consumed: number;
  /** Bytes of output. */
  readonly produced: number;
  /** The output. Small ones are in memory, large ones are decoded again as they are read. */
  readonly source: ByteSource;
}

/** Keeps pieces while they are small together. */
export class Keep {
  #parts: Uint8Array[] | null = [];
  #length = 0;

  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > MOST_IN_MEMORY) this.#parts = null;
    this.#parts?.push(Buffer.from(piece));
  }

  /** All pieces as one; null where they were too many. */
  bytes(): Uint8Array | null {
    if (this.#parts?.length === 1) return this.#parts[0]!;
    return this.#parts === null ? null : Buffer.concat(this.#parts);
  }
}

/**
 * Decodes a whole member once, shows its output to `watch`, and gives it back as a source. `size`: see `Decode`.
 * @throws Broken, Truncated, OverBudget
 */
export function unpack(
  decoder: Decoder,
  reader: Reader,
  start: number,
  end: number,
  watch: (output: Uint8Array) => void,
  size?: number,
): Unpacked {
  const keep = new Keep();
  const sink = (output: Uint8Array): void => {
    watch(output);
    keep.add(output);
  };
  const { consumed, produced } = decoder.decode(reader, start, end, sink, size);
  const bytes = keep.bytes();
  const source =
    bytes === null
      ? decoder.reopen(new Reader(reader.source, reader.meter), start, start + consumed, produced)
      : new BufferSource(bytes);
  return { consumed, produced, source };
}
