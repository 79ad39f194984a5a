import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import { type Reader, WINDOW } from '../bytes/reader.ts';
import { instantiate } from '../kernel/instantiate.ts';
import type { Packed, Pieces } from './pieces.ts';

/**
 * What the decoders in assembly/ have in common. The host fills the input area, calls `run`, takes the output between
 * `pieceAt` and `pieceEnd`, and acts on what `run` returned. Offsets are bytes in the engine's memory, which may grow.
 */
export interface StreamEngine {
  readonly memory: { readonly buffer: ArrayBuffer };
  run(): number;
  /** Moves unread input to the front; gives how many bytes those are. */
  makeRoom(): number;
  appended(length: number, isLast: boolean): void;
  inputAt(): number;
  inputSize(): number;
  pieceAt(): number;
  pieceEnd(): number;
  /** Bytes of input that are taken, counted from the start of the input area. */
  taken(): number;
  /** Where bytes stand in the stream as they are: how many follow. */
  storedLength?(): number;
}

/** How a decoder speaks of its stream. */
export interface Terms {
  /** `LZMA stream` */
  readonly stream: string;
  /** What contradicts the format, by what `run` returned. */
  readonly contradictions: Readonly<Record<number, string>>;
}

export interface Run {
  /** Bytes of input that the stream took. */
  readonly consumed: number;
  /** Bytes of output. */
  readonly produced: number;
  /** Where the input holds bytes as they are: changes there contradict nothing in the stream itself. */
  readonly stored: readonly Range[];
}

const NEED_INPUT = 0;
const STORED = 2;
const DONE = 3;
const ENDED_EARLY = 27;
/** From here on: no contradiction, but more than is examined. */
const TOO_MUCH = 64;

/** Beyond so many, stored ranges are joined, and then hold more than them. */
const MOST_STORED = 4096;
/** Headers of this many bytes between two stored ranges don't part them. */
const NEIGHBOURS = 8;

/**
 * Lets an engine decode the stream that begins at `start` and must end before `end`. The output is metered, and comes in
 * pieces that are valid until the next one is asked for; at last the run itself. Who stops before must `return()` it.
 * @param prepare begins the stream in the engine
 * @throws Broken at the input byte where the stream contradicts its format; Truncated; OverBudget
 */
export function* runEngine<Engine extends StreamEngine>(
  pool: EnginePool<Engine>,
  terms: Terms,
  input: Packed,
  prepare: (engine: Engine) => void,
): Pieces<Run> {
  const engine = pool.take();
  try {
    prepare(engine);
    const host = new Host(engine, terms, input);
    while (host.advance()) {
      const piece = host.piece();
      if (piece !== null) yield piece;
      host.complain();
    }
    return host;
  } finally {
    pool.giveBack(engine);
  }
}

class Host implements Run {
  consumed = 0;
  produced = 0;
  #isDone = false;
  readonly stored: Range[] = [];
  readonly #engine: StreamEngine;
  readonly #terms: Terms;
  readonly #reader: Reader;
  readonly #start: number;
  readonly #end: number;
  /** Offset of the first byte of the engine's input area. */
  #base: number;
  #next: number;
  #status = 1;
  #memory = new Uint8Array(0);

  constructor(engine: StreamEngine, terms: Terms, { reader, start, end }: Packed) {
    this.#engine = engine;
    this.#terms = terms;
    this.#reader = reader;
    this.#start = this.#base = this.#next = start;
    this.#end = end;
  }

  /** False behind the end. */
  advance(): boolean {
    if (this.#isDone) return false;
    if (this.#status === NEED_INPUT) this.#feed();
    this.#status = this.#engine.run();
    this.consumed = this.#base + this.#engine.taken() - this.#start;
    if (this.#status === STORED) this.#noteStored();
    this.#isDone = this.#status === DONE;
    return true;
  }

  piece(): Uint8Array | null {
    const start = this.#engine.pieceAt();
    const end = this.#engine.pieceEnd();
    if (end <= start) return null;
    this.produced += end - start;
    this.#reader.meter.produce(end - start);
    return this.#bytes().subarray(start, end);
  }

  /** Told after the bytes before it were given. @throws Broken, Truncated, OverBudget */
  complain(): void {
    const { stream, contradictions } = this.#terms;
    if (this.#status <= DONE) return;
    const what = contradictions[this.#status] ?? stream;
    if (this.#status >= TOO_MUCH) throw new OverBudget(what, 256 << 20);
    if (this.#status !== ENDED_EARLY) throw new Broken(this.#start + Math.max(0, this.consumed - 1), what);
    if (this.#end === this.#reader.size) throw new Truncated(this.#end, stream, 1);
    throw new Broken(this.#end, stream, 'its end before', 'none');
  }

  #bytes(): Uint8Array {
    const { buffer } = this.#engine.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    return this.#memory;
  }

  #feed(): void {
    const engine = this.#engine;
    const left = engine.makeRoom();
    const length = Math.min(engine.inputSize() - left, WINDOW, this.#end - this.#next);
    if (length > 0) {
      const bytes = this.#reader.bytes(this.#next, length, this.#terms.stream);
      this.#bytes().set(bytes, engine.inputAt() + left);
    }
    this.#base = this.#next - left;
    this.#next += length;
    engine.appended(length, this.#next === this.#end);
  }

  #noteStored(): void {
    this.#reader.meter.step();
    const start = this.#start + this.consumed;
    const end = Math.min(start + (this.#engine.storedLength?.() ?? 0), this.#end);
    const last = this.stored.at(-1);
    if (last !== undefined && (start - last.end <= NEIGHBOURS || this.stored.length >= MOST_STORED)) {
      this.stored[this.stored.length - 1] = { start: last.start, end: Math.max(end, last.end) };
    } else if (end > start) this.stored.push({ start, end });
  }
}

const MOST_IDLE = 3;
/** An engine whose memory grew beyond this, in bytes, isn't kept. */
const MOST_KEPT = 24 << 20;

/** Engines of one kind. Many can be at work at a time, as when one stream lies inside another. */
export class EnginePool<Engine extends StreamEngine> {
  readonly #wasm: string;
  readonly #idle: Engine[] = [];

  /** @param wasm the module's bytes in base64 */
  constructor(wasm: string) {
    this.#wasm = wasm;
  }

  take(): Engine {
    return this.#idle.pop() ?? instantiate<Engine>(this.#wasm);
  }

  giveBack(engine: Engine): void {
    const isSmall = engine.memory.buffer.byteLength <= MOST_KEPT;
    if (isSmall && this.#idle.length < MOST_IDLE) this.#idle.push(engine);
  }
}
