import type { Meter } from '../bytes/meter.ts';

/** What a decoder took and gave, in bytes. */
export interface Decoded {
  /** Bytes of input, an end mark included. */
  readonly consumed: number;
  /** Bytes of output. */
  readonly produced: number;
}

const PIECE = 1 << 14;

/** Gathers the single bytes that a decoder gives into pieces for a sink, and meters them. */
export class Outflow {
  produced = 0;
  readonly #piece = new Uint8Array(PIECE);
  #length = 0;
  readonly #sink: (output: Uint8Array) => void;
  readonly #meter: Meter;

  constructor(meter: Meter, sink: (output: Uint8Array) => void) {
    this.#meter = meter;
    this.#sink = sink;
  }

  put(byte: number): void {
    this.#piece[this.#length++] = byte;
    if (this.#length === PIECE) this.flush();
  }

  /** Gives the sink what is left. Call at the end. */
  flush(): void {
    if (this.#length === 0) return;
    this.#meter.produce(this.#length);
    this.produced += this.#length;
    this.#sink(this.#piece.subarray(0, this.#length));
    this.#length = 0;
  }
}
