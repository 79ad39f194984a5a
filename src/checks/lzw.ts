import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

import { type Decoded, Outflow } from './outflow.ts';

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const MOST_CODES = 4096;

/**
 * Decodes LZW with codes of 9 to 12 bits, most significant bit first, as PDF (ISO 32000-1 §7.4.4) and TIFF have it,
 * up to the end code or to `end`.
 * @param early 1 when codes widen one code early (the usual way), 0 when not
 * @returns what was taken, the last partial byte included
 * @throws Broken at a code that the table doesn't have
 */
export function decodeLzw(
  reader: Reader,
  start: number,
  end: number,
  early: 0 | 1,
  sink: (output: Uint8Array) => void,
): Decoded {
  const table = new LzwTable(new Outflow(reader.meter, sink), early);
  let bits = 0;
  let held = 0;
  let at = start;
  for (const part of reader.stream(start, end, 'LZW data')) {
    for (let i = 0; i < part.length; i++, at++) {
      bits = ((bits << 8) | part[i]!) & 0xfffff;
      held += 8;
      if (held < table.width) continue;
      held -= table.width;
      if (!table.take((bits >>> held) & ((1 << table.width) - 1), at)) return table.finish(at + 1 - start);
    }
  }
  return table.finish(end - start);
}

class LzwTable {
  /** Bits of the next code. */
  width = 9;
  readonly #out: Outflow;
  readonly #early: number;
  readonly #prefix = new Uint16Array(MOST_CODES);
  readonly #suffix = new Uint8Array(MOST_CODES);
  readonly #reversed = new Uint8Array(MOST_CODES);
  #next = FIRST_FREE;
  #last = -1;
  #lastFirst = 0;

  constructor(out: Outflow, early: number) {
    this.#out = out;
    this.#early = early;
  }

  /** False at the end code. */
  take(code: number, at: number): boolean {
    if (code === END) return false;
    if (code === CLEAR) {
      this.#next = FIRST_FREE;
      this.width = 9;
      this.#last = -1;
      return true;
    }
    const unknown = this.#last < 0 ? code > 255 : code > this.#next || code >= MOST_CODES;
    if (unknown) throw new Broken(at, 'LZW code', `at most ${this.#last < 0 ? 255 : this.#next}`, code);
    this.#write(code);
    return true;
  }

  finish(consumed: number): Decoded {
    this.#out.flush();
    return { consumed, produced: this.#out.produced };
  }

  #write(code: number): void {
    const fresh = this.#last >= 0 && code === this.#next;
    let length = 0;
    let walk = fresh ? this.#last : code;
    if (fresh) this.#reversed[length++] = this.#lastFirst;
    for (; walk > 255; walk = this.#prefix[walk]!) this.#reversed[length++] = this.#suffix[walk]!;
    this.#reversed[length++] = walk;
    while (length > 0) this.#out.put(this.#reversed[--length]!);
    this.#add(walk);
    this.#last = code;
    this.#lastFirst = walk;
  }

  /** A full table stays as it is; honest writers send the clear code then. */
  #add(first: number): void {
    if (this.#last < 0 || this.#next >= MOST_CODES) return;
    this.#prefix[this.#next] = this.#last;
    this.#suffix[this.#next] = first;
    this.#next++;
    const reach = this.#next + this.#early;
    this.width = reach >= 2048 ? 12 : reach >= 1024 ? 11 : reach >= 512 ? 10 : 9;
  }
}
