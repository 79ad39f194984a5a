import type { Range } from '../../../../bytes/range.ts';
import type { Path } from '../../../folders/path.ts';
import type { ClusterRecord } from '../cluster-walk.ts';
import { dosTime } from '../dos-time.ts';
import { toSegment } from '../entry-name.ts';
import { LongName } from './long-name.ts';

/** Bytes of a directory entry. */
export const ENTRY = 32;
const DELETED = 0xe5;
/** Names of a folder in itself, and of its parent. */
const [OWN, PARENT] = ['.          ', '..         '];
const attributes = { label: 0x08, folder: 0x10, longName: 0x0f } as const;

/** One file or folder in a directory; `at` is where its short entry stands. */
export type FatRecord = ClusterRecord;

/** Reads the entries of one directory, piece by piece: a long name may stand in two clusters. */
export class DirectoryParser {
  readonly #long = new LongName();
  /** The volume's label, if it was met. */
  label: string | null = null;
  /** Whether the mark behind the last entry was met. */
  ended = false;

  /** @param at where the bytes stand in the volume */
  *parse(bytes: Buffer, at: number): Generator<FatRecord> {
    for (let i = 0; i + ENTRY <= bytes.length; i += ENTRY) {
      if (bytes[i] === 0) {
        this.ended = true;
        return;
      }
      const record = this.#take(bytes.subarray(i, i + ENTRY), at + i);
      if (record !== null) yield record;
    }
  }

  #take(entry: Buffer, at: number): FatRecord | null {
    const kind = entry[11]! & 0x3f;
    if (kind === attributes.longName) {
      this.#long.add(entry, at);
      return null;
    }
    const long = this.#long.take(entry);
    if ((kind & attributes.label) !== 0) {
      if (entry[0] !== DELETED) this.label ??= entry.toString('latin1', 0, 11).trimEnd();
      return null;
    }
    if (isDots(entry)) return null;
    const metadata = [...long.metadata, { start: at, end: at + ENTRY }];
    return recordOf(entry, long.name ?? toSegment(shortName(entry)), at, metadata);
  }
}

/** A folder begins with its own entry and its parent's. */
export function isFolderStart(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 11) === OWN && bytes.toString('latin1', ENTRY, ENTRY + 11) === PARENT;
}

function isDots(entry: Buffer): boolean {
  if (entry[0] !== 0x2e) return false;
  const name = entry.toString('latin1', 0, 11);
  return name === OWN || name === PARENT;
}

/** Field by field: put together from parts, it took most of the time of a listing. */
function recordOf(entry: Buffer, name: Path, at: number, metadata: readonly Range[]): FatRecord {
  const folder = (entry[11]! & attributes.folder) !== 0;
  return {
    name,
    folder,
    size: folder ? 0 : entry.readUInt32LE(28),
    cluster: entry.readUInt16LE(20) * 65536 + entry.readUInt16LE(26),
    times: {
      modified: dosTime(entry.readUInt16LE(24), entry.readUInt16LE(22)),
      accessed: dosTime(entry.readUInt16LE(18), 0),
      changed: null,
      created: dosTime(entry.readUInt16LE(16), entry.readUInt16LE(14), entry[13]),
    },
    deleted: entry[0] === DELETED,
    at,
    metadata,
  };
}

/** The name in eight and three characters, in the bytes of whatever code page. A deleted one lost its first. */
function shortName(entry: Buffer): Buffer {
  const bits = entry[12]!;
  const base = part(entry, 0, 8, (bits & 0x08) !== 0);
  const extension = part(entry, 8, 11, (bits & 0x10) !== 0);
  if (entry[0] === DELETED) base[0] = 0x5f;
  if (entry[0] === 0x05) base[0] = DELETED;
  return extension.length === 0 ? base : Buffer.concat([base, Buffer.from('.'), extension]);
}

/** Without the spaces behind it; in small letters where NT's bits say so. */
function part(entry: Buffer, start: number, end: number, small: boolean): Buffer {
  let last = end;
  while (last > start && entry[last - 1] === 0x20) last--;
  const bytes = Buffer.from(entry.subarray(start, last));
  if (small)
    for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x41 && bytes[i]! <= 0x5a) bytes[i]! += 0x20;
  return bytes;
}
