import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BufferSource } from '../../src/bytes/source.ts';
import { toBuffer } from '../../src/sources/folders/path.ts';
import type { Entry, FileSystem } from '../../src/sources/images/file-system.ts';
import { ntfs } from '../../src/sources/images/file-systems/ntfs/ntfs.ts';
import { editInPlace } from './ntfs-record.ts';

const data = new URL('../sources/images/data/', import.meta.url);
const packed = readFileSync(new URL('ntfs.img.gz', data));

/** Of the fixture, in bytes. */
export const CLUSTER = 1024;
export const RECORD = 1024;
export const MFT = 16 * 1024;

/** A copy of the fixture: 4 MiB, clusters of 1 KiB, made by mkntfs and filled through ntfs-3g. */
export function fixture(): Buffer {
  return gunzipSync(packed);
}

/** A file as another tool has it. */
export interface Expected {
  readonly sha256: string;
  readonly size: number;
  readonly id: number;
  readonly path: string;
}

/** Made by the Sleuth Kit 4.11.1: `fls -r -p -u`, and `icat` of each stream. */
export function expected(): Expected[] {
  const lines = readFileSync(new URL('ntfs.expected.txt', data), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [, sha256 = '', size, id, path = ''] = /^(\S+) (\d+) (\d+) (.*)$/.exec(line)!;
    return { sha256, size: Number(size), id: Number(id), path };
  });
}

export function openFixture(image: Uint8Array = fixture()): FileSystem {
  return ntfs.open(new BufferSource(image));
}

export function entriesOf(image?: Uint8Array): Map<string, Entry> {
  return byPath(openFixture(image).entries());
}

export function byPath(entries: Iterable<Entry>): Map<string, Entry> {
  return new Map([...entries].map((entry) => [toBuffer(entry.path).toString(), entry]));
}

export function contentsOf(entry: Entry): Buffer {
  const source = entry.open();
  const bytes = Buffer.alloc(source.size);
  source.read(bytes, 0);
  return bytes;
}

/** Changes a record of the fixture's $MFT; `edit` sees it without fix-ups. */
export function editRecord(image: Buffer, number: number, edit: (record: Buffer) => void): void {
  editInPlace(image.subarray(MFT + number * RECORD, MFT + (number + 1) * RECORD), edit);
}

/** Appends a resident attribute. */
export function addAttribute(record: Buffer, type: number, value: Buffer): void {
  let end = record.readUInt16LE(20);
  while (record.readUInt32LE(end) !== 0xffffffff) end += record.readUInt32LE(end + 4);
  const length = 24 + ((value.length + 7) & ~7);
  record.fill(0, end, end + length);
  record.writeUInt32LE(type, end);
  record.writeUInt32LE(length, end + 4);
  record.writeUInt16LE(99, end + 14);
  record.writeUInt32LE(value.length, end + 16);
  record.writeUInt16LE(24, end + 20);
  value.copy(record, end + 24);
  record.writeUInt32LE(0xffffffff, end + length);
  record.writeUInt32LE(end + length + 8, 24);
}

/** A reparse point's value: the tag, and no data. */
export function reparsePoint(tag: number): Buffer {
  const value = Buffer.alloc(8);
  value.writeUInt32LE(tag);
  return value;
}
