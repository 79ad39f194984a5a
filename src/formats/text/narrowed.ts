import type { Grammar } from './grammar.ts';
import type { Encoding } from './scanner.ts';

/**
 * Gives a text to its grammar as bytes that contain ASCII: UTF-16 and UTF-32 with one byte for each unit, those beyond
 * ASCII as 0xFF. A grammar cares for ASCII only.
 */
export class Narrowed {
  readonly #grammar: Grammar;
  readonly #width: number;
  readonly #low: number;
  readonly #mark: number;
  #units: Uint8Array = new Uint8Array(0);

  constructor(grammar: Grammar, encoding: Encoding) {
    this.#grammar = grammar;
    this.#width = encoding.name.startsWith('utf-16') ? 2 : encoding.name.startsWith('utf-32') ? 4 : 1;
    this.#low = encoding.name.endsWith('be') ? this.#width - 1 : 0;
    this.#mark = encoding.mark;
  }

  push(bytes: Uint8Array, at: number): void {
    const rest = at === 0 ? bytes.subarray(this.#mark) : bytes;
    const from = at === 0 ? this.#mark : at;
    if (this.#width === 1) this.#grammar.push(rest, from);
    else this.#grammar.push(this.#narrow(rest), from / this.#width);
  }

  finish(end: number): void {
    this.#grammar.finish(Math.floor(end / this.#width));
  }

  #narrow(bytes: Uint8Array): Uint8Array {
    const width = this.#width;
    const count = Math.floor(bytes.length / width);
    if (this.#units.length < count) this.#units = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      let others = 0;
      for (let k = 0; k < width; k++) if (k !== this.#low) others |= bytes[i * width + k]!;
      this.#units[i] = others === 0 ? bytes[i * width + this.#low]! : 0xff;
    }
    return this.#units.subarray(0, count);
  }
}
