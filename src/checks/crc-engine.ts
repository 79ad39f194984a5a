import { instantiate } from '../kernel/instantiate.ts';
import { wasm } from './crc.wasm.ts';

/** An instance of assembly/crc.ts. */
interface CrcEngine {
  readonly memory: { readonly buffer: ArrayBuffer };
  inputAt(): number;
  inputSize(): number;
  crc32c(length: number, state: number): number;
  crc64(length: number, state: bigint): bigint;
}

export interface LentEngine {
  readonly engine: CrcEngine;
  /** Where the bytes to be summed go. */
  readonly input: Uint8Array;
}

let shared: LentEngine | null = null;

/** The engine that all sums share: it keeps no state between two calls. */
export function lendEngine(): LentEngine {
  if (shared !== null) return shared;
  const engine = instantiate<CrcEngine>(wasm);
  const input = new Uint8Array(engine.memory.buffer, engine.inputAt(), engine.inputSize());
  shared = { engine, input };
  return shared;
}
