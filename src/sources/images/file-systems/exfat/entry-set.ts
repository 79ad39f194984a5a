import type { Range } from '../../../../bytes/range.ts';
import type { Path } from '../../../folders/path.ts';
import type { Times } from '../../file-system.ts';
import type { ClusterRecord } from '../cluster-walk.ts';
import { dosTime } from '../dos-time.ts';
import { toSegmentFromUtf16Bytes } from '../entry-name.ts';

/** Bytes of a directory entry. */
export const ENTRY = 32;
/** `EntryType` of those in use; a deleted one lacks the highest bit (exFAT specification, section 6.2.1). */
export const entryTypes = {
  bitmap: 0x81,
  upcase: 0x82,
  label: 0x83,
  file: 0x85,
  stream: 0xc0,
  name: 0xc1,
} as const;
const IN_USE = 0x80;
const FOLDER = 0x10;
const NO_CHAIN = 2;
const MOST_SECONDARY = 18;

/** One file or folder; `at` is where its first entry stands. */
export interface ExfatRecord extends ClusterRecord {
  /** Bytes from here on read as zeros. */
  readonly validSize: number;
  /** Whether its clusters follow each other, and the table says nothing of them. */
  readonly consecutive: boolean;
}

/** Puts entries together that make up a file: one of the file, one of its stream, and those of its name. */
export class EntrySet {
  #entries: Buffer[] = [];
  #places: Range[] = [];
  #wanted = 0;

  /** Takes the next entry; gives a record where it completes one, text where a set is broken, else null. */
  add(entry: Buffer, at: number): ExfatRecord | string | null {
    const type = entry[0]! | IN_USE;
    if (type === entryTypes.file) return this.#begin(entry, at);
    if (this.#wanted === 0) return null;
    if ((type & 0x40) === 0 || ((entry[0]! ^ this.#entries[0]![0]!) & IN_USE) !== 0)
      return this.#giveUp('it ends early');
    this.#push(entry, at);
    if (--this.#wanted > 0) return null;
    return this.#finish();
  }

  /** What to say where the folder ends inside a set; null where it doesn't. */
  end(): string | null {
    return this.#wanted > 0 ? this.#giveUp('it ends early') : null;
  }

  #begin(entry: Buffer, at: number): string | null {
    const problem = this.end();
    const count = entry[1]!;
    this.#entries = [];
    this.#places = [];
    this.#wanted = 0;
    if (count < 2 || count > MOST_SECONDARY)
      return this.#problem(entry, `${count} secondary entries`, at) ?? problem;
    this.#push(entry, at);
    this.#wanted = count;
    return problem;
  }

  #push(entry: Buffer, at: number): void {
    this.#entries.push(entry);
    this.#places.push({ start: at, end: at + ENTRY });
  }

  #giveUp(what: string): string | null {
    this.#wanted = 0;
    return this.#problem(this.#entries[0]!, what, this.#places[0]!.start);
  }

  /** What's deleted may be overwritten in part: that's no damage. */
  #problem(first: Buffer, what: string, at: number): string | null {
    return (first[0]! & IN_USE) === 0 ? null : `entry set at byte ${at}: ${what}`;
  }

  #finish(): ExfatRecord | string | null {
    if (setSum(this.#entries) !== this.#entries[0]!.readUInt16LE(2))
      return this.#giveUp('its checksum fails');
    const [file, stream] = this.#entries as [Buffer, Buffer];
    if ((stream[0]! | IN_USE) !== entryTypes.stream) return this.#giveUp('no stream extension');
    const name = nameOf(this.#entries, stream[3]!);
    if (name === null) return this.#giveUp(`a name of ${stream[3]} characters`);
    const size = longAt(stream, 24);
    const validSize = longAt(stream, 8);
    if (!Number.isSafeInteger(size) || validSize > size)
      return this.#giveUp(`${validSize} of ${size} bytes are valid`);
    return this.#record(file, stream, name, size, validSize);
  }

  #record(file: Buffer, stream: Buffer, name: Path, size: number, validSize: number): ExfatRecord {
    return {
      name,
      folder: (file.readUInt16LE(4) & FOLDER) !== 0,
      size,
      validSize,
      cluster: stream.readUInt32LE(20),
      consecutive: (stream[1]! & NO_CHAIN) !== 0,
      times: timesOf(file),
      deleted: (file[0]! & IN_USE) === 0,
      at: this.#places[0]!.start,
      metadata: this.#places,
    };
  }
}

/** `NameHash` (section 7.6.4) of a set's name. Without the volume's table of letters, only names that need none hold. */
export function nameHashHolds(entries: readonly Buffer[]): boolean {
  const [, stream, ...names] = entries as [Buffer, Buffer, ...Buffer[]];
  const units = Buffer.concat(names.map((entry) => entry.subarray(2, ENTRY))).subarray(0, 2 * stream[3]!);
  const upper = Buffer.from(
    units.toString('utf16le').replace(/[a-z]/g, (letter) => letter.toUpperCase()),
    'utf16le',
  );
  let hash = 0;
  for (const byte of upper) hash = (((hash & 1) << 15) + (hash >> 1) + byte) & 0xffff;
  return hash === stream.readUInt16LE(4);
}

function longAt(entry: Buffer, at: number): number {
  return entry.readUInt32LE(at) + entry.readUInt32LE(at + 4) * 2 ** 32;
}

/** `SetChecksum` (section 6.3.3), with the bits that deleting clears. */
function setSum(entries: readonly Buffer[]): number {
  let sum = 0;
  for (const [index, entry] of entries.entries()) {
    for (let i = 0; i < ENTRY; i++) {
      if (index === 0 && (i === 2 || i === 3)) continue;
      const byte = i === 0 ? entry[0]! | IN_USE : entry[i]!;
      sum = (((sum & 1) << 15) + (sum >> 1) + byte) & 0xffff;
    }
  }
  return sum;
}

/** 15 characters of two bytes in each entry of a name. */
const characters = Buffer.alloc(MOST_SECONDARY * 30);

/** The name, from the entries behind the first two; null where they hold fewer characters than it's said to have. */
function nameOf(entries: readonly Buffer[], length: number): Path | null {
  let end = 0;
  for (let i = 2; i < entries.length; i++) {
    const entry = entries[i]!;
    if ((entry[0]! | IN_USE) === entryTypes.name) end += entry.copy(characters, end, 2, ENTRY);
  }
  return length === 0 || length * 2 > end
    ? null
    : toSegmentFromUtf16Bytes(characters.subarray(0, length * 2));
}

function timesOf(file: Buffer): Times {
  return {
    created: timeAt(file, 8, file[20]!, file[22]!),
    modified: timeAt(file, 12, file[21]!, file[23]!),
    accessed: timeAt(file, 16, 0, file[24]!),
    changed: null,
  };
}

/** With the offset from UTC in quarters of an hour, seven bits with a sign, where the highest bit says that it's known. */
function timeAt(file: Buffer, at: number, tens: number, zone: number): number | null {
  const time = dosTime(file.readUInt16LE(at + 2), file.readUInt16LE(at), tens);
  if (time === null || (zone & 0x80) === 0) return time;
  const quarters = (zone & 0x40) === 0 ? zone & 0x3f : (zone & 0x3f) - 0x40;
  return time - quarters * 15 * 60_000;
}
