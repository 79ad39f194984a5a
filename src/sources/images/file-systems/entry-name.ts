import { fromBytes, type Path } from '../../folders/path.ts';

/** Printable ASCII without `/` and backslash that doesn't begin with a dot: the name as it stands. */
const PLAIN = /^[\x20-\x2d0-\x5b\x5d-\x7e][\x20-\x2e0-\x5b\x5d-\x7e]*$/;
const SLASH = '\udc2f';
const DOT = '\udc2e';

/**
 * One name of a directory as a segment of a path, with all of its bytes. A hostile image, and a directory whose names
 * are encrypted, may hold names with `/`, and names `.` and `..` that mean nothing: these are written as escaped bytes,
 * so that a path has the segments that the file system has.
 * @param start where the name begins and ends in the bytes given
 */
export function toSegment(name: Buffer, start = 0, end = name.length): Path {
  const text = name.toString('latin1', start, end);
  if (PLAIN.test(text)) return text as Path;
  const path = fromBytes(name.subarray(start, end));
  if (path === '.' || path === '..') return path.replace('.', DOT) as Path;
  return path.replaceAll('/', SLASH) as Path;
}

/** A name in UTF-16. Halves of pairs, which aren't text, keep their bytes in the way of UTF-8. */
export function toSegmentFromUtf16(units: Uint16Array): Path {
  const bytes = Buffer.alloc(units.length * 2);
  for (let i = 0; i < units.length; i++) bytes.writeUInt16LE(units[i]!, 2 * i);
  return toSegmentFromUtf16Bytes(bytes);
}

/** The same, from bytes of which the low one of each pair comes first. */
export function toSegmentFromUtf16Bytes(name: Buffer): Path {
  const text = name.toString('utf16le');
  if (PLAIN.test(text)) return text as Path;
  const bytes: number[] = [];
  for (let i = 0; i + 1 < name.length; i += 2) {
    const unit = name.readUInt16LE(i);
    const next = i + 3 < name.length ? name.readUInt16LE(i + 2) : 0;
    const paired = isHigh(unit) && next >= 0xdc00 && next < 0xe000;
    const code = paired ? 0x10000 + ((unit - 0xd800) << 10) + next - 0xdc00 : unit;
    if (paired) i += 2;
    pushUtf8(bytes, code);
  }
  return toSegment(Buffer.from(bytes));
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function pushUtf8(bytes: number[], code: number): void {
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  else
    bytes.push(
      0xf0 | (code >> 18),
      0x80 | ((code >> 12) & 63),
      0x80 | ((code >> 6) & 63),
      0x80 | (code & 63),
    );
}
