import { crc32c, maskCrc32c } from '../../checks/crc32c.ts';

/** Records never cross these (log_format.md). In bytes. */
export const LOG_BLOCK = 32768;
const HEADER = 7;
/** RocksDB and Pebble put the log's number behind the header, so that files can be used again. */
const RECYCLABLE_HEADER = 11;

/** Full, first, middle, last; 5 to 8 the same with a log number; 9 to 12 of Pebble with an offset up to which it is synced. */
const headers: Readonly<Record<number, number>> = {
  1: HEADER,
  2: HEADER,
  3: HEADER,
  4: HEADER,
  5: RECYCLABLE_HEADER,
  6: RECYCLABLE_HEADER,
  7: RECYCLABLE_HEADER,
  8: RECYCLABLE_HEADER,
  9: RECYCLABLE_HEADER + 8,
  10: RECYCLABLE_HEADER + 8,
  11: RECYCLABLE_HEADER + 8,
  12: RECYCLABLE_HEADER + 8,
};

export interface LogRecord {
  readonly type: number;
  /** The first three bytes of the type: 1 to 4. */
  readonly part: number;
  /** Bytes of the record with its header. */
  readonly size: number;
  readonly stored: number;
  readonly number: number | null;
}

/** Reads the header of a record that stands at `at` in its block; null where none can be. */
export function readLogRecord(block: Uint8Array, at: number): LogRecord | null {
  const type = block[at + 6];
  const header = headers[type ?? 0];
  if (header === undefined || at + header > LOG_BLOCK) return null;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const number =
    header > HEADER && at + RECYCLABLE_HEADER <= block.length ? view.getUint32(at + 7, true) : null;
  const size = header + view.getUint16(at + 4, true);
  return { type: type!, part: ((type! - 1) & 3) + 1, size, stored: view.getUint32(at, true), number };
}

/** The sum covers the record from its type on. */
export function sumOfRecord(block: Uint8Array, at: number, size: number): number {
  return maskCrc32c(crc32c(block.subarray(at + 6, at + size)));
}
