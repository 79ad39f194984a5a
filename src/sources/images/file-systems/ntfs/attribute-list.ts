import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Ground } from './ground.ts';
import { u16, u32, u48, u64 } from './little-endian.ts';
import { attributeValue } from './record.ts';
import { appendRuns, emptyRuns } from './runs.ts';

/** The list of a file whose attributes need more than one record: where each stands. */
export interface ListEntry {
  readonly type: number;
  /** UTF-16LE. */
  readonly name: Uint8Array;
  /** First cluster of the stream that the attribute gives the places of. */
  readonly first: number;
  readonly record: number;
  readonly sequence: number;
  readonly id: number;
}

const HEADER = 26;
/** What Windows allows, in bytes. */
const MOST = 256 << 10;

export interface AttributeList {
  readonly entries: readonly ListEntry[];
  /** Clusters that hold the list itself. */
  readonly places: readonly Range[];
}

/** @throws Broken, ReadError when the list can't be read as a whole */
export function readAttributeList(ground: Ground, record: Uint8Array, at: number): AttributeList {
  const value = attributeValue(record, at);
  if (value !== null) return { entries: parse(value), places: [] };
  const size = u64(record, at + 48);
  if (size > MOST) throw new Broken(at, 'size of the attribute list', `at most ${MOST}`, size);
  const places = placesOf(ground, record, at, size);
  const whole = new Uint8Array(size);
  let done = 0;
  for (const { start, end } of places) {
    ground.read(whole.subarray(done, done + end - start), start);
    done += end - start;
  }
  return { entries: parse(whole), places };
}

function placesOf(ground: Ground, record: Uint8Array, at: number, size: number): Range[] {
  const { clusterSize, clusters } = ground.geometry;
  const runs = emptyRuns();
  appendRuns(runs, record, at, clusters);
  const places: Range[] = [];
  let left = size;
  for (let i = 0; i < runs.places.length && left > 0; i++) {
    const start = runs.places[i]! * clusterSize;
    if (start < 0) throw new Broken(at, 'runs of the attribute list', 'no hole', 'a hole');
    const length = Math.min(left, runs.lengths[i]! * clusterSize);
    places.push({ start, end: start + length });
    left -= length;
  }
  if (left > 0) throw new Broken(at, 'size of the attribute list', `at most ${size - left}`, size);
  return places;
}

function parse(list: Uint8Array): ListEntry[] {
  const entries: ListEntry[] = [];
  for (let at = 0; at + HEADER <= list.length; ) {
    const length = u16(list, at + 4);
    const nameAt = at + list[at + 7]!;
    const nameEnd = nameAt + 2 * list[at + 6]!;
    if (length < HEADER || at + length > list.length || nameEnd > at + length) {
      throw new Broken(at, 'length in the attribute list', `${HEADER} or more`, length);
    }
    entries.push({
      type: u32(list, at),
      name: list.subarray(nameAt, nameEnd),
      first: u64(list, at + 8),
      record: u48(list, at + 16),
      sequence: u16(list, at + 22),
      id: u16(list, at + 24),
    });
    at += length;
  }
  return entries;
}
