import type { ByteSource } from '../bytes/source.ts';
import { BLOCK } from '../kernel/kernel.ts';

/** Takes whole blocks of a file, each once, in any order. */
export interface BlockObserver {
  /** `bytes` are whole blocks from `at`, a multiple of `BLOCK`; only the file's last block may be short. */
  observe(bytes: Uint8Array, at: number): void;
}

/**
 * Shows an observer every block that passes by, so that the verifier's reads feed the statistics too, and a file is
 * read once.
 */
export class ObservedSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #observer: BlockObserver;

  constructor(source: ByteSource, observer: BlockObserver) {
    this.#source = source;
    this.#observer = observer;
    this.size = source.size;
  }

  read(into: Uint8Array, at: number): number {
    const got = this.#source.read(into, at);
    const first = Math.ceil(at / BLOCK) * BLOCK;
    const end = at + got;
    const last = end === this.size ? end : Math.floor(end / BLOCK) * BLOCK;
    if (last > first) this.#observer.observe(into.subarray(first - at, last - at), first);
    return got;
  }

  close(): void {
    this.#source.close();
  }
}
