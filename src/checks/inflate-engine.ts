import { instantiate } from '../kernel/instantiate.ts';
import { wasm } from './inflate.wasm.ts';

/** An instance of assembly/inflate.ts; offsets are bytes in its memory. */
export interface InflateEngine {
  /** Its whole memory, which does not grow after `reset`. */
  readonly bytes: Uint8Array;
  reset(deflate64: boolean): void;
  run(): number;
  makeRoom(): number;
  appended(length: number, isLast: boolean): void;
  save(): void;
  restore(): void;
  inputAt(): number;
  inputSize(): number;
  savedAt(): number;
  savedEnd(): number;
  windowSize(): number;
  pieceAt(): number;
  pieceEnd(): number;
  taken(): number;
  spareBits(): number;
  storedLength(): number;
}

const MOST_IDLE = 4;
const idle: InflateEngine[] = [];

export function lendEngine(): InflateEngine {
  return idle.pop() ?? makeEngine();
}

export function returnEngine(engine: InflateEngine): void {
  if (idle.length < MOST_IDLE) idle.push(engine);
}

function makeEngine(): InflateEngine {
  const engine = instantiate<InflateEngine>(wasm);
  engine.reset(false);
  return { ...engine, bytes: new Uint8Array(engine.memory.buffer) };
}
