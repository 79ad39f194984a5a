import type { ByteSource } from './source.ts';

/** Gives a sign of life with each read. */
export class BeatingSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #beat: () => void;

  constructor(source: ByteSource, beat: () => void) {
    this.size = source.size;
    this.#source = source;
    this.#beat = beat;
  }

  read(into: Uint8Array, at: number): number {
    this.#beat();
    return this.#source.read(into, at);
  }

  close(): void {
    this.#source.close();
  }
}
