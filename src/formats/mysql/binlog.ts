import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

const HEADER = 19;
const MAGIC = 4;
const MOST_TYPE = 170;
const FORMAT_DESCRIPTION = 15;
const START_ENCRYPTION = 164;
/** LOG_EVENT_BINLOG_IN_USE_F, set while the file is open, and not part of the sum. */
const IN_USE_AT = 17;

export const mysqlBinlog: Format = {
  id: 'mysql-binlog',
  title: 'MySQL binary log',
  extensions: ['binlog'],
  signatures: [
    { at: 0, hex: 'fe62696e' },
    { at: 0, hex: 'fd62696e' },
  ],
  spec: 'MySQL internals manual, Binary log, event structure, version 4',
  proof: 'events follow each other by their lengths, each with its CRC-32 where the server writes them',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.u8(0) === 0xfd) {
      // MySQL 8, "binary log encryption": a header of 512 bytes, then the whole log under a file key.
      ledger.account(0, MAGIC, 'structure', 'magic number');
      ledger.protect(Math.min(512, reader.size), reader.size, 'MySQL binary log encryption', 'AES-256-CTR');
      return;
    }
    ledger.account(0, MAGIC, 'structure', 'magic number');
    let hasSums = false;
    for (let at = MAGIC; at < reader.size; ) {
      reader.meter.step();
      const event = readEvent(reader, at);
      if (event.type === FORMAT_DESCRIPTION) hasSums = reader.u8(event.end - 5) === 1;
      accountEvent(reader, ledger, event, hasSums);
      at = event.end;
      if (event.type !== START_ENCRYPTION) continue;
      ledger.protect(at, reader.size, 'MariaDB binary log encryption', 'AES');
      return;
    }
  },
};

interface Event {
  readonly start: number;
  readonly end: number;
  readonly type: number;
}

function readEvent(reader: Reader, start: number): Event {
  const type = reader.u8(start + 4, 'event');
  const length = reader.u32le(start + 9, 'event');
  if (type === 0 || type > MOST_TYPE)
    throw new Broken(start + 4, 'type of an event', `1 to ${MOST_TYPE}`, type);
  if (length < HEADER) throw new Broken(start + 9, 'length of an event', `at least ${HEADER}`, length);
  const end = start + length;
  // A server that died leaves the last event cut.
  if (end > reader.size) throw new Truncated(reader.size, 'event', end - reader.size);
  return { start, end, type };
}

function accountEvent(reader: Reader, ledger: Ledger, { start, end, type }: Event, hasSums: boolean): void {
  if (!hasSums) {
    ledger.account(start + 4, start + HEADER, 'structure', 'event headers', 16);
    ledger.raw(start + HEADER, end, 'events');
    return;
  }
  const stored = reader.u32le(end - 4);
  const sum = sumOf(reader, start, end - 4, type === FORMAT_DESCRIPTION);
  if (stored === sum) ledger.account(start, end, 'checksum', 'events');
  else ledger.broken(new Broken(start, 'CRC-32 of an event', stored, sum), end);
}

function sumOf(reader: Reader, start: number, end: number, ignoresUse: boolean): number {
  if (ignoresUse) {
    const bytes = reader.copy(start, end - start, 'event');
    bytes[IN_USE_AT]! &= ~1;
    return crc32(bytes);
  }
  let sum = 0;
  for (const part of reader.stream(start, end, 'event')) sum = crc32(part, sum);
  return sum;
}
