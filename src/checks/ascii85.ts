import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

import { type Decoded, Outflow } from './outflow.ts';

const Z = 0x7a;
const TILDE = 0x7e;

/**
 * Decodes base-85 digits up to `~>` (ISO 32000-1 §7.4.3) or to `end`.
 * @throws Broken at a byte outside of the alphabet, or a group of more than 32 bits
 */
export function decodeAscii85(
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => void,
): Decoded {
  const decoder = new Ascii85(new Outflow(reader.meter, sink));
  let at = start;
  for (const part of reader.stream(start, end, 'base-85 digits')) {
    for (let i = 0; i < part.length; i++, at++) {
      if (part[i] === TILDE) return decoder.finish(skipEndMark(reader, at, end) - start);
      decoder.feed(part[i]!, at);
    }
  }
  return decoder.finish(end - start);
}

class Ascii85 {
  readonly #out: Outflow;
  #group = 0;
  #digits = 0;

  constructor(out: Outflow) {
    this.#out = out;
  }

  feed(code: number, at: number): void {
    if (code >= 0x21 && code <= 0x75) {
      this.#group = this.#group * 85 + (code - 0x21);
      if (++this.#digits === 5) this.#closeGroup(4, at);
    } else if (code === Z && this.#digits === 0) {
      for (let i = 0; i < 4; i++) this.#out.put(0);
    } else if (!isSpace(code)) {
      throw new Broken(at, 'base-85 data', 'a digit', `byte ${code}`);
    }
  }

  /** The last group may be short: n digits give n − 1 bytes, the missing digits being the highest. */
  finish(consumed: number): Decoded {
    const bytes = this.#digits - 1;
    if (bytes > 0) {
      while (this.#digits++ < 5) this.#group = this.#group * 85 + 84;
      this.#closeGroup(bytes, consumed);
    }
    this.#out.flush();
    return { consumed, produced: this.#out.produced };
  }

  #closeGroup(bytes: number, at: number): void {
    if (this.#group > 0xffffffff) throw new Broken(at, 'base-85 group', 'less than 2^32', this.#group);
    for (let i = 0; i < bytes; i++) this.#out.put(Math.floor(this.#group / 2 ** (24 - 8 * i)) & 0xff);
    this.#group = this.#digits = 0;
  }
}

function skipEndMark(reader: Reader, tilde: number, end: number): number {
  let at = tilde + 1;
  while (at < end && isSpace(reader.u8(at))) at++;
  if (at < end && reader.u8(at) !== 0x3e) throw new Broken(at, 'end of base-85 data', '>', reader.u8(at));
  return Math.min(at + 1, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 9 && code <= 13 && code !== 11) || code === 0;
}
