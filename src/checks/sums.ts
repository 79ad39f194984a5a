import { instantiate } from '../kernel/instantiate.ts';
import { wasm } from './sums.wasm.ts';

/** An instance of assembly/sums.ts. */
interface SumsEngine {
  readonly memory: { readonly buffer: ArrayBuffer };
  stateAt(): number;
  inputAt(): number;
  inputSize(): number;
  begin32(): void;
  add32(length: number): void;
  end32(): void;
  begin64(): void;
  add64(length: number): void;
  end64(): void;
  beginCrc64(): void;
  addCrc64(length: number): void;
  endCrc64(): void;
  addAdler32(length: number, seed: number): number;
}

interface Algorithm {
  readonly begin: (engine: SumsEngine) => void;
  readonly add: (engine: SumsEngine, length: number) => void;
  readonly end: (engine: SumsEngine) => void;
}

/** XXH32 and XXH64 with seed 0 (xxHash fast digest algorithm 0.1.1); CRC-64 as xz has it (The .xz File Format §6). */
const algorithms = {
  xxh32: { begin: (e) => e.begin32(), add: (e, n) => e.add32(n), end: (e) => e.end32() },
  xxh64: { begin: (e) => e.begin64(), add: (e, n) => e.add64(n), end: (e) => e.end64() },
  crc64: { begin: (e) => e.beginCrc64(), add: (e, n) => e.addCrc64(n), end: (e) => e.endCrc64() },
} satisfies Record<string, Algorithm>;

const STATE_SIZE = 80;
const RESULT = 72;

let shared: { readonly engine: SumsEngine; readonly memory: Uint8Array } | null = null;

/** The one engine of all sums; what it holds lasts until the next call of any. */
export function lendSums(): { readonly engine: SumsEngine; readonly memory: Uint8Array } {
  if (shared === null) {
    const engine = instantiate<SumsEngine>(wasm);
    shared = { engine, memory: new Uint8Array(engine.memory.buffer) };
  }
  return shared;
}

/** A sum over bytes that come in pieces. Many can be under way: all share one engine, each keeps its own state. */
export class Sum {
  readonly #algorithm: Algorithm;
  readonly #state = new Uint8Array(STATE_SIZE);

  constructor(algorithm: keyof typeof algorithms) {
    this.#algorithm = algorithms[algorithm];
    this.#with((engine) => this.#algorithm.begin(engine));
  }

  add(bytes: Uint8Array): void {
    this.#with((engine, memory) => {
      const most = engine.inputSize();
      for (let at = 0; at < bytes.length; at += most) {
        const part = bytes.subarray(at, at + most);
        memory.set(part, engine.inputAt());
        this.#algorithm.add(engine, part.length);
      }
    });
  }

  /** Eight bytes, the lowest first; of XXH32 the upper four are zero. */
  digest(): Buffer {
    this.#with((engine) => this.#algorithm.end(engine));
    return Buffer.from(this.#state.subarray(RESULT, RESULT + 8));
  }

  #with(work: (engine: SumsEngine, memory: Uint8Array) => void): void {
    const { engine, memory } = lendSums();
    memory.set(this.#state, engine.stateAt());
    work(engine, memory);
    this.#state.set(memory.subarray(engine.stateAt(), engine.stateAt() + STATE_SIZE));
  }
}

/** XXH32 of a few bytes. */
export function xxh32(bytes: Uint8Array): number {
  const sum = new Sum('xxh32');
  sum.add(bytes);
  return sum.digest().readUInt32LE(0);
}
