import type { Range } from '../bytes/range.ts';
import { endOfRepetition } from '../bytes/repetition.ts';

/**
 * Shortest run that counts, in bytes: contrast has no smaller floor, and a run of this length holds a granule whole
 * wherever it begins.
 */
export const LEAST_MONOTONY = 127;
const GRANULE = 64;
/** Longest unit that is repeated, in bytes: one value, a sample, a pixel, a short word. */
const LONGEST_UNIT = 16;

/**
 * Runs in which a unit of at most 16 bytes repeats, in order: zeros, silence, one colour; and what wipers write. Each as long
 * as it can be, and from 127 bytes on all of them.
 */
export function findMonotony(bytes: Uint8Array): Range[] {
  const runs: Range[] = [];
  let reached = 0;
  for (let at = 0; at + GRANULE <= bytes.length; at += GRANULE) {
    if (at + GRANULE <= reached) continue;
    const unit = unitAt(bytes, at);
    if (unit === 0) continue;
    const run = extend(bytes, at, unit, reached);
    reached = run.end;
    if (run.end - run.start >= LEAST_MONOTONY) runs.push(run);
  }
  return runs;
}

/** The shortest unit that the granule repeats; 0 for none. */
function unitAt(bytes: Uint8Array, at: number): number {
  const end = at + GRANULE;
  for (let unit = 1; unit <= LONGEST_UNIT; unit++) {
    let i = at + unit;
    while (i < end && bytes[i] === bytes[i - unit]) i++;
    if (i === end) return unit;
  }
  return 0;
}

function extend(bytes: Uint8Array, at: number, unit: number, least: number): Range {
  let start = at;
  while (start > least && bytes[start - 1] === bytes[start - 1 + unit]) start--;
  return { start, end: endOfRepetition(bytes, at + GRANULE, unit) };
}
