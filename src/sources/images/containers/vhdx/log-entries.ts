import { Broken } from '../../../../bytes/errors.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { crc32c } from '../../../../checks/crc32c.ts';
import { readGuid } from '../../guid.ts';

/** Unit of the log, in bytes. */
export const LOG_SECTOR = 4096;
/** Bytes that are summed, in logs; honest entries don't overlap. */
const MOST_SUMMED = 4;

/** An entry of the log whose sum is right. Offsets in bytes of the log, which is a ring. */
export interface LogEntry {
  readonly at: number;
  readonly length: number;
  /** Where the oldest entry that still matters began when this one was written. */
  readonly tail: number;
  readonly sequence: bigint;
  readonly bytes: Buffer;
}

/**
 * The entries to be replayed, in order: the newest run, from the tail of its last entry on, without a gap
 * ([MS-VHDX] §2.3.3). @throws Broken when there is none
 */
export function findActiveEntries(log: Reader, guid: string): LogEntry[] {
  const entries = readEntries(log, guid);
  const heads = [...entries.values()].sort((a, b) => (a.sequence < b.sequence ? 1 : -1));
  for (const head of heads) {
    const run = walkRun(entries, head, log.size);
    if (run !== null) return run;
  }
  throw new Broken(0, 'log', 'a complete run of entries', 'none');
}

function walkRun(entries: ReadonlyMap<number, LogEntry>, head: LogEntry, size: number): LogEntry[] | null {
  const run: LogEntry[] = [];
  for (let at = head.tail; run.length <= entries.size; ) {
    const entry = entries.get(at);
    const previous = run.at(-1);
    if (entry === undefined || (previous !== undefined && entry.sequence !== previous.sequence + 1n))
      return null;
    run.push(entry);
    if (entry === head) return run;
    at = (at + entry.length) % size;
  }
  return null;
}

function readEntries(log: Reader, guid: string): Map<number, LogEntry> {
  const entries = new Map<number, LogEntry>();
  let summed = 0;
  for (let at = 0; at + 64 <= log.size; at += LOG_SECTOR) {
    const length = lengthOf(log, at, guid);
    if (length === 0) continue;
    summed += length;
    if (summed > MOST_SUMMED * log.size)
      throw new Broken(at, 'log', 'entries that follow each other', 'overlaps');
    const entry = readEntry(log, at, length);
    if (entry !== null) entries.set(at, entry);
  }
  return entries;
}

/** 0 where no entry of this log begins. */
function lengthOf(log: Reader, at: number, guid: string): number {
  if (!log.has(at, 'loge') || readGuid(log.bytes(at + 32, 16)) !== guid) return 0;
  const length = log.u32le(at + 8);
  return length % LOG_SECTOR === 0 && length <= log.size ? length : 0;
}

function readEntry(log: Reader, at: number, length: number): LogEntry | null {
  const first = Math.min(length, log.size - at);
  const bytes = Buffer.concat([log.whole(at, at + first), log.whole(0, length - first)]);
  const stored = bytes.readUInt32LE(4);
  bytes.fill(0, 4, 8);
  if (crc32c(bytes) !== stored) return null;
  return { at, length, tail: bytes.readUInt32LE(12), sequence: bytes.readBigUInt64LE(16), bytes };
}
