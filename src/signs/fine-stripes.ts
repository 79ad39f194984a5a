import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { FOLD_SIZE, fold, type Interleaving } from './interleaving.ts';

/** Random bytes in stripes too fine for windows, over a part of a file. */
export interface FineStripes extends Range {
  readonly period: number;
  /** Offset in the file modulo the period, and random bytes from there on. */
  readonly phase: number;
  readonly on: number;
}

/** More pieces are taken as striped if these are. */
const MOST_PIECES = 1024;

/**
 * Follows stripes from the place of a contradiction on, 64 KiB at a time: what breaks a text or a table every few dozen
 * bytes leaves the rest readable, and no range that is lost as a whole.
 * @param at where the first contradiction was seen
 * @throws OverBudget, ReadError
 */
export function findFineStripes(reader: Reader, at: number): FineStripes | null {
  const first = Math.floor(at / FOLD_SIZE) * FOLD_SIZE;
  const stripes = foldAt(reader, first);
  if (stripes === null) return null;
  const { period, phase } = stripes;
  // The stripe that broke the format is the first: plain formats notice it at once.
  const start = Math.max(first, at - ((((at - phase) % period) + period) % period));
  let end = Math.min(reader.size, first + FOLD_SIZE);
  for (let pieces = 1; end < reader.size; pieces++) {
    if (pieces === MOST_PIECES) return { ...placed(stripes), start, end: reader.size };
    const next = foldAt(reader, end);
    // The last piece may be too short to tell.
    if (next?.period !== period && reader.size - end >= FOLD_SIZE) break;
    end = Math.min(reader.size, end + FOLD_SIZE);
  }
  return { ...placed(stripes), start, end };
}

function placed({ period, phase, on }: Interleaving): Pick<FineStripes, 'period' | 'phase' | 'on'> {
  return { period, phase, on };
}

function foldAt(reader: Reader, start: number): Interleaving | null {
  reader.meter.step();
  const bytes = reader.bytes(start, Math.min(FOLD_SIZE, reader.size - start));
  const folded = fold(bytes, start);
  return folded.kind === 'striped' ? folded.stripes : null;
}
