import { Broken, OverBudget, ReadError, Truncated } from './errors.ts';
import { Meter } from './meter.ts';
import { endOfRepetition } from './repetition.ts';
import { type ByteSource, SliceSource } from './source.ts';

/** The most that `bytes()` gives at once, and the size of a sequential read, in bytes. */
export const WINDOW = 1 << 20;
/** What a jump to another place of the file reads at least, in bytes. */
const JUMP = 1 << 14;

/**
 * A window that slides over a source, and the meter of the file at hand. Verifiers read through it only.
 *
 * Offsets are bytes from the start of the source. Reads beyond the end throw `Truncated`: a verifier needs no
 * length checks of its own. Views that `bytes()` and `stream()` give are valid until the next call.
 */
export class Reader {
  readonly source: ByteSource;
  readonly size: number;
  readonly meter: Meter;
  #window: Uint8Array;
  #start = 0;
  #end = 0;

  constructor(
    source: ByteSource,
    meter: Meter = new Meter(),
    window = new Uint8Array(windowFor(source.size)),
  ) {
    this.source = source;
    this.size = source.size;
    this.meter = meter;
    this.#window = window;
  }

  /** A view of `length` bytes (at most `WINDOW`) from `at`. @throws Truncated, OverBudget, ReadError */
  bytes(at: number, length: number, what = 'structure'): Uint8Array {
    const from = this.#hold(at, length, what);
    return this.#window.subarray(from, from + length);
  }

  /** Like `bytes()`, but yours to keep. */
  copy(at: number, length: number, what?: string): Uint8Array {
    return this.bytes(at, length, what).slice();
  }

