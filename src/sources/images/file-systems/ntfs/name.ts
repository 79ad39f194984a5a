import type { Path } from '../../../folders/path.ts';
import { toSegmentFromUtf16 } from '../entry-name.ts';
import { u16, u48, u64 } from './little-endian.ts';
import { attributeValue } from './record.ts';

/** Bytes of $FILE_NAME before the name. */
const HEADER = 66;
const DOS = 2;
const FOLDER = 0x10000000;

/** A name that a file has in a folder ($FILE_NAME). */
export interface FileName {
  readonly name: Path;
  /** Record of the folder, and the sequence number that it had then. */
  readonly parent: number;
  readonly parentSequence: number;
  /** The short name for DOS, which stands beside another. */
  readonly isShort: boolean;
}

/** The value of $FILE_NAME at `at` of the record; null where it isn't whole. */
export function fileNameAt(record: Uint8Array, at: number): Uint8Array | null {
  const value = attributeValue(record, at);
  return value !== null && isFileName(value) ? value : null;
}

export function isFileName(value: Uint8Array): boolean {
  return value.length >= HEADER && value[64]! > 0 && HEADER + 2 * value[64]! <= value.length;
}

export function parentOf(value: Uint8Array): number {
  return u48(value, 0);
}

export function isShort(value: Uint8Array): boolean {
  return value[65] === DOS;
}

export function isFolderName(value: Uint8Array): boolean {
  return ((u16(value, 58) << 16) & FOLDER) !== 0;
}

/** Bytes of the file as its folder has them: often stale. */
export function statedSize(value: Uint8Array): number {
  return u64(value, 48);
}

export function parseFileName(value: Uint8Array): FileName {
  return {
    name: toPath(value.subarray(HEADER, HEADER + 2 * value[64]!)),
    parent: parentOf(value),
    parentSequence: u16(value, 6),
    isShort: isShort(value),
  };
}

const scratch = Buffer.alloc(256);
/** Printable ASCII without `/` and backslash that doesn't begin with a dot stands for itself. */
const PLAIN = /^[\x20-\x2d0-\x5b\x5d-\x7e][\x20-\x2e0-\x5b\x5d-\x7e]*$/;

/** UTF-16LE as one segment of a path. Nearly all names are ASCII, for which this takes half the time. */
export function toPath(utf16: Uint8Array): Path {
  const count = utf16.length >> 1;
  for (let i = 0; i < count; i++) {
    if (utf16[2 * i + 1] !== 0 || i >= scratch.length) return decode(utf16);
    scratch[i] = utf16[2 * i]!;
  }
  const text = scratch.toString('latin1', 0, count);
  return PLAIN.test(text) ? (text as Path) : decode(utf16);
}

function decode(utf16: Uint8Array): Path {
  const units = new Uint16Array(utf16.length >> 1);
  for (let i = 0; i < units.length; i++) units[i] = u16(utf16, 2 * i);
  return toSegmentFromUtf16(units);
}
