import type { ByteSource } from '../../bytes/source.ts';
import { readWhole } from './mapped-container.ts';

/** Room for packed blocks, used again and again: to allocate and clear it for each costs half of what unpacking does. */
export class Scratch {
  #bytes = new Uint8Array(1 << 16);

  /** A view of so many bytes of the source, valid until the next call. @throws ReadError where it ends before */
  read(source: ByteSource, at: number, length: number): Uint8Array {
    if (length > this.#bytes.length) this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
    const view = this.#bytes.subarray(0, length);
    readWhole(source, view, at);
    return view;
  }
}
