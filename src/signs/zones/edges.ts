import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { scoresOf } from './cells.ts';

/** An offset, and between which it lies: all places whose likelihood is within e¹² of the best one's. */
export interface Edge {
  readonly at: number;
  readonly least: number;
  readonly most: number;
}

const NATS = 12;
/** How far an edge is sought on both sides of where cells put it, in bytes. */
const REACH = 8192;
/** Cells at an edge are of both kinds. */
const MIXED = 512;
/** Sound bytes elsewhere count as so many beside the edge: 8 KiB alone would pass for far from uniform by chance. */
export const PRIOR = 4096;

export interface Surroundings {
  readonly reader: Reader;
  /** How often each byte value stands in sound bytes elsewhere, as if there were `PRIOR` of them. */
  readonly elsewhere: Float64Array;
}

/**
 * Where random bytes begin, near to `at`.
 * @param room the open range in which they begin, and no further than they go
 * @param sound the bytes before, which aren't random
 */
export function findStart(around: Surroundings, at: number, room: Range, sound: Range): Edge {
  const from = Math.max(room.start, at - REACH);
  const to = Math.min(room.end, at + REACH);
  const near = { start: Math.max(sound.start, at - MIXED - REACH), end: Math.max(0, at - MIXED) };
  return cheapestCut(around, { start: from, end: to }, near, 1);
}

/** Where random bytes end, likewise. */
export function findEnd(around: Surroundings, at: number, room: Range, sound: Range): Edge {
  const from = Math.max(room.start, at - REACH);
  const to = Math.min(room.end, at + REACH);
  const near = { start: at + MIXED, end: Math.min(sound.end, at + MIXED + REACH) };
  return cheapestCut(around, { start: from, end: to }, near, -1);
}

/** The cut that gives most to the random side: 1 if that's what follows, −1 if it's what comes before. */
function cheapestCut(around: Surroundings, { start, end }: Range, sound: Range, side: 1 | -1): Edge {
  if (end <= start) return { at: start, least: start, most: start };
  const scores = scoresNear(around, sound);
  const bytes = around.reader.bytes(start, end - start);
  const sums = new Float64Array(bytes.length + 1);
  let best = 0;
  for (let i = 0; i < bytes.length; i++) {
    sums[i + 1] = sums[i]! - side * scores[bytes[i]!]!;
    if (sums[i + 1]! > sums[best]!) best = i + 1;
  }
  const limit = sums[best]! - NATS;
  let least = 0;
  while (sums[least]! < limit) least++;
  let most = bytes.length;
  while (sums[most]! < limit) most--;
  return { at: start + best, least: start + least, most: start + most };
}

function scoresNear({ reader, elsewhere }: Surroundings, { start, end }: Range): Float64Array {
  const counts = Float64Array.from(elsewhere);
  if (end > start) for (const byte of reader.bytes(start, end - start)) counts[byte]!++;
  return scoresOf(counts);
}
