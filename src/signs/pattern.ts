import type { Reader } from '../bytes/reader.ts';
import { endOfRepetition } from '../bytes/repetition.ts';
import { isPrintable } from '../kernel/reference.ts';

/** Bytes that repeat from the start of the file: what a wiper writes, or empty space. */
export interface Pattern {
  /** In bytes: 1 where all are the same. */
  readonly period: number;
  /** How many bytes keep to it. */
  readonly length: number;
  /** Whether what repeats is printable ASCII or white space. */
  readonly isText: boolean;
}

const LONGEST_PERIOD = 256;
/** Shorter repetitions say nothing. */
const LEAST = 32;
const HEAD = 4096;

/** @throws OverBudget, ReadError */
export function findPattern(reader: Reader): Pattern | null {
  const period = periodOf(reader.bytes(0, Math.min(HEAD, reader.size)));
  if (period === null) return null;
  const unit = reader.copy(0, period);
  const isText = unit.every(isPrintable);
  let at = 0;
  for (const part of reader.stream(0, reader.size)) {
    const kept = lengthKept(part, unit, at % period);
    at += kept;
    if (kept < part.length) break;
  }
  return { period, length: at, isText };
}

/** How many bytes keep to the unit: the first ones are held against it, the others against those before. */
function lengthKept(bytes: Uint8Array, unit: Uint8Array, phase: number): number {
  const first = Math.min(unit.length, bytes.length);
  for (let i = 0; i < first; i++) if (bytes[i] !== unit[(phase + i) % unit.length]) return i;
  return endOfRepetition(bytes, first, unit.length);
}

/** The shortest period of bytes that hold it at least four times over. */
function periodOf(bytes: Uint8Array): number | null {
  if (bytes.length < LEAST) return null;
  for (let period = 1; period <= Math.min(LONGEST_PERIOD, bytes.length / 4); period++) {
    let at = period;
    while (at < bytes.length && bytes[at] === bytes[at - period]) at++;
    if (at === bytes.length) return period;
  }
  return null;
}
