import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Extent } from '../../file-system.ts';
import type { Attribute } from './file.ts';
import type { Ground } from './ground.ts';
import { u16, u32, u64 } from './little-endian.ts';
import { attributeValue, STRIDE } from './record.ts';
import type { Records } from './records.ts';
import { appendRuns, emptyRuns, HOLE, type Runs } from './runs.ts';
import { type Segment, Segments } from './segments.ts';
import { addUnits } from './units.ts';

const METHOD = 0x00ff;
const LZNT1 = 1;
const ENCRYPTED = 0x4000;
/** The largest unit of compression, in bytes; Windows makes 64 KiB of 16 clusters. */
const MOST_UNIT = 1 << 20;

/** What the header of a stream's first piece says. */
export interface StreamHead {
  /** Bytes. */
  readonly size: number;
  readonly isResident: boolean;
  readonly isEncrypted: boolean;
  /** `unknown`: by a method that isn't LZNT1. */
  readonly compression: 'none' | 'lznt1' | 'unknown';
}

export function headOf(pieces: readonly Attribute[]): StreamHead {
  const { record, at } = pieces[0]!;
  const isResident = record[at + 8] === 0;
  const flags = u16(record, at + 12);
  return {
    size: isResident ? u32(record, at + 16) : u64(record, at + 48),
    isResident,
    isEncrypted: (flags & ENCRYPTED) !== 0,
    compression: isResident ? 'none' : compressionOf(flags),
  };
}

function compressionOf(flags: number): StreamHead['compression'] {
  if ((flags & METHOD) === 0) return 'none';
  return (flags & METHOD) === LZNT1 ? 'lznt1' : 'unknown';
}

/** The bytes of a resident stream, as they are. @throws Broken */
export function residentValue({ record, at }: Attribute): Uint8Array {
  const value = attributeValue(record, at);
  if (value === null)
    throw new Broken(at, 'value of the stream', 'an end inside the attribute', u32(record, at + 16));
  return value;
}

/** Where a stream's bytes stand. @throws Broken, OverBudget */
export function segmentsOf(
  ground: Ground,
  records: Records,
  pieces: readonly Attribute[],
): readonly Segment[] {
  const head = headOf(pieces);
  if (head.isResident) return residentSegments(records, pieces[0]!);
  const { record, at } = pieces[0]!;
  const valid = u64(record, at + 56);
  if (!Number.isSafeInteger(head.size))
    throw new Broken(at, 'size of the stream', 'less than 2^53', head.size);
  const segments = new Segments(head.size, valid);
  const runs = runsOf(ground, pieces);
  if (head.compression === 'none') addRuns(segments, runs, ground.geometry.clusterSize);
  else addUnits(segments, runs, unitOf(pieces[0]!, ground.geometry.clusterSize), ground.geometry.clusterSize);
  return segments.finish();
}

/** The runs of all pieces. @throws Broken where one is missing, OverBudget */
export function runsOf(ground: Ground, pieces: readonly Attribute[]): Runs {
  const runs = emptyRuns();
  for (const { record, at } of pieces) {
    if (record[at + 8] === 0) throw new Broken(at, 'piece of a stream', 'runs', 'a value');
    appendRuns(runs, record, at, ground.geometry.clusters);
  }
  return runs;
}

/** Clusters in a unit of compression. */
function unitOf({ record, at }: Attribute, clusterSize: number): number {
  const exponent = u16(record, at + 34);
  if (exponent === 0 || exponent > 20 || 2 ** exponent * clusterSize > MOST_UNIT) {
    throw new Broken(at + 34, 'unit of compression', `at most ${MOST_UNIT} bytes`, exponent);
  }
  return 2 ** exponent;
}

function addRuns(segments: Segments, runs: Runs, clusterSize: number): void {
  for (let i = 0; i < runs.places.length; i++) {
    const length = runs.lengths[i]! * clusterSize;
    if (runs.places[i] === HOLE) segments.addZeros(length);
    else segments.addData(length, runs.places[i]! * clusterSize);
  }
}

/**
 * A resident value lies in its record, apart from the last two bytes of each 512: the fix-ups put these into an array
 * in the record's header.
 */
function residentSegments(records: Records, { record, number, at }: Attribute): readonly Segment[] {
  const { length } = residentValue({ record, number, at });
  const from = at + u16(record, at + 20);
  const place = records.place(number);
  const segments = new Segments(length, length);
  for (let i = from; i < from + length; ) {
    const inSector = i % STRIDE;
    const isMoved = inSector >= STRIDE - 2;
    const end = Math.min(from + length, i - inSector + (isMoved ? STRIDE : STRIDE - 2));
    const stored = isMoved ? movedTo(record, i) + inSector - (STRIDE - 2) : i;
    addPlaced(segments, place, stored, end - i);
    i = end;
  }
  return segments.finish();
}

function movedTo(record: Uint8Array, at: number): number {
  return u16(record, 4) + 2 * (Math.floor(at / STRIDE) + 1);
}

/** Bytes of a record, which itself may lie in several clusters apart. */
function addPlaced(segments: Segments, place: readonly Range[], start: number, length: number): void {
  let base = 0;
  let at = start;
  const end = start + length;
  for (const range of place) {
    const next = base + range.end - range.start;
    if (at < next && at < end) {
      const part = Math.min(end, next) - at;
      segments.addData(part, range.start + at - base);
      at += part;
    }
    base = next;
  }
}

/** The segments as the contract has them: a unit whose clusters lie apart gives its run once for each place. */
export function toExtents(segments: readonly Segment[]): Extent[] {
  return segments.flatMap((segment): Extent[] => {
    if (segment.kind !== 'compressed') return [segment];
    return segment.places.map(({ start: at, end }) => ({
      kind: 'compressed',
      start: segment.start,
      end: segment.end,
      at,
      stored: end - at,
    }));
  });
}
