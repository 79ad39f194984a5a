import { Broken, OverBudget } from '../../../../bytes/errors.ts';
import { u16, u32, u64 } from './little-endian.ts';

/** Runs that one stream may have. */
const MOST = 1 << 20;
export const HOLE = -1;

/** Where a stream's clusters stand. All numbers count clusters: run `i` begins at `starts[i]` of the stream. */
export interface Runs {
  readonly starts: number[];
  readonly lengths: number[];
  /** Cluster of the volume; `HOLE` where the run has none. */
  readonly places: number[];
  /** Behind the last run. */
  end: number;
}

export function emptyRuns(): Runs {
  return { starts: [], lengths: [], places: [], end: 0 };
}

/**
 * Appends the runs of the non-resident attribute at `at`: pairs of a length and a signed distance from the place
 * before, packed into as many bytes as each needs.
 * @throws Broken where they aren't what the attribute's header says, or leave the volume's `clusters`; OverBudget
 */
export function appendRuns(runs: Runs, record: Uint8Array, at: number, clusters: number): void {
  const first = u64(record, at + 16);
  const last = u64(record, at + 24);
  if (first !== runs.end) throw new Broken(at, 'first cluster of the attribute', runs.end, first);
  const end = at + u32(record, at + 4);
  let place = 0;
  for (let i = at + u16(record, at + 32); i < end && record[i] !== 0; ) {
    const lengthBytes = record[i]! & 15;
    const placeBytes = record[i]! >> 4;
    const next = i + 1 + lengthBytes + placeBytes;
    if (lengthBytes === 0 || lengthBytes > 8 || placeBytes > 8 || next > end) {
      throw new Broken(i, 'run', 'lengths of 1 to 8 bytes', record[i]);
    }
    const length = packed(record, i + 1, lengthBytes, false);
    if (placeBytes > 0) place += packed(record, i + 1 + lengthBytes, placeBytes, true);
    appendRun(runs, length, placeBytes === 0 ? HOLE : place, clusters);
    i = next;
  }
  // The last cluster of an empty attribute is −1.
  const stated = u32(record, at + 28) === 0xffffffff ? 0 : last + 1;
  if (runs.end !== stated) throw new Broken(at, 'last cluster of the attribute', runs.end, stated);
}

function appendRun(runs: Runs, length: number, place: number, clusters: number): void {
  const isInside = place === HOLE || (place >= 0 && place + length <= clusters);
  if (length === 0 || !Number.isSafeInteger(runs.end + length) || !isInside) {
    throw new Broken(runs.end, 'run', `clusters below ${clusters}`, `${length} from ${place}`);
  }
  if (runs.starts.length >= MOST) throw new OverBudget('runs of one stream', MOST);
  runs.starts.push(runs.end);
  runs.lengths.push(length);
  runs.places.push(place);
  runs.end += length;
}

/** From the top, so that small negative numbers in eight bytes stay exact. */
function packed(record: Uint8Array, at: number, bytes: number, isSigned: boolean): number {
  const top = record[at + bytes - 1]!;
  let value = isSigned && top >= 128 ? top - 256 : top;
  for (let i = bytes - 2; i >= 0; i--) value = value * 256 + record[at + i]!;
  return value;
}
