import { Broken, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** A record that says how long it is: the next follows. */
export interface ChainedRecord {
  /** In bytes. */
  readonly size: number;
  readonly isLast: boolean;
}

/** How the records of a format are laid out. */
export interface RecordLayout {
  /** Bytes to whose multiples records are laid. */
  readonly unit: number;
  /** The record at `at`; null where none can be. */
  readonly read: (reader: Reader, at: number, end: number) => ChainedRecord | null;
}

const FOLLOWING = 3;

/**
 * Walks records to the last one and declares them raw: contrast tells of their data. Where a record can't be one, the
 * walk goes on where three follow each other again. Returns where the last one ends.
 */
export function walkRecords(reader: Reader, ledger: Ledger, range: Range, layout: RecordLayout): number {
  let from = range.start;
  for (let at = range.start; at < range.end; ) {
    reader.meter.step();
    const one = layout.read(reader, at, range.end);
    if (one === null) {
      ledger.raw(from, at, 'records');
      const next = findRecords(reader, at + layout.unit, range.end, layout);
      ledger.broken(new Broken(at, 'record', 'a known type and a length inside of the file', 'others'), next);
      at = from = next;
    } else {
      at += one.size;
      if (one.isLast) {
        ledger.raw(from, at, 'records');
        return at;
      }
    }
  }
  ledger.raw(from, Math.max(from, range.end), 'records');
  ledger.broken(new Truncated(range.end, 'records, which have no last one', 1));
  return range.end;
}

function findRecords(reader: Reader, start: number, end: number, layout: RecordLayout): number {
  for (let at = start; at < end; at += layout.unit) {
    reader.meter.step();
    if (isChain(reader, at, end, layout)) return at;
  }
  return end;
}

function isChain(reader: Reader, start: number, end: number, { read }: RecordLayout): boolean {
  for (let at = start, count = 0; count < FOLLOWING; count++) {
    const one = at < end ? read(reader, at, end) : null;
    if (one === null) return false;
    if (one.isLast) return true;
    at += one.size;
  }
  return true;
}
