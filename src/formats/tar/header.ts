import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { fieldsOf, type TarDialect } from './fields.ts';
import { readNumber } from './numbers.ts';

export const BLOCK = 512;

/** What a header block tells (POSIX.1-2017 pax, ustar Interchange Format; GNU tar manual, Basic Tar Format). */
export interface TarHeader {
  readonly at: number;
  readonly name: string;
  /** Of the data that follow, in bytes. */
  readonly size: number;
  /** One character; old archives' zero byte reads `0`. */
  readonly type: string;
  readonly dialect: TarDialect;
  /** What is unusual in it; null mostly. */
  readonly oddity: string | null;
  /** The shortest random run that its fields and sum notice, in bytes. */
  readonly floor: number;
}

const SUM = { start: 148, end: 156 };
const SIZE = { start: 124, end: 136 };

/** @throws Broken where the sum or the size is no number, or the sum is wrong. @throws Truncated */
export function readHeader(reader: Reader, at: number): TarHeader {
  const block = Buffer.from(reader.copy(at, BLOCK, 'tar header'));
  expectSum(block, at);
  return parseHeader(block, at);
}

/** Reads a header whose sum is not looked at. @throws Broken */
export function parseHeader(block: Buffer, at: number): TarHeader {
  const size = readNumber(block.subarray(SIZE.start, SIZE.end));
  if (size === null || size.value < 0) {
    throw new Broken(
      at + SIZE.start,
      'size in a tar header',
      'a number',
      block.toString('hex', SIZE.start, SIZE.end),
    );
  }
  const dialect = dialectOf(block);
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156]!);
  const { floor, oddity } = inspectFields(block, dialect);
  return { at, name: nameIn(block, dialect), size: size.value, type, dialect, floor, oddity };
}

/** Whether the block is a header whose sum is right. */
export function isHeader(block: Uint8Array): boolean {
  if (!beginsLikeSum(block[SUM.start]!)) return false;
  const stored = readNumber(block.subarray(SUM.start, SUM.end));
  if (stored === null || (block[0] === 0 && !hasMagic(block))) return false;
  const { unsigned, signed } = sumOf(block);
  return unsigned > 256 && (stored.value === unsigned || stored.value === signed);
}

/** A digit or a blank: spares most blocks of a search the rest. */
function beginsLikeSum(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x37) || byte === 0x20 || byte === 0;
}

/** A block that would pass for a header but for a few bytes: its magic stands, or it is mostly zeros. */
export function resemblesHeader(block: Uint8Array): boolean {
  if (hasMagic(block)) return true;
  let zeros = 0;
  for (const byte of block) if (byte === 0) zeros++;
  return zeros >= 128 && block[0] !== 0 && readNumber(block.subarray(SUM.start, SUM.end)) !== null;
}

function hasMagic(block: Uint8Array): boolean {
  return Buffer.from(block.subarray(257, 262)).toString('latin1') === 'ustar';
}

function expectSum(block: Buffer, at: number): void {
  if (isHeader(block)) return;
  const stored = readNumber(block.subarray(SUM.start, SUM.end));
  throw new Broken(at + SUM.start, 'sum of a tar header', stored?.value ?? 'a number', sumOf(block).unsigned);
}

/** The sum counts its own field as blanks. Some old writers added signed bytes. */
function sumOf(block: Uint8Array): { readonly unsigned: number; readonly signed: number } {
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= SUM.start && i < SUM.end ? 0x20 : block[i]!;
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 256;
  }
  return { unsigned, signed };
}

function dialectOf(block: Buffer): TarDialect {
  const magic = block.toString('latin1', 257, 265);
  if (magic === 'ustar  \0') return 'gnu';
  if (!magic.startsWith('ustar')) return 'v7';
  return block.toString('latin1', 508, 512) === 'tar\0' ? 'star' : 'ustar';
}

function nameIn(block: Buffer, dialect: TarDialect): string {
  const name = textIn(block, 0, 100);
  const prefix = dialect === 'ustar' ? textIn(block, 345, 500) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

export function textIn(block: Buffer, start: number, end: number): string {
  const zero = block.indexOf(0, start);
  return block.toString('utf8', start, zero < 0 ? end : Math.min(zero, end));
}

/** Looks whether each field is what it should be. */
function inspectFields(block: Buffer, dialect: TarDialect): { floor: number; oddity: string | null } {
  let floor = 16;
  let oddity: string | null = null;
  for (const { start, end, what, floorOf } of fieldsOf[dialect]) {
    const found = floorOf(block.subarray(start, end));
    if (found === null) oddity ??= `${what} in a tar header`;
    floor = Math.max(floor, found ?? end - start + 16);
  }
  return { floor, oddity };
}
