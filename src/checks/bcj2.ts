import { Broken } from '../bytes/errors.ts';
import type { Pieces } from './pieces.ts';

const PIECE = 1 << 16;
const TOP = 1 << 24;

/** Bytes of a stream, one by one. */
class Tap {
  readonly #pieces: Pieces;
  #piece = new Uint8Array(0);
  #at = 0;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  /** −1 at the end. */
  next(): number {
    while (this.#at === this.#piece.length) {
      const next = this.#pieces.next();
      if (next.done === true) return -1;
      this.#piece = next.value as Uint8Array<ArrayBuffer>;
      this.#at = 0;
    }
    return this.#piece[this.#at++]!;
  }

  close(): void {
    this.#pieces.return(undefined);
  }
}

/** The streams that BCJ2 makes of x86 code: the rest, targets of calls, targets of jumps, and which of them are which. */
export interface Bcj2Streams {
  readonly main: Pieces;
  readonly calls: Pieces;
  readonly jumps: Pieces;
  readonly choices: Pieces;
}

/** Puts x86 code together again (LZMA SDK, Bcj2.c). @throws Broken where a stream is too short */
export function* joinBcj2(streams: Bcj2Streams): Pieces<void> {
  const join = new Join(streams);
  try {
    for (let piece = join.next(); piece.length > 0; piece = join.next()) yield piece;
  } finally {
    join.close();
  }
}

class Join {
  readonly #main: Tap;
  readonly #calls: Tap;
  readonly #jumps: Tap;
  readonly #choices: Tap;
  readonly #probabilities = new Uint16Array(258).fill(1024);
  readonly #output = new Uint8Array(PIECE + 8);
  #range = 0xffffffff;
  #code = 0;
  #position = 0;
  #before = 0;

  constructor({ main, calls, jumps, choices }: Bcj2Streams) {
    this.#main = new Tap(main);
    this.#calls = new Tap(calls);
    this.#jumps = new Tap(jumps);
    this.#choices = new Tap(choices);
  }

  next(): Uint8Array {
    if (this.#position === 0) for (let i = 0; i < 5; i++) this.#shift();
    const output = this.#output;
    let length = 0;
    while (length < PIECE) {
      const byte = this.#main.next();
      if (byte < 0) break;
      output[length++] = byte;
      this.#position++;
      const isBranch = (byte & 0xfe) === 0xe8 || (this.#before === 0x0f && (byte & 0xf0) === 0x80);
      const context = byte === 0xe8 ? this.#before : byte === 0xe9 ? 256 : 257;
      this.#before = byte;
      if (!isBranch || !this.#decide(context)) continue;
      length = this.#putTarget(byte === 0xe8 ? this.#calls : this.#jumps, length);
    }
    return output.subarray(0, length);
  }

  close(): void {
    for (const tap of [this.#main, this.#calls, this.#jumps, this.#choices]) tap.close();
  }

  #putTarget(tap: Tap, at: number): number {
    let target = 0;
    for (let i = 0; i < 4; i++) target = (target << 8) | this.#take(tap);
    this.#position += 4;
    target = (target - this.#position) | 0;
    for (let i = 0; i < 4; i++) this.#output[at + i] = target >> (8 * i);
    this.#before = target >>> 24;
    return at + 4;
  }

  #decide(context: number): boolean {
    const probability = this.#probabilities[context]!;
    const bound = (this.#range >>> 11) * probability;
    const bit = this.#code >= bound;
    if (bit) {
      this.#range -= bound;
      this.#code -= bound;
      this.#probabilities[context] = probability - (probability >> 5);
    } else {
      this.#range = bound;
      this.#probabilities[context] = probability + ((2048 - probability) >> 5);
    }
    if (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0;
      this.#shift();
    }
    return bit;
  }

  #shift(): void {
    this.#code = ((this.#code << 8) | this.#take(this.#choices)) >>> 0;
  }

  #take(tap: Tap): number {
    const byte = tap.next();
    if (byte < 0) throw new Broken(0, 'length of a BCJ2 stream');
    return byte;
  }
}
