import { u16, u32, u48 } from './little-endian.ts';

/** Bytes between two places whose last two are protected, on disks with any size of sectors. */
export const STRIDE = 512;

export const types = {
  standardInformation: 0x10,
  attributeList: 0x20,
  fileName: 0x30,
  volumeName: 0x60,
  volumeInformation: 0x70,
  data: 0x80,
  indexRoot: 0x90,
  indexAllocation: 0xa0,
  bitmap: 0xb0,
  reparsePoint: 0xc0,
} as const;

const END = 0xffffffff;
const RECORD_HEADER = 42;
const RESIDENT_HEADER = 24;
const RUNS_HEADER = 64;

/** `absent`: no record stands there; `broken`: one did, but it's torn, or checkdisk gave it up. */
export type Health = 'good' | 'broken' | 'absent';

/**
 * Undoes the fix-ups of a record or an index block, in place: the last two bytes of each 512 were replaced by one
 * number, and stand in an array in the header. Where one differs, not all sectors were written together.
 */
export function undoFixups(block: Uint8Array, signature: string): Health {
  if (!startsWith(block, signature)) return startsWith(block, 'BAAD') ? 'broken' : 'absent';
  const array = u16(block, 4);
  const count = u16(block, 6);
  const isWhole = count === block.length / STRIDE + 1 && array + 2 * count <= STRIDE - 2 && array >= 8;
  if (!isWhole) return 'broken';
  for (let i = 1; i < count; i++) {
    const at = i * STRIDE - 2;
    if (block[at] !== block[array] || block[at + 1] !== block[array + 1]) return 'broken';
  }
  for (let i = 1; i < count; i++) {
    block[i * STRIDE - 2] = block[array + 2 * i]!;
    block[i * STRIDE - 1] = block[array + 2 * i + 1]!;
  }
  return 'good';
}

function startsWith(block: Uint8Array, signature: string): boolean {
  return (
    block[0] === signature.charCodeAt(0) &&
    block[1] === signature.charCodeAt(1) &&
    block[2] === signature.charCodeAt(2) &&
    block[3] === signature.charCodeAt(3)
  );
}

export function sequenceOf(record: Uint8Array): number {
  return u16(record, 16);
}

export function isInUse(record: Uint8Array): boolean {
  return (record[22]! & 1) !== 0;
}

export function isFolder(record: Uint8Array): boolean {
  return (record[22]! & 2) !== 0;
}

/** The record that this one extends; 0 for a base record, as $MFT's own extensions have a sequence number too. */
export function baseOf(record: Uint8Array): number {
  return u48(record, 32);
}

export function isBase(record: Uint8Array): boolean {
  return u48(record, 32) === 0 && u16(record, 38) === 0;
}

/** The number that a record gives itself, since NTFS 3.1. */
export function ownNumberOf(record: Uint8Array): number {
  return u32(record, 44);
}

/** Offset of the first attribute in the record, or −1. */
export function firstAttribute(record: Uint8Array): number {
  const at = u16(record, 20);
  return at >= RECORD_HEADER && isAttribute(record, at) ? at : -1;
}

/** Offset of the attribute after the one at `at`, or −1 behind the last, or where the chain is broken. */
export function nextAttribute(record: Uint8Array, at: number): number {
  const next = at + u32(record, at + 4);
  return isAttribute(record, next) ? next : -1;
}

/** Whether the attributes end where the record says that they do. */
export function endsWell(record: Uint8Array, last: number): boolean {
  return last > 0 && u32(record, last + u32(record, last + 4)) === END;
}

/** Offset behind the mark that ends the attributes; the whole length where there's none. */
export function endOfAttributes(record: Uint8Array): number {
  let last = -1;
  for (let at = firstAttribute(record); at > 0; at = nextAttribute(record, at)) last = at;
  return endsWell(record, last) ? last + u32(record, last + 4) + 4 : record.length;
}

function isAttribute(record: Uint8Array, at: number): boolean {
  if (at + RESIDENT_HEADER > record.length || u32(record, at) === END) return false;
  const length = u32(record, at + 4);
  if (length < RESIDENT_HEADER || at + length > record.length) return false;
  return record[at + 8] === 0 || length >= RUNS_HEADER;
}

export function typeOf(record: Uint8Array, at: number): number {
  return u32(record, at);
}

export function idOf(record: Uint8Array, at: number): number {
  return u16(record, at + 14);
}

/** A view of a resident attribute's value; null where it's not resident, or reaches out of the attribute. */
export function attributeValue(record: Uint8Array, at: number): Uint8Array | null {
  if (record[at + 8] !== 0) return null;
  const length = u32(record, at + 16);
  const start = u16(record, at + 20);
  if (start < RESIDENT_HEADER || start + length > u32(record, at + 4)) return null;
  return record.subarray(at + start, at + start + length);
}

/** The name of an attribute, as UTF-16LE; null where it reaches out of the attribute. */
export function attributeName(record: Uint8Array, at: number): Uint8Array | null {
  const length = 2 * record[at + 9]!;
  if (length === 0) return EMPTY;
  const start = u16(record, at + 10);
  if (start + length > u32(record, at + 4)) return null;
  return record.subarray(at + start, at + start + length);
}

const EMPTY = new Uint8Array(0);
