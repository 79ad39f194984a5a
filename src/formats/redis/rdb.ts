import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc64Jones } from '../../checks/crc64-jones.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountCommands, beginsCommand } from './commands.ts';
import { RdbReader } from './rdb-reader.ts';
import { walkEntry } from './rdb-values.ts';

const HEADER = 9;
const SUM = 8;
/** Checksums came with version 5. */
const FIRST_WITH_SUM = 5;
const END = 0xff;

export const redisRdb: Format = {
  id: 'redis-rdb',
  title: 'Redis snapshot',
  extensions: ['rdb'],
  signatures: [{ at: 0, hex: '52454449533030' }],
  spec: 'Redis source, rdb.c and rdb.h',
  proof: 'a CRC-64 over everything; without it, keys and values by their lengths up to the end mark',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const version = Number(reader.latin1(5, 4, 'version'));
    if (!(version >= 1)) throw new Broken(5, 'version', 'four digits', reader.latin1(5, 4));
    ledger.account(0, HEADER, 'structure', 'header');
    if (version >= FIRST_WITH_SUM && sumHolds(reader)) {
      ledger.account(0, reader.size, 'checksum', 'snapshot');
      return;
    }
    const end = walkEntries(reader, ledger);
    if (end === null) {
      accountUnwalked(reader, ledger, version);
      return;
    }
    const sumEnd = version >= FIRST_WITH_SUM ? accountSum(reader, ledger, end) : end;
    if (beginsCommand(reader, sumEnd)) accountCommands(reader, ledger, sumEnd);
    else ledger.trailing(sumEnd, reader.size);
  },
};

function sumHolds(reader: Reader): boolean {
  const end = reader.size - SUM;
  if (end <= HEADER || reader.u8(end - 1) !== END) return false;
  return storedSum(reader, end) === sumUpTo(reader, end);
}

function storedSum(reader: Reader, at: number): bigint {
  return (BigInt(reader.u32le(at + 4, 'checksum')) << 32n) | BigInt(reader.u32le(at, 'checksum'));
}

function sumUpTo(reader: Reader, end: number): bigint {
  let sum = 0n;
  for (const part of reader.stream(0, end, 'snapshot')) sum = crc64Jones(part, sum);
  return sum;
}

/** Gives where the end mark ends; null where a value can't be walked. */
function walkEntries(reader: Reader, ledger: Ledger): number | null {
  const rdb = new RdbReader(reader, HEADER);
  for (let start = HEADER; ; start = rdb.at) {
    reader.meter.step();
    const kind = walkEntry(rdb);
    if (rdb.at > reader.size) throw new Truncated(reader.size, 'snapshot', rdb.at - reader.size);
    if (kind === 'unknown') return null;
    ledger.raw(start, rdb.at, 'keys and values');
    if (kind === 'end') return rdb.at;
  }
}

/** A snapshot ends with its sum, unless commands follow it, which its own fields say, or sums are off. */
function accountUnwalked(reader: Reader, ledger: Ledger, version: number): void {
  const head = reader.latin1(0, Math.min(512, reader.size));
  const stored = storedSum(reader, reader.size - SUM);
  if (version >= FIRST_WITH_SUM && stored !== 0n && !/aof-(?:base|preamble)\xc0\x01/.test(head)) {
    throw new Broken(
      reader.size - SUM,
      'CRC-64 of the snapshot',
      'the sum of its bytes',
      stored.toString(16),
    );
  }
  ledger.raw(HEADER, reader.size, 'keys and values');
  ledger.unexamined(HEADER, reader.size, 'streams and values of modules in a snapshot without checksum');
}

/** A preamble of a log of commands has its sum before them. Zeros: sums are off. */
function accountSum(reader: Reader, ledger: Ledger, end: number): number {
  const stored = storedSum(reader, end);
  const sum = stored === 0n ? 0n : sumUpTo(reader, end);
  if (stored !== sum) throw new Broken(end, 'CRC-64 of the snapshot', stored.toString(16), sum.toString(16));
  if (stored === 0n) ledger.account(end, end + SUM, 'padding', 'no checksum');
  else ledger.account(0, end + SUM, 'checksum', 'snapshot');
  return end + SUM;
}
