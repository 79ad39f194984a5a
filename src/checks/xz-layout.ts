import { Broken } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { crc32 } from './crc32.ts';

/** One filter of a block: its id and where its properties stand. */
export interface XzFilter extends Range {
  readonly id: number;
}

/** The .xz File Format §3.1. */
export interface XzBlockHeader {
  /** Bytes. */
  readonly length: number;
  /** Null where the header doesn't say. */
  readonly packedSize: number | null;
  readonly size: number | null;
  readonly filters: readonly XzFilter[];
}

/** Bytes of each check, by its type (§2.1.1.2). */
export const checkSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const;

/** Stream header (§2.1.1); gives the type of the check. @throws Broken, Truncated */
export function readStreamHeader(reader: Reader, at: number): number {
  reader.expect(at, '\xfd7zXZ\0', 'xz magic');
  const type = readFlags(reader, at + 6);
  compareSum(reader, at + 6, at + 8, 'CRC-32 of the stream flags');
  return type;
}

/** Stream footer (§2.1.2); gives the size of the index that it promises. @throws Broken, Truncated */
export function readFooter(reader: Reader, at: number, type: number): number {
  reader.bytes(at, 12, 'xz footer');
  const stored = reader.u32le(at);
  const computed = crc32(reader.bytes(at + 4, 6, 'xz footer'));
  if (stored !== computed) throw new Broken(at, 'CRC-32 of the xz footer', stored, computed);
  const size = (reader.u32le(at + 4) + 1) * 4;
  if (readFlags(reader, at + 8) !== type) throw new Broken(at + 8, 'stream flags of the footer', type);
  reader.expect(at + 10, 'YZ', 'xz footer magic');
  return size;
}

function readFlags(reader: Reader, at: number): number {
  const flags = reader.u16le(at, 'xz stream flags');
  if ((flags & 0xf0ff) !== 0) throw new Broken(at, 'xz stream flags', 'no reserved bits', flags);
  return flags >> 8;
}

/** Compares the CRC-32 that stands at `end` with that of [start, end). */
export function compareSum(reader: Reader, start: number, end: number, what: string): void {
  let computed = 0;
  for (const part of reader.stream(start, end, what)) computed = crc32(part, computed);
  const stored = reader.u32le(end, what);
  if (stored !== computed) throw new Broken(end, what, stored, computed);
}

/** A number of up to nine bytes, seven bits each (§1.2). @throws Broken, Truncated */
export function readVarint(reader: Reader, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = reader.u8(at + i, 'xz number');
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte >= 0x80) continue;
    // The shortest form is the only one.
    if ((byte === 0 && i > 0) || value > Number.MAX_SAFE_INTEGER) break;
    return { value, end: at + i + 1 };
  }
  throw new Broken(at, 'xz number', 'its shortest form');
}

/** @throws Broken, Truncated */
export function readBlockHeader(reader: Reader, start: number): XzBlockHeader {
  const length = (reader.u8(start, 'xz block header') + 1) * 4;
  const end = start + length - 4;
  compareSum(reader, start, end, 'CRC-32 of an xz block header');
  const flags = reader.u8(start + 1);
  if ((flags & 0x3c) !== 0) throw new Broken(start + 1, 'xz block flags', 'no reserved bits', flags);
  let at = start + 2;
  const readSize = (isPresent: boolean): number | null => {
    if (!isPresent) return null;
    const number = readVarint(reader, at);
    at = number.end;
    return number.value;
  };
  const packedSize = readSize((flags & 0x40) !== 0);
  const size = readSize((flags & 0x80) !== 0);
  const filters: XzFilter[] = [];
  for (let i = 0; i <= (flags & 3); i++) {
    filters.push(readFilter(reader, at));
    at = filters.at(-1)!.end;
  }
  expectZeros(reader, at, end, 'padding of an xz block header');
  return { length, packedSize, size, filters };
}

function readFilter(reader: Reader, at: number): XzFilter {
  const id = readVarint(reader, at);
  const length = readVarint(reader, id.end);
  if (length.value > 1024) throw new Broken(id.end, 'properties of an xz filter', 'few bytes', length.value);
  return { id: id.value, start: length.end, end: length.end + length.value };
}

/** @throws Broken where anything else stands in [start, end), or where it isn't there */
export function expectZeros(reader: Reader, start: number, end: number, what: string): void {
  if (start > end) throw new Broken(end, what, 'room for its fields');
  for (const part of reader.stream(start, end, what)) {
    const other = part.findIndex((byte) => byte !== 0);
    if (other >= 0) throw new Broken(start + other, what, 0, part[other]);
  }
}
