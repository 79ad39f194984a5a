import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isZeroFilled } from '../tail.ts';
import { twin16, twin32 } from './twins.ts';

/** A record of a directory (ECMA-119 §9.1). The range is that of its extent, in bytes. */
export interface IsoRecord extends Range {
  readonly at: number;
  readonly name: string;
  readonly isDirectory: boolean;
  /** The file goes on in the next record. */
  readonly goesOn: boolean;
}

const DIRECTORY = 2;
const MULTI_EXTENT = 0x80;
const HEADER = 33;

/**
 * A record is at most 254 bytes long, and has its place and size twice, in 16 bytes: a random run of this length, in
 * bytes, meets at least one of them.
 */
const FLOOR = 2 * 254 + 16;

/** Reads one record. @throws Broken, Truncated */
export function readRecord(reader: Reader, at: number, blockSize: number, isJoliet: boolean): IsoRecord {
  const length = reader.u8(at, 'directory record');
  const nameLength = reader.u8(at + 32, 'directory record');
  if (length < HEADER + nameLength)
    throw new Broken(at, 'length of a directory record', HEADER + nameLength, length);
  twin16(reader, at + 28, 'number of the volume');
  const start = (twin32(reader, at + 2, 'place of an extent') + reader.u8(at + 1)) * blockSize;
  const flags = reader.u8(at + 25);
  return {
    at,
    name: nameOf(reader.copy(at + HEADER, nameLength), isJoliet),
    start,
    end: start + twin32(reader, at + 10, 'size of an extent'),
    isDirectory: (flags & DIRECTORY) !== 0,
    goesOn: (flags & MULTI_EXTENT) !== 0,
  };
}

function nameOf(bytes: Uint8Array, isJoliet: boolean): string {
  if (bytes.length === 1 && bytes[0]! <= 1) return bytes[0] === 0 ? '.' : '..';
  const name = new TextDecoder(isJoliet ? 'utf-16be' : 'latin1').decode(bytes);
  return name.replace(/;\d*$/, '').replace(/\.$/, '');
}

/** The records of a directory, accounted for; they don't cross sectors (§6.8.1.1). */
export function* walkDirectory(
  reader: Reader,
  ledger: Ledger,
  { start, end }: Range,
  blockSize: number,
  isJoliet: boolean,
): Generator<IsoRecord> {
  for (let at = start; at < end; ) {
    reader.meter.step();
    const length = reader.u8(at, 'directory record');
    const sectorEnd = Math.min(end, (Math.floor(at / 2048) + 1) * 2048);
    if (length === 0) {
      if (isZeroFilled(reader, at, sectorEnd))
        ledger.account(at, sectorEnd, 'padding', 'end of a sector of records');
      at = sectorEnd;
      continue;
    }
    if (at + length > sectorEnd) throw new Broken(at, 'length of a directory record', sectorEnd - at, length);
    yield readRecord(reader, at, blockSize, isJoliet);
    ledger.account(at, at + length, 'structure', 'directory record', FLOOR);
    accountContinuation(reader, ledger, at, length, blockSize);
    at += length;
  }
}

/** System use entries of Rock Ridge may go on elsewhere (SUSP 1.12 §5.1, CE). */
function accountContinuation(
  reader: Reader,
  ledger: Ledger,
  at: number,
  length: number,
  blockSize: number,
): void {
  const nameLength = reader.u8(at + 32);
  let entry = at + HEADER + nameLength + (nameLength % 2 === 0 ? 1 : 0);
  const end = at + length;
  while (entry + 4 <= end) {
    const size = reader.u8(entry + 2);
    if (size < 4 || entry + size > end) return;
    if (size === 28 && reader.has(entry, 'CE')) {
      const start =
        twin32(reader, entry + 4, 'continued system use') * blockSize +
        twin32(reader, entry + 12, 'continued system use');
      const stop = start + twin32(reader, entry + 20, 'continued system use');
      if (isSystemUse(reader, start, stop))
        ledger.account(start, stop, 'structure', 'system use entries', FLOOR);
    }
    entry += size;
  }
}

/** Entries of two capital letters, length and version 1, up to the end. */
function isSystemUse(reader: Reader, start: number, end: number): boolean {
  if (end > reader.size || end - start > 2048) return false;
  let at = start;
  while (at + 4 <= end) {
    const size = reader.u8(at + 2);
    if (size < 4 || reader.u8(at + 3) !== 1 || !/^[A-Z]{2}$/.test(reader.latin1(at, 2))) return false;
    at += size;
  }
  return at <= end;
}
