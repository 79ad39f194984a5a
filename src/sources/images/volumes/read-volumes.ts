import { Broken, ReadError } from '../../../bytes/errors.ts';
import { JoinedSource } from '../../../bytes/joined-source.ts';
import { complement, union } from '../../../bytes/range.ts';
import { Reader } from '../../../bytes/reader.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import type { Notice } from '../container.ts';
import type { Volume, VolumeTable } from '../volumes.ts';
import { readBackupGpt, readPrimaryGpt } from './gpt.ts';
import { expandLvm } from './lvm/lvm.ts';
import { isProtective, readMbr } from './mbr.ts';
import { isSuperfloppy } from './superfloppy.ts';
import type { Partition, TableDraft } from './table-draft.ts';

/**
 * How the disk is divided. Never throws for what stands on the disk: what's wrong becomes a notice, and a disk without
 * any table is one volume without a name.
 * @param sectorSize bytes in a sector, where the container says it
 */
export function readVolumes(disk: ByteSource, sectorSize = 512): VolumeTable {
  const reader = new Reader(disk);
  const notices: Notice[] = [];
  const draft = readTable(reader, sectorSize, notices);
  const table = draft === null ? undivided(disk.size, notices) : divide(draft, disk.size, notices);
  return withLogicalVolumes(reader, table);
}

/** The bytes of a volume. Closing it leaves the disk open. */
export function openVolume(disk: ByteSource, volume: Volume): ByteSource {
  return new JoinedSource(disk, volume.parts);
}

/**
 * A sound primary GPT comes first, by its sums. A stale backup at the end of a disk that was formatted as a whole
 * must not be taken, hence the order of the others.
 */
function readTable(reader: Reader, sectorSize: number, notices: Notice[]): TableDraft | null {
  const attempt = <T>(read: () => T): T | null => tryReading(read, notices);
  const primary = attempt(() => readPrimaryGpt(reader, sectorSize));
  if (primary !== null) return primary;
  if (attempt(() => isProtective(reader)) === true) {
    const backup = attempt(() => readBackupGpt(reader, sectorSize));
    if (backup !== null) return backup;
  }
  if (attempt(() => isSuperfloppy(reader)) === true) return null;
  return attempt(() => readMbr(reader, sectorSize)) ?? attempt(() => readBackupGpt(reader, sectorSize));
}

function tryReading<T>(read: () => T, notices: Notice[]): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReadError || error instanceof Broken)) throw error;
    notices.push({ level: 'wrong', text: `partition table: ${error.message}` });
    return null;
  }
}

/** Room on a physical volume that no logical one has is a gap, its header and description included. */
function withLogicalVolumes(reader: Reader, table: VolumeTable): VolumeTable {
  const notices: Notice[] = [];
  const expanded = tryReading(() => expandLvm(reader, table.volumes), notices);
  const { volumes } = expanded ?? table;
  if (expanded === null || volumes === table.volumes) {
    return { ...table, notices: [...table.notices, ...notices, ...(expanded?.notices ?? [])] };
  }
  const replaced = table.volumes.filter((volume) => !volumes.includes(volume));
  const used = union(volumes.flatMap(({ parts }) => parts));
  const unused = replaced.flatMap((volume) => complement(used, volume));
  const gaps = union([...table.gaps, ...unused]);
  return { ...table, volumes, gaps, notices: [...table.notices, ...expanded.notices] };
}

function undivided(size: number, notices: readonly Notice[]): VolumeTable {
  const whole = { start: 0, end: size };
  const volume = { name: '', type: 'whole disk', label: null, ...whole, parts: [whole] };
  return { scheme: 'none', volumes: [volume], gaps: [], notices };
}

function divide(draft: TableDraft, size: number, earlier: readonly Notice[]): VolumeTable {
  const notices = [...earlier, ...draft.notices];
  const volumes = draft.partitions.flatMap((partition) => place(partition, size, notices));
  notices.push(...findOverlaps(volumes));
  const used = union([...draft.tables, ...volumes.flatMap(({ parts }) => parts)]);
  return { scheme: draft.scheme, volumes, gaps: complement(used, { start: 0, end: size }), notices };
}

/** The part of a partition that is on the disk. */
function place(partition: Partition, size: number, notices: Notice[]): Volume[] {
  const { name, start } = partition;
  if (!(start < size && start < partition.end)) {
    notices.push({ level: 'wrong', text: `partition ${name} lies outside of the disk, and is left out` });
    return [];
  }
  if (partition.end > size) {
    const missing = partition.end - size;
    notices.push({ level: 'wrong', text: `the disk ends ${missing} bytes before partition ${name} does` });
  }
  const end = Math.min(partition.end, size);
  return [{ ...partition, end, parts: [{ start, end }] }];
}

function findOverlaps(volumes: readonly Volume[]): Notice[] {
  const sorted = [...volumes].sort((a, b) => a.start - b.start);
  return sorted.flatMap((volume, i) => {
    const next = sorted[i + 1];
    if (next === undefined || next.start >= volume.end) return [];
    return [{ level: 'wrong' as const, text: `partitions ${volume.name} and ${next.name} overlap` }];
  });
}