  /** Views that follow each other without gap from `start` to `end`, each up to `WINDOW` bytes. */
  *stream(start: number, end: number, what = 'data'): Generator<Uint8Array, void, undefined> {
    if (end > this.size) throw new Truncated(this.size, what, end - this.size);
    for (let at = start; at < end; ) {
      const length = Math.min(end - at, this.#held(at) || Math.min(WINDOW, this.#window.length));
      yield this.bytes(at, length, what);
      at += length;
    }
  }

  /** A copy of [start, end), however long: bound the length before you ask. */
  whole(start: number, end: number, what?: string): Buffer {
    return Buffer.concat(Array.from(this.stream(start, end, what), (part) => Buffer.from(part)));
  }

  /** The range as a reader of its own, whose offset 0 is `start`; the meter is shared. */
  within(start: number, end: number, what = 'part'): Reader {
    if (end > this.size) throw new Truncated(this.size, what, end - this.size);
    return new Reader(new SliceSource(this.source, start, end), this.meter);
  }

  u8(at: number, what?: string): number {
    return this.#window[this.#hold(at, 1, what)]!;
  }

  u16le(at: number, what?: string): number {
    const i = this.#hold(at, 2, what);
    return this.#window[i]! | (this.#window[i + 1]! << 8);
  }

  u16be(at: number, what?: string): number {
    const i = this.#hold(at, 2, what);
    return (this.#window[i]! << 8) | this.#window[i + 1]!;
  }

  u24be(at: number, what?: string): number {
    const i = this.#hold(at, 3, what);
    return (this.#window[i]! << 16) | (this.#window[i + 1]! << 8) | this.#window[i + 2]!;
  }

  u32le(at: number, what?: string): number {
    const i = this.#hold(at, 4, what);
    const w = this.#window;
    return (w[i]! | (w[i + 1]! << 8) | (w[i + 2]! << 16) | (w[i + 3]! << 24)) >>> 0;
  }

  u32be(at: number, what?: string): number {
    const i = this.#hold(at, 4, what);
    const w = this.#window;
    return ((w[i]! << 24) | (w[i + 1]! << 16) | (w[i + 2]! << 8) | w[i + 3]!) >>> 0;
  }

  /** @throws Broken when the value is 2^53 or more: no offset or length of a real file is. */
  u64le(at: number, what = '64-bit field'): number {
    return safe(this.u32le(at + 4, what) * 2 ** 32 + this.u32le(at, what), at, what);
  }

  /** @throws Broken when the value is 2^53 or more: no offset or length of a real file is. */
  u64be(at: number, what = '64-bit field'): number {
    return safe(this.u32be(at, what) * 2 ** 32 + this.u32be(at + 4, what), at, what);
  }

  /** Whether `pattern` stands at `at`; false, not an error, where the file ends before. */
  has(at: number, pattern: ArrayLike<number> | string): boolean {
    if (at < 0 || at + pattern.length > this.size) return false;
    const from = this.#hold(at, pattern.length);
    for (let i = 0; i < pattern.length; i++) {
      const wanted = typeof pattern === 'string' ? pattern.charCodeAt(i) : pattern[i];
      if (this.#window[from + i] !== wanted) return false;
    }
    return true;
  }

  /** Bytes as Latin-1, one character a byte. */
  latin1(at: number, length: number, what?: string): string {
    const from = this.#hold(at, length, what);
    return Buffer.from(this.#window.buffer, this.#window.byteOffset + from, length).toString('latin1');
  }

  /** @throws Broken with `what`, unless `pattern` stands at `at`. */
  expect(at: number, pattern: ArrayLike<number> | string, what: string): void {
    if (this.has(at, pattern)) return;
    const found = this.bytes(at, Math.max(0, Math.min(pattern.length, this.size - at)), what);
    throw new Broken(at, what, show(pattern), show(found));
  }

  /** Offset of the first `pattern` in [start, end), or −1. A pattern has at most a few hundred bytes. */
  indexOf(pattern: Uint8Array | string, start: number, end = this.size): number {
    const needle = typeof pattern === 'string' ? Buffer.from(pattern, 'latin1') : pattern;
    for (let at = start; at + needle.length <= end; ) {
      const length = Math.min(end - at, this.#window.length);
      const view = this.bytes(at, length);
      const found = Buffer.from(view.buffer, view.byteOffset, length).indexOf(needle);
      if (found >= 0) return at + found;
      at += Math.max(1, length - needle.length + 1);
    }
    return -1;
  }

  /** Offset of the first byte in [start, end) that isn't `byte`; `end` where there is none. */
  endOfRun(start: number, byte: number, end = this.size): number {
    let at = start;
    for (const part of this.stream(start, end)) {
      const same = part[0] === byte ? endOfRepetition(part, 1, 1) : 0;
      at += same;
      if (same < part.length) break;
    }
    return at;
  }

  #held(at: number): number {
    return at >= this.#start && at < this.#end ? this.#end - at : 0;
  }

  #hold(at: number, length: number, what = 'structure'): number {
    if (at >= this.#start && at + length <= this.#end) return at - this.#start;
    if (!Number.isSafeInteger(at) || at < 0) throw new Broken(at, what, 'an offset inside the file', at);
    if (length > WINDOW) throw new OverBudget(`bytes of one ${what} held in memory`, WINDOW);
    if (at + length > this.size) throw new Truncated(this.size, what, at + length - this.size);
    this.#load(at, length);
    return at - this.#start;
  }

  /** Sequential reading takes whole windows; a jump takes little, since the next may go elsewhere. */
  #load(at: number, length: number): void {
    const sequential = at >= this.#start && at <= this.#end;
    if (length > this.#window.length) this.#window = new Uint8Array(WINDOW);
    const wanted = Math.max(length, sequential || at === 0 ? this.#window.length : JUMP);
    const size = Math.min(wanted, this.#window.length, this.size - at);
    this.meter.consume(size);
    this.#start = this.#end = 0;
    const got = this.source.read(this.#window.subarray(0, size), at);
    if (got < size) throw new ReadError(at + got, `the file shrank: ${size} bytes expected, ${got} read`);
    this.#start = at;
    this.#end = at + got;
  }
}

function windowFor(size: number): number {
  return Math.max(1, Math.min(size, WINDOW));
}

function safe(value: number, at: number, what: string): number {
  if (!Number.isSafeInteger(value)) throw new Broken(at, what, 'less than 2^53', value);
  return value;
}

function show(bytes: ArrayLike<number> | string): string {
  return typeof bytes === 'string' ? bytes : Buffer.from(Array.from(bytes)).toString('hex');
}
