import { crc32 } from '../../checks/crc32.ts';
import { crc32c } from '../../checks/crc32c.ts';

/** Bytes of a record's header (PostgreSQL, access/xlogrecord.h). */
export const RECORD_HEADER = 24;
/** Longer records are refused by the server: XLogRecordMaxSize. */
export const MOST_RECORD = 1020 * 1024 * 1024;

/** The sum of a record goes over what follows its header, then over the header without the sum. */
export function sumHolds(record: Uint8Array): boolean {
  const stored = new DataView(record.buffer, record.byteOffset, record.byteLength).getUint32(20, true);
  const [header, data] = [record.subarray(0, 20), record.subarray(RECORD_HEADER)];
  // Before version 9.5 it was the CRC-32 of zip.
  return stored === crc32c(header, crc32c(data)) || stored === crc32(header, crc32(data));
}
