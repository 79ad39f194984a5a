import type { Reader } from '../bytes/reader.ts';
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
    const phase = at;
    const other = part.findIndex((byte, i) => byte !== unit[(phase + i) % period]);
    if (other >= 0) return { period, length: at + other, isText };
    at += part.length;
  }
  return { period, length: at, isText };
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
