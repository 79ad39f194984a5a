import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { LOG_BLOCK, type LogRecord, readLogRecord, sumOfRecord } from './log-records.ts';

const LEAST = 7;

export const levelDbLog: Format = {
  id: 'leveldb-log',
  title: 'LevelDB log or manifest',
  extensions: [],
  signatures: [],
  spec: 'LevelDB, doc/log_format.md; RocksDB, db/log_format.h',
  proof:
    'records fill blocks of 32 KiB, each with its CRC-32C; what a log that is used again holds of old is checked likewise',
  texture: 'plain',
  recognise(head: Uint8Array, size: number): boolean {
    const record = head.length < LEAST ? null : readLogRecord(head, 0);
    if (record === null || record.size > Math.min(size, LOG_BLOCK)) return false;
    if (record.size <= head.length)
      return record.size > LEAST && record.stored === sumOfRecord(head, 0, record.size);
    return beginsBatch(head, record);
  },
  verify(reader: Reader, ledger: Ledger): void {
    const log: LogState = { isOpen: false, number: null };
    for (let start = 0; start < reader.size; start += LOG_BLOCK) {
      const length = Math.min(LOG_BLOCK, reader.size - start);
      accountBlock(ledger, reader.bytes(start, length, 'log block'), start, log, reader);
    }
  },
};

interface LogState {
  /** Whether a record is under way whose last part must follow. */
  isOpen: boolean;
  number: number | null;
}

/** A batch: sequence number below 2^56, and how many entries follow (db/write_batch.cc). */
function beginsBatch(head: Uint8Array, { part, size, type }: LogRecord): boolean {
  const isWhole = part === 1 || (part === 2 && size === LOG_BLOCK);
  const at = type < 5 ? LEAST : type < 9 ? LEAST + 4 : LEAST + 12;
  return isWhole && head[at + 7] === 0 && head[at + 11] === 0 && head[at + 10] === 0;
}

function accountBlock(ledger: Ledger, block: Uint8Array, start: number, log: LogState, reader: Reader): void {
  let at = 0;
  while (at + LEAST <= block.length) {
    reader.meter.step();
    const rest = block.subarray(at);
    if (isZero(rest)) break;
    const record = readLogRecord(block, at);
    if (record !== null && record.size <= LOG_BLOCK - at && isEndMark(record)) {
      at = accountEnd(ledger, block, start, at, record);
      continue;
    }
    const fault = faultOf(block, start, at, record);
    if (fault !== null) {
      if (fault instanceof Truncated) throw fault;
      ledger.broken(fault, start + block.length);
      log.isOpen = false;
      return;
    }
    followRecord(ledger, record!, start + at, log);
    ledger.account(start + at, start + at + record!.size, 'checksum', 'log records');
    at += record!.size;
  }
  accountRest(ledger, block, start, at);
}

/** Pebble ends a log that is used again by an empty record without sum. */
function isEndMark({ stored, size, type }: LogRecord): boolean {
  return type >= 5 && stored === 0 && size <= 19 && size >= 11;
}

function accountEnd(
  ledger: Ledger,
  block: Uint8Array,
  start: number,
  at: number,
  { size }: LogRecord,
): number {
  const end = Math.min(block.length, at + size);
  ledger.account(start + at, start + end, 'structure', 'end of the log', 8);
  return end;
}

function faultOf(block: Uint8Array, start: number, at: number, record: LogRecord | null): Broken | null {
  if (record === null) return new Broken(start + at + 6, 'type of a log record', '1 to 12', block[at + 6]);
  if (record.size > LOG_BLOCK - at) {
    return new Broken(start + at + 4, 'length of a log record', `up to ${LOG_BLOCK - at}`, record.size);
  }
  if (at + record.size > block.length) {
    return new Truncated(start + block.length, 'log record', at + record.size - block.length);
  }
  const sum = sumOfRecord(block, at, record.size);
  return sum === record.stored ? null : new Broken(start + at, 'CRC-32C of a log record', record.stored, sum);
}

/** Parts of one record follow each other; a process that died leaves one without end. */
function followRecord(ledger: Ledger, { part, number }: LogRecord, at: number, log: LogState): void {
  const goesOn = part === 3 || part === 4;
  if (goesOn !== log.isOpen && log.number === number)
    ledger.oddity(at, 'a log record without its other parts');
  if (number !== log.number && log.number !== null) ledger.oddity(at, 'records of an older log');
  log.number = number;
  log.isOpen = part === 2 || part === 3;
}

/** Zeros: the end of a block that is too short for a header, or room that was allocated ahead. */
function accountRest(ledger: Ledger, block: Uint8Array, start: number, at: number): void {
  const rest = block.subarray(at);
  if (rest.length === 0) return;
  if (isZero(rest)) {
    ledger.account(start + at, start + block.length, 'padding', 'rest of a block');
    return;
  }
  // What follows is too short for a header: a process that died wrote no more, unless the block is whole.
  if (block.length < LOG_BLOCK) throw new Truncated(start + block.length, 'log record', LEAST - rest.length);
  ledger.broken(new Broken(start + at, 'rest of a log block', 'zeros', 'others'), start + block.length);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
