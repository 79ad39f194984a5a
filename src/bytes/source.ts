import { ReadError } from './errors.ts';

/**
 * Random-access bytes of one file, wherever it is stored: a file, a buffer, a member of an archive,
 * an extent of a disk image. Synchronous, as it's used inside workers.
 */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Fills `into` from offset `at` (bytes) and returns how many bytes were read; fewer than asked only at the end.
   * @throws ReadError when the storage fails.
   */
  read(into: Uint8Array, at: number): number;
  close(): void;
}

/** The bytes of a buffer that is already in memory. */
export class BufferSource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  read(into: Uint8Array, at: number): number {
    const part = this.#bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  close(): void {}
}

/** A range of another source, as a source of its own. Closing it leaves the other open. */
export class SliceSource implements ByteSource {
  readonly size: number;
  readonly #whole: ByteSource;
  readonly #start: number;

  /** @throws ReadError when the range does not lie inside `whole`. */
  constructor(whole: ByteSource, start: number, end: number) {
    if (!(start >= 0 && start <= end && end <= whole.size)) {
      throw new ReadError(start, `range ${start}–${end} is outside of ${whole.size} bytes`);
    }
    this.#whole = whole;
    this.#start = start;
    this.size = end - start;
  }

  read(into: Uint8Array, at: number): number {
    if (at >= this.size) return 0;
    const wanted = Math.min(into.length, this.size - at);
    return this.#whole.read(wanted === into.length ? into : into.subarray(0, wanted), this.#start + at);
  }

  close(): void {}
}
