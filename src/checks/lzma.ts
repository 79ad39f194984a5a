import { Broken, OverBudget } from '../bytes/errors.ts';
import { wasm } from './lzma.wasm.ts';
import type { Packed, Pieces } from './pieces.ts';
import { EnginePool, type Run, runEngine, type StreamEngine } from './stream-engine.ts';

/** An instance of assembly/lzma.ts. */
interface LzmaEngine extends StreamEngine {
  beginLzma(properties: number, dictionarySize: number, size: number): boolean;
  beginLzma2(dictionarySize: number): void;
}

export interface LzmaOptions {
  /** (pb × 5 + lp) × 9 + lc. */
  readonly properties: number;
  /** In bytes. */
  readonly dictionary: number;
  /** Bytes of output; null where only an end mark tells. */
  readonly size: number | null;
}

/** Larger dictionaries are legal (4 GiB), and rare: who reaches back further isn't decoded. In bytes. */
export const MOST_DICTIONARY = 256 << 20;

const contradictions: Readonly<Record<number, string>> = {
  16: 'first byte of an LZMA stream',
  17: 'LZMA distance',
  18: 'LZMA length',
  19: 'last state of the LZMA range coder',
  20: 'LZMA2 control byte',
  21: 'LZMA2 properties',
  22: 'length of an LZMA2 chunk',
  23: 'LZMA end mark',
};
const lzmaTerms = { stream: 'LZMA stream', contradictions };
const lzma2Terms = { stream: 'LZMA2 stream', contradictions };
const engines = new EnginePool<LzmaEngine>(wasm);

/**
 * Decodes one LZMA stream without its header (LZMA specification, Igor Pavlov), in memory of the dictionary's size, or
 * the output's, where that is smaller. Measured: 0.8 of the speed of `xz -t` (docs/decisions.md).
 * @throws Broken, Truncated, OverBudget
 */
export function decodeLzma(packed: Packed, options: LzmaOptions): Pieces<Run> {
  const { properties, size } = options;
  const dictionary = dictionaryFor(options.dictionary, size);
  return runEngine(engines, lzmaTerms, packed, (engine) => {
    if (engine.beginLzma(properties, dictionary, size ?? -1)) return;
    throw new Broken(packed.start, 'LZMA properties', 'less than 225', properties);
  });
}

/**
 * Decodes one LZMA2 stream (The .xz File Format §5.3.1). `stored` of the result lists its chunks without compression.
 * @param dictionary in bytes
 * @param size bytes of output where they are known; bounds the memory, isn't compared
 * @throws Broken, Truncated, OverBudget
 */
export function decodeLzma2(packed: Packed, dictionary: number, size: number | null): Pieces<Run> {
  const kept = dictionaryFor(dictionary, size);
  return runEngine(engines, lzma2Terms, packed, (engine) => engine.beginLzma2(kept));
}

/** No output reaches back further than it is long. */
function dictionaryFor(declared: number, size: number | null): number {
  const wanted = size === null ? declared : Math.min(declared, size);
  if (wanted > MOST_DICTIONARY) throw new OverBudget('bytes of an LZMA dictionary', MOST_DICTIONARY);
  return wanted;
}

/** LZMA2's byte for the size of its dictionary; null where it's none (The .xz File Format §5.3.1). */
export function lzma2Dictionary(bits: number): number | null {
  if (bits > 40) return null;
  return bits === 40 ? 0xffffffff : (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11);
}
