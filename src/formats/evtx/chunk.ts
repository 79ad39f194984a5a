import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';

/** Bytes of a chunk, and of its header with the tables of strings and templates. */
export const CHUNK = 65536;
const HEADER = 512;
const RECORD_MAGIC = [0x2a, 0x2a, 0, 0];

/** One chunk: its header's sum leaves out the sum itself; the records' sum goes to where free space begins. */
export function verifyChunk(reader: Reader, ledger: Ledger, at: number, isDirty: boolean): void {
  const bytes = reader.copy(at, CHUNK, 'chunk');
  const view = new DataView(bytes.buffer);
  const free = view.getUint32(48, true);
  if (free < HEADER || free > CHUNK) {
    ledger.broken(new Broken(at + 48, 'start of free space', `${HEADER} to ${CHUNK}`, free), at + CHUNK);
    return;
  }
  const headerSum = crc32(bytes.subarray(128, HEADER), crc32(bytes.subarray(0, 120)));
  const recordSum = crc32(bytes.subarray(HEADER, free));
  accountPart(
    ledger,
    at,
    at + HEADER,
    'chunk header CRC-32',
    [view.getUint32(124, true), headerSum],
    isDirty,
  );
  accountPart(
    ledger,
    at + HEADER,
    at + free,
    'record CRC-32',
    [view.getUint32(52, true), recordSum],
    isDirty,
  );
  checkRecords(view, ledger, at, free);
  if (isZeroFilled(reader, at + free, at + CHUNK))
    ledger.account(at + free, at + CHUNK, 'padding', 'free space', SLACK_FLOOR);
  else ledger.raw(at + free, at + CHUNK, 'free space, not cleared');
}

function accountPart(
  ledger: Ledger,
  start: number,
  end: number,
  what: string,
  [stored, computed]: [number, number],
  isDirty: boolean,
): void {
  if (stored === computed) {
    ledger.account(start, end, 'checksum', what);
    return;
  }
  ledger.raw(start, end, 'records without a sound sum');
  if (isDirty) ledger.oddity(start, `${what} is old: the log was not closed`);
  else ledger.broken(new Broken(start, what, stored, computed), end);
}

/** Records follow each other, each with its size at both ends. */
function checkRecords(view: DataView, ledger: Ledger, base: number, free: number): void {
  for (let at = HEADER; at + 24 <= free; ) {
    const size = view.getUint32(at + 4, true);
    const fits =
      RECORD_MAGIC.every((byte, i) => view.getUint8(at + i) === byte) && size >= 28 && at + size <= free;
    if (!fits || view.getUint32(at + size - 4, true) !== size) {
      ledger.broken(new Broken(base + at, 'event record', 'its size at both ends', size), base + free);
      return;
    }
    at += size;
  }
}
