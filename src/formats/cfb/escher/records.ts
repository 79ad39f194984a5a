import { Broken } from '../../../bytes/errors.ts';
import type { Range } from '../../../bytes/range.ts';
import type { Reader } from '../../../bytes/reader.ts';
import { isZeroFilled } from '../../tail.ts';

/** A record of PowerPoint and of Office drawings (MS-PPT §2.3.1, MS-ODRAW §2.2.1), its data in [start, end). */
export interface OfficeRecord extends Range {
  readonly version: number;
  readonly instance: number;
  readonly type: number;
}

const HEADER = 8;
const CONTAINER = 0x0f;
/** What PowerPoint and drawings have; both leave most numbers unused. */
const types: readonly (readonly [first: number, last: number])[] = [
  [0x03e8, 0x1800],
  [0x2af9, 0x2b30],
  [0xf000, 0xf1ff],
];

export function readOfficeRecord(reader: Reader, at: number, end: number): OfficeRecord {
  if (at + HEADER > end) throw new Broken(at, 'record', 'a header of 8 bytes', end - at);
  const head = reader.u16le(at);
  const type = reader.u16le(at + 2);
  const length = reader.u32le(at + 4);
  if (!isPossible(reader, at, end)) {
    throw new Broken(
      at,
      'record',
      `a known type, at most ${end - at - HEADER} bytes`,
      `0x${type.toString(16)}, ${length} bytes`,
    );
  }
  return { version: head & 0x0f, instance: head >> 4, type, start: at + HEADER, end: at + HEADER + length };
}

/**
 * Gives all records that hold no others, which must fill [start, end) and the records that hold them. One that holds
 * something else is left for `doubt`. @throws Broken where that is the outermost
 */
export function* walkAtoms(
  reader: Reader,
  start: number,
  end: number,
  doubt: (error: Broken) => void,
): Generator<OfficeRecord> {
  const ends = [end];
  for (let at = start; ends.length > 0; ) {
    const limit = ends.at(-1)!;
    if (at === limit) {
      ends.pop();
      continue;
    }
    reader.meter.step();
    if (ends.length === 1 && isPadding(reader, at, limit)) return;
    const one = readInside(reader, at, limit, ends.length > 1 ? doubt : null);
    if (one === null) {
      at = limit;
    } else if (one.version === CONTAINER && !hasOwnBody(reader, one)) {
      ends.push(one.end);
      at = one.start;
    } else {
      yield one;
      at = one.end;
    }
  }
}

/** Streams keep the length that they had once: the rest is zeros. */
function isPadding(reader: Reader, at: number, end: number): boolean {
  return (
    reader.u8(at) === 0 && end - at >= HEADER && reader.u16le(at + 2) === 0 && isZeroFilled(reader, at, end)
  );
}

function readInside(
  reader: Reader,
  at: number,
  end: number,
  doubt: ((error: Broken) => void) | null,
): OfficeRecord | null {
  try {
    return readOfficeRecord(reader, at, end);
  } catch (error) {
    if (!(error instanceof Broken) || doubt === null) throw error;
    doubt(error);
    return null;
  }
}

/** What PowerPoint 2007 adds for itself stands in packages, though some records of these are said to hold others. */
function hasOwnBody(reader: Reader, { start, end }: OfficeRecord): boolean {
  return end - start > 4 && reader.has(start, 'PK\x03\x04');
}

const FOLLOWING = 3;

/** Where records go on behind others that are lost: three of them in a row are no chance. */
export function findRecords(reader: Reader, start: number, end: number): number {
  for (let at = start; at + FOLLOWING * HEADER <= end; at++) {
    reader.meter.step();
    if (isChain(reader, at, end)) return at;
  }
  return end;
}

function isChain(reader: Reader, start: number, end: number): boolean {
  for (let at = start, count = 0; count < FOLLOWING; count++) {
    if (at + HEADER > end || !isPossible(reader, at, end)) return false;
    at += HEADER + ((reader.u16le(at) & 0x0f) === CONTAINER ? 0 : reader.u32le(at + 4));
  }
  return true;
}

function isPossible(reader: Reader, at: number, end: number): boolean {
  const type = reader.u16le(at + 2);
  return (
    types.some(([first, last]) => type >= first && type <= last) && at + HEADER + reader.u32le(at + 4) <= end
  );
}
