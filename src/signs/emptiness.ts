import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Segment, State } from '../ledger/segment.ts';
import { findMonotony, LEAST_MONOTONY } from './monotony.ts';

/** States in which zeros can stand where something else stood: no sum, decoder or grammar would have noticed. */
const silent: readonly State[] = ['structure', 'padding', 'contrast', 'raw', 'unaccounted'];
const PIECE = 1 << 16;

/**
 * The longest run of zeros, in bytes, that the format neither demands nor sums up: a hole could be as long, and no verifier
 * would know. Padding doesn't count, as zeros must be there; headers of zeros, one after another, do, as they are none.
 * @throws OverBudget, ReadError
 */
export function longestEmptiness(reader: Reader, ledger: Ledger): number {
  let longest = 0;
  for (const area of silentAreas(ledger)) {
    let start = -1;
    let reached = -1;
    for (const run of zeroRuns(reader, area)) {
      // Of a run that goes on in the next piece, less than a granule may go unseen.
      if (reached < 0 || run.start - reached > LEAST_MONOTONY) start = run.start;
      reached = run.end;
      if (reached - start > longest)
        longest = Math.max(longest, undemanded(area.segments, { start, end: reached }));
    }
  }
  return longest;
}

interface Area extends Range {
  readonly segments: readonly Segment[];
}

/** Segments in these states, joined where they touch. */
function silentAreas(ledger: Ledger): Area[] {
  const areas: { start: number; end: number; segments: Segment[] }[] = [];
  for (const segment of ledger.segments()) {
    if (!silent.includes(segment.state)) continue;
    const last = areas.at(-1);
    if (last?.end === segment.start) {
      last.end = segment.end;
      last.segments.push(segment);
    } else areas.push({ start: segment.start, end: segment.end, segments: [segment] });
  }
  return areas;
}

function* zeroRuns(reader: Reader, { start, end }: Range): Generator<Range> {
  for (let at = start; at < end; at += PIECE) {
    reader.meter.step();
    const bytes = reader.bytes(at, Math.min(PIECE, end - at), 'zeros');
    for (const run of findMonotony(bytes)) {
      if (bytes[run.start] !== 0 || bytes.subarray(run.start, run.start + 16).some((byte) => byte !== 0))
        continue;
      yield { start: at + run.start, end: at + run.end };
    }
  }
}

/** Bytes of a run outside of padding with a floor of its own: zeros that must be there, or room that the format declares. */
function undemanded(segments: readonly Segment[], run: Range): number {
  let bytes = 0;
  for (const { start, end, state, floor } of segments) {
    if (state === 'padding' && Number.isFinite(floor)) continue;
    bytes += Math.max(0, Math.min(end, run.end) - Math.max(start, run.start));
  }
  return bytes;
}
