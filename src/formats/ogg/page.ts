import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32Forward } from './crc.ts';

/** One page (RFC 3533 section 6). */
export interface Page {
  readonly start: number;
  readonly body: number;
  readonly end: number;
  readonly isContinued: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly serial: number;
  readonly sequence: number;
}

const HEADER = 27;
/** Header, lacing values, and 255 segments of 255 bytes. */
export const LARGEST_PAGE = HEADER + 255 + 255 * 255;

/** Reads the page at `at` and compares its CRC-32. @throws Broken, Truncated */
export function readPage(reader: Reader, at: number): Page {
  reader.expect(at, 'OggS', 'capture pattern');
  const header = reader.bytes(at, HEADER, 'page header');
  const [version, flags, segments] = [header[4]!, header[5]!, header[26]!];
  if (version !== 0 || flags > 7)
    throw new Broken(at + 4, 'page version and type', '0, 0–7', `${version}, ${flags}`);
  const body = at + HEADER + segments;
  const lacing = reader.bytes(at + HEADER, segments, 'segment table');
  let end = body;
  for (const length of lacing) end += length;
  if (end > reader.size) throw new Truncated(reader.size, 'Ogg page', end - reader.size);
  const bytes = reader.bytes(at, end - at, 'Ogg page');
  const stored = readSum(bytes);
  const sum = sumOf(bytes);
  if (stored !== sum) throw new Broken(at + 22, 'CRC-32 of an Ogg page', stored, sum);
  return {
    start: at,
    body,
    end,
    isContinued: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    serial: reader.u32le(at + 14),
    sequence: reader.u32le(at + 18),
  };
}

function readSum(bytes: Uint8Array): number {
  return (bytes[22]! | (bytes[23]! << 8) | (bytes[24]! << 16) | (bytes[25]! << 24)) >>> 0;
}

const zeros = new Uint8Array(4);

/** The sum counts its own field as zeros. */
function sumOf(bytes: Uint8Array): number {
  const head = crc32Forward(bytes, 0, 22);
  return crc32Forward(bytes, 26, bytes.length, crc32Forward(zeros, 0, 4, head));
}
