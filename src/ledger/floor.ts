import type { Segment } from './segment.ts';

/**
 * The longest run of consecutive random bytes that no segment would notice, in bytes.
 *
 * A run may end inside a segment of floor f after at most f − 1 bytes, and may cross a segment as a whole only
 * where that is shorter than its floor. Segments without proof have an infinite floor.
 */
export function longestUnnoticedRun(segments: readonly Segment[]): number {
  let longest = 0;
  let reaching = 0;
  for (const { start, end, floor } of joinAlike(segments)) {
    const unnoticed = Math.min(end - start, floor - 1);
    longest = Math.max(longest, reaching + unnoticed);
    reaching = unnoticed === end - start ? reaching + unnoticed : unnoticed;
  }
  return longest;
}

/** Neighbours with the same state and floor notice together: a run over both is long enough for either. */
function joinAlike(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (last !== undefined && last.state === segment.state && last.floor === segment.floor) {
      joined[joined.length - 1] = { ...last, end: segment.end };
    } else {
      joined.push(segment);
    }
  }
  return joined;
}
