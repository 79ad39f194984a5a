import { Broken, OverBudget, ReadError } from '../../src/bytes/errors.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import type { Entry, EntryOptions, FileSystem } from '../../src/sources/images/file-system.ts';
import { ntfs } from '../../src/sources/images/file-systems/ntfs/ntfs.ts';
import { ntfsSalvager } from '../../src/sources/images/file-systems/ntfs/salvage/salvager.ts';

/** Bytes of one file that are read. */
const MOST_READ = 1 << 22;

/** Reads all that a volume says it has, a part of what is endless. Anything but a typed error is thrown on. */
export function readEverything(image: Uint8Array, options: EntryOptions = { deleted: true }): number {
  const system = typed(() => ntfs.open(new BufferSource(image)));
  if (system === null) return 0;
  return typed(() => readSystem(system, options)) ?? 0;
}

/** The same for what can be salvaged. */
export function salvageEverything(image: Uint8Array): number {
  const damage = [{ start: 0, end: 4096 }];
  return typed(() => readAll(ntfsSalvager.salvage(new BufferSource(image), damage).entries)) ?? 0;
}

function readSystem(system: FileSystem, options: EntryOptions): number {
  for (const { start, end } of system.unallocated()) if (end <= start) throw new Error('an empty range');
  return readAll(system.entries(options));
}

function readAll(entries: Iterable<Entry>): number {
  let count = 0;
  for (const entry of entries) {
    count++;
    typed(() => entry.extents());
    typed(() => readSome(entry));
  }
  return count;
}

const buffer = new Uint8Array(1 << 16);

function readSome(entry: Entry): void {
  const source = entry.open();
  for (let at = 0; at < Math.min(source.size, MOST_READ); ) {
    const got = source.read(buffer, at);
    if (got === 0) throw new Error(`nothing read at ${at} of ${source.size}`);
    at += got;
  }
}

function typed<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget || error instanceof ReadError) return null;
    throw error;
  }
}

/** Values that fields of sizes, counts and places stumble over. */
const hostile = [0, 1, 0x7f, 0x80, 0xff];

/** Overwrites 1 to 8 bytes of the boot sector or of a record, its fix-ups kept whole. */
export function mutate(image: Buffer, random: () => number, mftAt: number, records: number): void {
  const pick = (below: number): number => Math.floor(random() * below);
  const at = pick(8) === 0 ? pick(90) : mftAt + 1024 * pick(records) + placeInRecord(pick);
  const length = [1, 1, 2, 4, 8][pick(5)]!;
  for (let i = 0; i < length; i++) {
    if ((at + i) % 512 >= 510) continue;
    image[at + i] = pick(2) === 0 ? hostile[pick(hostile.length)]! : pick(256);
  }
}

/** Headers more often than what follows. */
function placeInRecord(pick: (below: number) => number): number {
  return pick(3) === 0 ? pick(56) : 56 + pick(500);
}
