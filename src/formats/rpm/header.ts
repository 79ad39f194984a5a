import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** One entry of an index: tag, type, where its data stand in the store, how many values (RPM Package format v4, Header). */
export interface RpmEntry {
  readonly tag: number;
  readonly type: number;
  /** In bytes of the file. */
  readonly at: number;
  readonly count: number;
}

/** A header structure with its 16 bytes of introduction. */
export interface RpmHeader extends Range {
  readonly entries: readonly RpmEntry[];
  readonly storeAt: number;
}

const MOST_ENTRIES = 65_536;
const MOST_STORE = 256 << 20;
/** char, int8, int16, int32, int64, string, binary, string array, i18n string: bytes of one value, 0 for texts. */
const sizes: readonly number[] = [0, 1, 1, 2, 4, 8, 0, 1, 0, 0];
const BINARY = 7;

/** @throws Broken, Truncated */
export function readRpmHeader(reader: Reader, start: number, what: string): RpmHeader {
  reader.expect(start, [0x8e, 0xad, 0xe8, 1], `magic of the ${what}`);
  const count = reader.u32be(start + 8, what);
  const length = reader.u32be(start + 12, what);
  if (count > MOST_ENTRIES || length > MOST_STORE) {
    throw new Broken(
      start + 8,
      `entries and length of the ${what}`,
      `at most ${MOST_ENTRIES}`,
      `${count} and ${length}`,
    );
  }
  const storeAt = start + 16 + 16 * count;
  const end = storeAt + length;
  if (end > reader.size) reader.bytes(reader.size, 1, what);
  const entries: RpmEntry[] = [];
  for (let at = start + 16; at < storeAt; at += 16) {
    reader.meter.step();
    entries.push(readEntry(reader, at, storeAt, length));
  }
  return { start, end, entries, storeAt };
}

function readEntry(reader: Reader, at: number, storeAt: number, length: number): RpmEntry {
  const type = reader.u32be(at + 4);
  const offset = reader.u32be(at + 8);
  const count = reader.u32be(at + 12);
  const size = sizes[type];
  if (size === undefined || offset > length || offset + size * count > length) {
    throw new Broken(
      at,
      'entry of an RPM header',
      'data inside the store',
      `type ${type}, ${count} at ${offset}`,
    );
  }
  return { tag: reader.u32be(at), type, at: storeAt + offset, count };
}

/** The text or the bytes of the first entry with this tag; null where there is none. */
export function valueOfTag(reader: Reader, header: RpmHeader, tag: number): Buffer | null {
  const entry = header.entries.find((one) => one.tag === tag);
  if (entry === undefined) return null;
  if (entry.type === BINARY)
    return Buffer.from(reader.copy(entry.at, Math.min(entry.count, 65_536), 'RPM tag'));
  const end = reader.indexOf('\0', entry.at, Math.min(header.end, entry.at + 4096));
  return end < 0 ? null : Buffer.from(reader.copy(entry.at, end - entry.at, 'RPM tag'));
}

/** A number of 32 bits; null where there is none. */
export function numberOf(reader: Reader, header: RpmHeader, tag: number): number | null {
  const entry = header.entries.find((one) => one.tag === tag);
  return entry === undefined || entry.type !== 4 || entry.count < 1 ? null : reader.u32be(entry.at);
}
