import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { type DeflateKind, Inflater } from './inflater.ts';

export interface Inflated {
  /** Bytes of input that the stream took, its last partial byte included. */
  readonly consumed: number;
  /** Bytes of output. */
  readonly produced: number;
  /** False where the sink ended it before its end. */
  readonly isComplete: boolean;
  /** Where stored blocks keep their bytes in the input: changes there contradict nothing in the stream itself. */
  readonly stored: readonly Range[];
  /** Value of the unused bits of the last byte; usual writers leave zeros. */
  readonly spareBits: number;
}

/**
 * Decodes one raw deflate stream (RFC 1951) that begins at `start` and must end before `end`, in bounded memory.
 * The output goes to `sink` in pieces, each valid during the call only; a sink that returns false ends it there.
 * @throws Broken at the input byte where the stream contradicts RFC 1951; Truncated; OverBudget
 */
export function inflate(
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => unknown,
  kind: DeflateKind = 'deflate',
): Inflated {
  const inflater = new Inflater(reader, start, end, kind);
  try {
    for (let piece = inflater.next(); piece !== null; piece = inflater.next()) {
      if (sink(piece) === false) break;
    }
    const { consumed, produced, isDone, stored, spareBits } = inflater;
    return { consumed, produced, isComplete: isDone, stored, spareBits };
  } finally {
    inflater.close();
  }
}
