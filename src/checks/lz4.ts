import { Broken } from '../bytes/errors.ts';
import { instantiate } from '../kernel/instantiate.ts';
import { wasm } from './lz4.wasm.ts';

/** An instance of assembly/lz4.ts. */
interface Lz4Engine {
  readonly memory: { readonly buffer: ArrayBuffer };
  begin(): void;
  copy(length: number, keepsWindow: boolean): void;
  decode(length: number, most: number, keepsWindow: boolean): number;
  inputAt(): number;
  pieceAt(): number;
  pieceEnd(): number;
}

const contradictions: Readonly<Record<number, string>> = {
  1: 'literals of an LZ4 block',
  2: 'offset of an LZ4 block',
  3: 'end of an LZ4 block',
  4: 'size of an LZ4 block',
};

const idle: Lz4Engine[] = [];
const MOST_IDLE = 2;

/** Longer blocks than the 8 MiB of the legacy frame exist nowhere. In bytes. */
export const MOST_LZ4_BLOCK = 8 << 20;

/** Decodes the blocks of one LZ4 frame (LZ4 Block Format Description). `close` gives its memory, 16 MiB, back. */
export class Lz4Blocks {
  readonly #engine = idle.pop() ?? instantiate<Lz4Engine>(wasm);

  constructor() {
    this.#engine.begin();
  }

  /** Where the next block is to be put. */
  input(length: number): Uint8Array {
    return new Uint8Array(this.#engine.memory.buffer, this.#engine.inputAt(), length);
  }

  /**
   * Decodes the block that was put into `input(length)`; the output is valid until the next.
   * @param at offset of the block in the file, for errors
   * @throws Broken
   */
  decode(length: number, most: number, keepsWindow: boolean, at: number): Uint8Array {
    const status = this.#engine.decode(length, most, keepsWindow);
    if (status !== 0) throw new Broken(at, contradictions[status] ?? 'LZ4 block');
    return this.#output();
  }

  /** The same for a block without compression. */
  copy(length: number, keepsWindow: boolean): Uint8Array {
    this.#engine.copy(length, keepsWindow);
    return this.#output();
  }

  close(): void {
    if (idle.length < MOST_IDLE) idle.push(this.#engine);
  }

  #output(): Uint8Array {
    const start = this.#engine.pieceAt();
    return new Uint8Array(this.#engine.memory.buffer, start, this.#engine.pieceEnd() - start);
  }
}
