import { Broken } from '../../../bytes/errors.ts';
import type { Range } from '../../../bytes/range.ts';
import type { Reader } from '../../../bytes/reader.ts';
import { crc32 } from '../../../checks/crc32.ts';
import type { Notice } from '../container.ts';
import { readGuid } from '../guid.ts';
import { gptTypes } from './partition-types.ts';
import type { Partition, TableDraft } from './table-draft.ts';

/** Of all entries; usual are 128 of 128 bytes. */
const MOST_ENTRIES = 1 << 20;
const LEAST_HEADER = 92;
const LEAST_ENTRY = 128;
const UNUSED = '00000000-0000-0000-0000-000000000000';
/** A ransom tool's key block, or padding, may stand behind the disk's last sector. In bytes. */
const SEARCHED_END = 2 << 20;

/** A header whose own sum is right. Offsets in bytes. */
interface Header {
  readonly at: number;
  readonly sectorSize: number;
  readonly alternate: number;
  readonly guid: string;
  readonly entries: Range;
  readonly entrySize: number;
  readonly entriesSum: number;
}

/** The table of the primary header, in sectors of 512 or 4,096 bytes; null unless header and entries are sound. */
export function readPrimaryGpt(reader: Reader, sectorSize: number): TableDraft | null {
  for (const size of new Set([sectorSize, 512, 4096])) {
    const header = readHeader(reader, size, size);
    if (header === null) continue;
    const partitions = readPartitions(reader, header);
    if (partitions === null) continue;
    const backup = readHeader(reader, header.alternate, size);
    return draft([header, backup], partitions, compareBackup(reader, header, backup));
  }
  return null;
}

/** The table of the backup header, which stands in the disk's last sector, or near the end. */
export function readBackupGpt(reader: Reader, sectorSize: number): TableDraft | null {
  for (const at of findHeaders(reader)) {
    for (const size of new Set([sectorSize, 512, 4096])) {
      const header = readHeader(reader, at, size);
      const partitions = header === null ? null : readPartitions(reader, header);
      if (header === null || partitions === null) continue;
      const text = 'the primary GPT is damaged; its backup at the end of the disk is used';
      return draft([header], partitions, [{ level: 'wrong', text }]);
    }
  }
  return null;
}

/** From the end backwards, so that the disk's own comes before one of a disk inside of it. */
function findHeaders(reader: Reader): number[] {
  const start = Math.max(0, Math.floor((reader.size - SEARCHED_END) / 512) * 512);
  const found: number[] = [];
  for (let at = start; at + 512 <= reader.size; at += 512) {
    if (reader.has(at, 'EFI PART')) found.unshift(at);
  }
  return found;
}

function draft(
  headers: readonly (Header | null)[],
  partitions: readonly Partition[],
  notices: readonly Notice[],
): TableDraft {
  const tables: Range[] = [{ start: 0, end: headers[0]!.sectorSize }];
  for (const header of headers) {
    if (header !== null)
      tables.push(header.entries, { start: header.at, end: header.at + header.sectorSize });
  }
  return { scheme: 'gpt', partitions, tables, notices };
}

/** Null unless the header at byte `at` says its own place and its sum is right (UEFI §5.3.2). */
function readHeader(reader: Reader, at: number, sectorSize: number): Header | null {
  if (!reader.has(at, 'EFI PART') || at + LEAST_HEADER > reader.size) return null;
  const length = reader.u32le(at + 12);
  if (length < LEAST_HEADER || length > sectorSize || at + length > reader.size) return null;
  const bytes = reader.copy(at, length, 'GPT header');
  bytes.fill(0, 16, 20);
  if (crc32(bytes) !== reader.u32le(at + 16)) return null;
  try {
    return parseHeader(reader, at, sectorSize);
  } catch (error) {
    // A 64-bit field beyond all disks.
    if (error instanceof Broken) return null;
    throw error;
  }
}

function parseHeader(reader: Reader, at: number, sectorSize: number): Header | null {
  if (reader.u64le(at + 24) * sectorSize !== at) return null;
  const entriesAt = reader.u64le(at + 72) * sectorSize;
  const entrySize = reader.u32le(at + 84);
  const size = reader.u32le(at + 80) * entrySize;
  if (entrySize < LEAST_ENTRY || size > MOST_ENTRIES || entriesAt + size > reader.size) return null;
  return {
    at,
    sectorSize,
    alternate: reader.u64le(at + 32) * sectorSize,
    guid: readGuid(reader.bytes(at + 56, 16)),
    entries: { start: entriesAt, end: entriesAt + size },
    entrySize,
    entriesSum: reader.u32le(at + 88),
  };
}

/** Null unless the sum of the entries is right. */
function readPartitions(reader: Reader, header: Header): Partition[] | null {
  const { entries, entrySize, sectorSize } = header;
  const bytes = reader.copy(entries.start, entries.end - entries.start, 'GPT entries');
  if (crc32(bytes) !== header.entriesSum) return null;
  const partitions: Partition[] = [];
  for (let at = 0; at + entrySize <= bytes.length; at += entrySize) {
    const type = readGuid(bytes, at);
    if (type !== UNUSED) partitions.push(readEntry(bytes, at, 1 + at / entrySize, sectorSize));
  }
  return partitions;
}

function readEntry(bytes: Uint8Array, at: number, number: number, sectorSize: number): Partition {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const type = readGuid(bytes, at);
  const label = Buffer.from(bytes.subarray(at + 56, at + 128))
    .toString('utf16le')
    .replace(/\0.*$/s, '');
  const [first, last] = [view.getBigUint64(32, true), view.getBigUint64(40, true)];
  return {
    name: `p${number}`,
    type: gptTypes[type] ?? type,
    label: label === '' ? null : label,
    start: Number(first) * sectorSize,
    // The last sector belongs to the partition.
    end: (Number(last) + 1) * sectorSize,
  };
}

function compareBackup(reader: Reader, header: Header, backup: Header | null): Notice[] {
  if (backup === null) {
    return [{ level: 'wrong', text: 'the backup GPT is missing or damaged; the primary one is used' }];
  }
  const isSame = backup.guid === header.guid && backup.entriesSum === header.entriesSum;
  if (isSame && readPartitions(reader, backup) !== null) return [];
  return [{ level: 'wrong', text: 'the backup GPT differs from the primary one, which is used' }];
}
