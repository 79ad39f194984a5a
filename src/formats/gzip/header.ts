import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';

/** Header of one member (RFC 1952 §2.3). */
export interface GzipHeader extends Range {
  readonly name: Range | null;
  readonly comment: Range | null;
  readonly extraField: Range | null;
  /** The parts of the extra field; none where it isn't made of parts, as some writers leave it. */
  readonly extra: readonly Subfield[];
  /** Where the CRC-16 of the header stands; it holds. */
  readonly sum: Range | null;
}

/** A part of the extra field, with its four bytes of id and length (RFC 1952 §2.3.1.1). */
export interface Subfield extends Range {
  readonly id: string;
}

const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;
/** Longer names are no names. */
const MOST_TEXT = 1 << 16;

const FIXED_LENGTH = 10;

/** @throws Broken, Truncated */
export function readHeader(reader: Reader, start: number): GzipHeader {
  reader.expect(start, '\x1f\x8b\x08', 'gzip magic');
  const flags = reader.u8(start + 3, 'gzip flags');
  if ((flags & RESERVED) !== 0) throw new Broken(start + 3, 'gzip flags', 'no reserved bits', flags);
  let at = start + FIXED_LENGTH;
  const extraField = (flags & FEXTRA) === 0 ? null : readExtraField(reader, at);
  at = extraField?.end ?? at;
  const name = (flags & FNAME) === 0 ? null : readText(reader, at, 'name');
  at = name?.end ?? at;
  const comment = (flags & FCOMMENT) === 0 ? null : readText(reader, at, 'comment');
  at = comment?.end ?? at;
  const sum = (flags & FHCRC) === 0 ? null : readSum(reader, start, at);
  return {
    start,
    end: sum?.end ?? at,
    name,
    comment,
    extraField,
    extra: subfieldsOf(reader, extraField),
    sum,
  };
}

/** The range includes the length before it. */
function readExtraField(reader: Reader, start: number): Range {
  const end = start + 2 + reader.u16le(start, 'gzip extra field');
  if (end > reader.size) throw new Truncated(reader.size, 'gzip extra field', end - reader.size);
  return { start, end };
}

function subfieldsOf(reader: Reader, field: Range | null): Subfield[] {
  const fields: Subfield[] = [];
  const end = field?.end ?? 0;
  let at = (field?.start ?? 0) + 2;
  while (at + 4 <= end) {
    const next = at + 4 + reader.u16le(at + 2);
    if (next > end) return [];
    fields.push({ id: reader.latin1(at, 2), start: at, end: next });
    at = next;
  }
  return at === end ? fields : [];
}

/** The range includes the zero byte at the end. */
function readText(reader: Reader, start: number, what: string): Range {
  const found = reader.indexOf('\0', start, Math.min(reader.size, start + MOST_TEXT));
  if (found < 0) throw new Broken(start, `gzip ${what}`, 'a zero byte at its end', 'none');
  return { start, end: found + 1 };
}

function readSum(reader: Reader, start: number, at: number): Range {
  let computed = 0;
  for (const part of reader.stream(start, at, 'gzip header')) computed = crc32(part, computed);
  const stored = reader.u16le(at, 'gzip header CRC');
  if (stored !== (computed & 0xffff)) throw new Broken(at, 'gzip header CRC', stored, computed & 0xffff);
  return { start: at, end: at + 2 };
}
