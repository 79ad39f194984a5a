import { Broken } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import type { Reader } from '../../bytes/reader.ts';

/** One element (RFC 8794 section 6). */
export interface Element {
  readonly id: number;
  readonly start: number;
  readonly body: number;
  /** Infinity where a live writer didn't know. */
  readonly end: number;
}

/** Reads the element at `at`. @throws Broken, Truncated */
export function readElement(reader: Reader, at: number, limit: number): Element {
  const first = reader.u8(at, 'element');
  const idLength = Math.clz32(first) - 23;
  if (idLength > 4) throw new Broken(at, 'element identifier', 'at most 4 bytes', first);
  let id = 0;
  for (let i = 0; i < idLength; i++) id = id * 256 + reader.u8(at + i, 'element identifier');
  const size = readVariable(reader, at + idLength);
  const body = at + idLength + size.length;
  if (body > limit) throw overrun(reader, limit, 'element header', body - limit);
  return { id, start: at, body, end: size.value < 0 ? Number.POSITIVE_INFINITY : body + size.value };
}

/** A number of 1 to 8 bytes behind its length marker; −1 where all bits are ones. @throws Broken */
export function readVariable(reader: Reader, at: number): { value: number; length: number } {
  const first = reader.u8(at, 'element size');
  const length = Math.clz32(first) - 23;
  if (length > 8) throw new Broken(at, 'element size', 'at most 8 bytes', first);
  let value = first & (0xff >> length);
  let isUnknown = value === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const byte = reader.u8(at + i, 'element size');
    isUnknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return { value: isUnknown ? -1 : value, length };
}
