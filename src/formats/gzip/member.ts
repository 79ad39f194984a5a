import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import { deflate } from '../../checks/decoder.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountText } from '../text-field.ts';
import { type GzipHeader, readHeader, type Subfield } from './header.ts';

/** One member that was decoded and whose sums hold. */
export interface GzipMember extends Range {
  readonly header: GzipHeader;
  /** Where its deflate stream stands. */
  readonly packed: Range;
  /** Bytes of output. */
  readonly size: number;
}

/**
 * Decodes one member and accounts for it (RFC 1952 §2.3). The output goes to `sink`.
 * @throws Broken, Truncated, OverBudget
 */
export function verifyMember(
  reader: Reader,
  ledger: Ledger,
  start: number,
  sink: (output: Uint8Array) => void,
): GzipMember {
  const header = readHeader(reader, start);
  let computed = 0;
  const { consumed, produced } = deflate.decode(reader, header.end, reader.size, (output) => {
    computed = crc32(output, computed);
    sink(output);
  });
  const packed = { start: header.end, end: header.end + consumed };
  expectTrailer(reader, packed.end, computed, produced);
  const member = { start, end: packed.end + 8, header, packed, size: produced };
  accountHeader(reader, ledger, member);
  ledger.account(packed.start, member.end, 'checksum', 'CRC-32 and length of the content');
  return member;
}

function expectTrailer(reader: Reader, at: number, sum: number, size: number): void {
  const storedSum = reader.u32le(at, 'CRC-32 of the content');
  if (storedSum !== sum) throw new Broken(at, 'CRC-32 of the content', storedSum, sum);
  const storedSize = reader.u32le(at + 4, 'length of the content');
  if (storedSize !== size % 2 ** 32)
    throw new Broken(at + 4, 'length of the content', storedSize, size % 2 ** 32);
}

/** The time of modification is any number: it stays unaccounted, unless it's zero, with a floor beyond its length. */
function accountHeader(reader: Reader, ledger: Ledger, { header, start, end }: GzipMember): void {
  ledger.account(start, start + 4, 'structure', 'gzip magic, method and flags');
  if (reader.u32le(start + 4) === 0) ledger.account(start + 4, start + 8, 'structure', 'no time', 8);
  accountOrigin(reader, ledger, start + 8);
  accountExtra(reader, ledger, header, end - start);
  for (const text of [header.name, header.comment]) {
    if (text !== null && accountText(reader, ledger, text.start, text.end - 1, 'gzip name or comment')) {
      ledger.account(text.end - 1, text.end, 'structure', 'end of text');
    }
  }
  if (header.sum !== null) ledger.account(header.sum.start, header.sum.end, 'checksum', 'header CRC-16', 3);
}

/** RFC 1952 §2.3.1: XFL is 0, 2 or 4, OS up to 13 or 255: random bytes pass once in 1,500 times. */
function accountOrigin(reader: Reader, ledger: Ledger, at: number): void {
  const flags = reader.u8(at);
  const system = reader.u8(at + 1);
  const isUsual = (flags === 0 || flags === 2 || flags === 4) && (system <= 13 || system === 255);
  if (isUsual) ledger.account(at, at + 2, 'structure', 'compression level and system', 4);
  else ledger.oddity(at, `compression level ${flags} and system ${system}`);
}

function accountExtra(reader: Reader, ledger: Ledger, header: GzipHeader, memberLength: number): void {
  const { extraField, extra } = header;
  if (extraField === null) return;
  ledger.account(extraField.start, extraField.start + 2, 'structure', 'length of the extra field');
  for (const field of extra) accountSubfield(reader, ledger, field, memberLength);
  if (extra.length === 0) accountText(reader, ledger, extraField.start + 2, extraField.end, 'extra field');
}

function accountSubfield(reader: Reader, ledger: Ledger, field: Subfield, memberLength: number): void {
  const { id, start, end } = field;
  ledger.account(start, start + 4, 'structure', `extra field ${id}`);
  if (id === 'BC' && isBlockSize(reader, field, memberLength)) {
    ledger.account(start + 4, end, 'structure', 'BGZF block size');
  } else {
    accountText(reader, ledger, start + 4, end, `extra field ${id}`);
  }
}

/** BGZF (SAM specification §4.1): length of the member minus one. */
function isBlockSize(reader: Reader, { start, end }: Range, length: number): boolean {
  return end - start === 6 && reader.u16le(start + 4) === length - 1;
}
