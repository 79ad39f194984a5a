import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { CENTRAL } from './layout.ts';

const END = 'PK\x05\x06';
const LOCATOR = 'PK\x06\x07';
const END64 = 'PK\x06\x06';
const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;
/** A comment is at most 65,535 bytes long; as much again may have been appended. */
const MOST_BEHIND = 2 * 65_535;

/** What the end of an archive tells about its directory (APPNOTE §4.3.16, §4.3.14). */
export interface EndRecord extends Range {
  readonly comment: Range;
  /** Where the directory stands. */
  readonly directory: Range;
  /** What has to be added to stored offsets, in bytes: the length of what was put before the archive. */
  readonly shift: number;
  readonly entries: number;
  /** The same, of this file of several: has to be all. */
  readonly entriesHere: number;
  /** Whether the parts of the archive are in several files. */
  readonly isSplit: boolean;
  /** Zip64 record and locator, where there are. */
  readonly zip64: readonly Range[];
  /** Whether the zip64 locator leads to its record. */
  readonly isLocated: boolean;
}

/** The last end record that leads to a directory. @throws Broken where there is none */
export function findEndRecord(reader: Reader): EndRecord {
  const lowest = Math.max(0, reader.size - END_LENGTH - MOST_BEHIND);
  for (const at of signaturesFromEnd(reader, lowest)) {
    reader.meter.step();
    const record = readEndRecord(reader, at);
    if (record !== null) return record;
  }
  throw new Broken(reader.size, 'end of central directory record', 'one that leads to a directory', 'none');
}

/** A block can hold many signatures: they are looked for backwards, without a list. */
function* signaturesFromEnd(reader: Reader, lowest: number): Generator<number, void, undefined> {
  const bytes = Buffer.from(reader.copy(lowest, reader.size - lowest));
  for (let at = bytes.length; at > 0; ) {
    at = bytes.lastIndexOf(END, at - 1, 'latin1');
    if (at < 0) return;
    if (lowest + at + END_LENGTH <= reader.size) yield lowest + at;
  }
}

function readEndRecord(reader: Reader, at: number): EndRecord | null {
  const end = at + END_LENGTH + reader.u16le(at + 20);
  if (end > reader.size) return null;
  const plain = {
    entries: reader.u16le(at + 10),
    entriesHere: reader.u16le(at + 8),
    size: reader.u32le(at + 12),
    offset: reader.u32le(at + 16),
    disks: reader.u16le(at + 4) | reader.u16le(at + 6),
  };
  const wide = reader.has(at - LOCATOR_LENGTH, LOCATOR) ? readZip64Record(reader, at - LOCATOR_LENGTH) : null;
  const { entries, entriesHere, size, offset, disks } = wide ?? plain;
  const isSplit = disks !== 0 && disks !== 0xffff;
  const directory = isSplit ? { start: at, end: at } : locate(reader, wide?.start ?? at, size, offset);
  if (directory === null) return null;
  return {
    start: at,
    end,
    comment: { start: at + END_LENGTH, end },
    directory,
    shift: directory.start - offset,
    entries,
    entriesHere,
    isSplit,
    isLocated: wide === null || [wide.stored, wide.stored + directory.start - offset].includes(wide.start),
    zip64:
      wide === null
        ? []
        : [
            { start: wide.start, end: wide.end },
            { start: at - LOCATOR_LENGTH, end: at },
          ],
  };
}

/** The directory ends where its end record begins; else it stands where the record says. */
function locate(reader: Reader, before: number, size: number, offset: number): Range | null {
  for (const start of [before - size, offset]) {
    if (start < 0 || start + size > before) continue;
    if (size === 0 || reader.has(start, CENTRAL)) return { start, end: start + size };
  }
  return null;
}

interface Zip64Record extends Range {
  readonly entries: number;
  readonly entriesHere: number;
  readonly size: number;
  readonly offset: number;
  readonly disks: number;
  /** Where the locator says that it is. */
  readonly stored: number;
}

/** The record stands where the locator says, or right before it where a prefix shifted everything. */
function readZip64Record(reader: Reader, locator: number): Zip64Record | null {
  const stored = reader.u64le(locator + 8);
  for (const start of [stored, locator - 56]) {
    if (start + 56 > locator || !reader.has(start, END64)) continue;
    const end = start + 12 + reader.u64le(start + 4);
    if (end > locator) continue;
    return {
      start,
      end,
      stored,
      entries: reader.u64le(start + 32),
      entriesHere: reader.u64le(start + 24),
      size: reader.u64le(start + 40),
      offset: reader.u64le(start + 48),
      disks: reader.u32le(start + 16) | reader.u32le(start + 20),
    };
  }
  return null;
}
