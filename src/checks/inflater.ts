import { Broken, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import { type Reader, WINDOW } from '../bytes/reader.ts';
import { type InflateEngine, lendEngine, returnEngine } from './inflate-engine.ts';

/** Deflate: RFC 1951. Deflate64: zip's method 9, with a window of 64 KiB. */
export type DeflateKind = 'deflate' | 'deflate64';

/** A place in a stream from which it can be decoded again. About 90 KiB. */
export interface Checkpoint {
  /** Offset in bytes of the next input, as the reader counts. */
  readonly input: number;
  /** Bytes of output before. */
  readonly produced: number;
  readonly state: Uint8Array;
  readonly window: Uint8Array;
}

const NEED_INPUT = 0;
const STORED = 2;
const DONE = 3;

/** What contradicts RFC 1951, by what the engine returns. */
const contradictions: Readonly<Record<number, string>> = {
  16: 'deflate block type',
  17: 'deflate stored block length',
  18: 'number of deflate symbols',
  19: 'deflate code lengths set',
  20: 'deflate code length repeat',
  21: 'deflate end-of-block code',
  22: 'deflate literal/length code lengths',
  23: 'deflate distance code lengths',
  24: 'deflate literal/length code',
  25: 'deflate distance code',
  26: 'deflate distance',
  27: 'deflate stream',
};
const ENDED_EARLY = 27;

/** Beyond so many, stored blocks are joined to one range, which then holds more than them. */
const MOST_STORED = 4096;

/**
 * Decodes one raw deflate stream, piece by piece, as its owner pulls. Output is metered. Many can be at work at a
 * time; each borrows an engine of about 1 MiB until `close`.
 */
export class Inflater {
  /** Bytes of input that the stream took so far, its last partial byte included. */
  consumed = 0;
  /** Bytes of output so far. */
  produced = 0;
  /** Where in the input stored blocks keep their bytes: no code stands against changes there. In order. */
  readonly stored: Range[] = [];
  isDone = false;
  readonly #reader: Reader;
  readonly #start: number;
  readonly #end: number;
  readonly #engine: InflateEngine;
  /** Offset of the first byte of the engine's input area. */
  #base: number;
  #next: number;
  /** Told after the bytes before it were given. */
  #failure: Broken | null = null;

  /** The stream begins at `start` and must end before `end`. */
  constructor(reader: Reader, start: number, end: number, kind: DeflateKind = 'deflate') {
    this.#reader = reader;
    this.#start = this.#base = this.#next = start;
    this.#end = end;
    this.#engine = lendEngine();
    this.#engine.reset(kind === 'deflate64');
  }

  /** Value of the bits that are left over in the last byte: zero, if the writer was an usual one. */
  get spareBits(): number {
    return this.#engine.spareBits();
  }

  /**
   * The next bytes of output, valid until the next call; null after the last.
   * @throws Broken at the input byte where the stream contradicts RFC 1951; Truncated; OverBudget
   */
  next(): Uint8Array | null {
    if (this.#failure !== null) throw this.#failure;
    while (!this.isDone) {
      const status = this.#engine.run();
      this.consumed = this.#base + this.#engine.taken() - this.#start;
      this.#act(status);
      const length = this.#engine.pieceEnd() - this.#engine.pieceAt();
      if (length > 0) return this.#piece(length);
      if (this.#failure !== null) throw this.#failure;
    }
    return null;
  }

  checkpoint(): Checkpoint {
    const engine = this.#engine;
    engine.save();
    const end = engine.pieceEnd();
    return {
      input: this.#base + engine.taken(),
      produced: this.produced,
      state: engine.bytes.slice(engine.savedAt(), engine.savedEnd()),
      window: engine.bytes.slice(end - Math.min(engine.windowSize(), this.produced), end),
    };
  }

  resume(from: Checkpoint): void {
    const engine = this.#engine;
    engine.bytes.set(from.state, engine.savedAt());
    engine.restore();
    engine.bytes.set(from.window, engine.pieceAt() - from.window.length);
    this.#base = this.#next = from.input;
    this.consumed = from.input - this.#start;
    this.produced = from.produced;
    this.#failure = null;
    this.isDone = false;
  }

  close(): void {
    returnEngine(this.#engine);
  }

  #act(status: number): void {
    if (status === NEED_INPUT) this.#feed();
    else if (status === STORED) this.#noteStored();
    else if (status === DONE) this.isDone = true;
    else if (status > DONE) this.#failure = this.#contradiction(status);
  }

  #piece(length: number): Uint8Array {
    const at = this.#engine.pieceAt();
    this.produced += length;
    this.#reader.meter.produce(length);
    return this.#engine.bytes.subarray(at, at + length);
  }

  #feed(): void {
    const engine = this.#engine;
    const left = engine.makeRoom();
    const room = Math.min(engine.inputSize() - left, WINDOW);
    const length = Math.min(room, this.#end - this.#next);
    const bytes = this.#reader.bytes(this.#next, length, 'deflate stream');
    engine.bytes.set(bytes, engine.inputAt() + left);
    this.#base = this.#next - left;
    this.#next += length;
    engine.appended(length, this.#next === this.#end);
  }

  #noteStored(): void {
    this.#reader.meter.step();
    const start = this.#start + this.consumed;
    const end = Math.min(start + this.#engine.storedLength(), this.#end);
    const last = this.stored.at(-1);
    // Five bytes of block header stand between neighbours.
    if (last !== undefined && (start - last.end <= 5 || this.stored.length >= MOST_STORED)) {
      this.stored[this.stored.length - 1] = { start: last.start, end };
    } else {
      this.stored.push({ start, end });
    }
  }

  #contradiction(status: number): Broken {
    const what = contradictions[status] ?? 'deflate stream';
    if (status !== ENDED_EARLY) return new Broken(this.#start + Math.max(0, this.consumed - 1), what);
    if (this.#end === this.#reader.size) return new Truncated(this.#end, what, 1);
    return new Broken(this.#end, what, 'a final block before', 'none');
  }
}
