import type { Range } from '../bytes/range.ts';
import { findAlphabet } from './alphabet.ts';
import { FOLD_SIZE, fold } from './interleaving.ts';
import { findRepetition } from './repetition.ts';

/**
 * What was done to bytes that aren't random as a whole, yet aren't what they should be:
 * - `repeated-blocks`: a block cipher without chaining leaves equal blocks among blocks that are random otherwise;
 * - `repeating-key`: exclusive or with a short key;
 * - `stripes`: random bytes in stripes too fine for windows, `on` of every `period` bytes, from file offset
 *   `phase` modulo the period on;
 * - `encoded`: random bytes written with few symbols.
 */
export type Transformation = Range &
  (
    | { readonly kind: 'repeated-blocks'; readonly blockSize: number; readonly repeated: number }
    | { readonly kind: 'repeating-key'; readonly period: number; readonly by: string }
    | { readonly kind: 'stripes'; readonly period: number; readonly on: number; readonly phase: number }
    | { readonly kind: 'encoded'; readonly alphabet: string }
  );

/** Bytes that are looked at of each range. */
const MOST_BYTES = 1 << 18;

/**
 * Looks for what ciphers leave that don't give random bytes throughout. Meant for ranges that no format accounts for;
 * honest data of an unknown type may be striped or repeat, too.
 * @param bytes the range, or its first 256 KiB
 * @param position offset of the first byte in the file
 */
export function findTransformation(bytes: Uint8Array, position: number): Transformation | null {
  const part = bytes.subarray(0, MOST_BYTES);
  const range = { start: position, end: position + bytes.length };
  const repetition = findRepetition(part, position);
  if (repetition !== null) {
    return {
      ...range,
      kind: 'repeated-blocks',
      blockSize: repetition.blockSize,
      repeated: repetition.repeated,
    };
  }
  const alphabet = findAlphabet(part, position);
  if (alphabet?.flat === true && alphabet.symbols >= 16)
    return { ...range, kind: 'encoded', alphabet: alphabet.name };
  const folded = fold(part.subarray(0, FOLD_SIZE), position);
  if (folded.kind !== 'striped') return null;
  const { period, on, phase } = folded.stripes;
  return { ...range, kind: 'stripes', period, on, phase };
}
