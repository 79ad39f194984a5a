import { Broken, OverBudget, ReadError } from '../../src/bytes/errors.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import type { Entry } from '../../src/sources/images/file-system.ts';
import { fileSystems, salvagers } from '../../src/sources/images/file-systems/table.ts';
import { random } from './random.ts';

/** Bytes of one file that are read at most: hostile sizes are promised, and zeros come for nothing. */
const MOST_READ = 1 << 18;
const buffer = Buffer.alloc(1 << 16);
/** What hostile fields like to hold. */
const values = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x2f2e2e2f, 0x2e2e,
];

export interface Area {
  readonly start: number;
  readonly end: number;
}

/** Changes one field of one, two or four bytes in one of the areas, or copies a piece of one over another. */
export function mutateVolume(bytes: Buffer, areas: readonly Area[]): void {
  const at = placeIn(areas);
  const choice = Math.floor(random() * 5);
  const value =
    random() < 0.7 ? values[Math.floor(random() * values.length)]! : Math.floor(random() * 2 ** 32);
  if (choice === 0) bytes[at] = value & 0xff;
  else if (choice === 1) bytes.writeUInt16LE(value & 0xffff, at & ~1);
  else if (choice === 2) bytes.writeUInt32LE(value, at & ~3);
  else if (choice === 3) bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
  else bytes.copy(bytes, at & ~3, placeIn(areas) & ~3, (placeIn(areas) & ~3) + 32);
}

function placeIn(areas: readonly Area[]): number {
  const area = areas[Math.floor(random() * areas.length)]!;
  return area.start + Math.floor(random() * (area.end - area.start - 4));
}

/** Opens, lists with deleted entries, maps, reads and salvages; anything but a typed error is thrown on. */
export function readVolume(bytes: Buffer): void {
  const volume = new BufferSource(bytes);
  typed(() => {
    for (const format of fileSystems) {
      if (!format.recognise(volume)) continue;
      const fileSystem = format.open(volume);
      readEntries(fileSystem.entries({ deleted: true }));
      for (const range of fileSystem.unallocated()) expectInside(range, bytes.length);
    }
  });
  typed(() => {
    for (const salvager of salvagers) {
      if (!salvager.recognise(volume, [])) continue;
      readEntries(salvager.salvage(volume, [{ start: 0, end: 4096 }]).entries);
    }
  });
}

function readEntries(entries: Iterable<Entry>): void {
  for (const entry of entries) {
    if (entry.path.split('/').includes('..')) throw new Error(`a path that climbs: ${entry.path}`);
    typed(() => {
      const source = entry.open();
      for (let at = 0; at < Math.min(source.size, MOST_READ); at += buffer.length) source.read(buffer, at);
    });
    if (entry.metadata.length > 1e6) throw new Error('too many ranges');
  }
}

function expectInside(range: Area, size: number): void {
  if (!(range.start >= 0 && range.start < range.end && range.end <= size)) {
    throw new Error(`a free range outside of the volume: ${range.start}–${range.end} of ${size}`);
  }
}

function typed(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget || error instanceof ReadError) return;
    throw error;
  }
}
