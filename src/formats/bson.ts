import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';

/** Bytes of values of fixed length, by type (bsonspec.org, version 1.1). */
const fixed: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};
const STRINGS = new Set([2, 13, 14]);
const DOCUMENTS = new Set([3, 4]);
const BINARY = 5;
const REGEX = 11;
const REFERENCE = 12;
const SCOPED_CODE = 15;
const MOST_DOCUMENT = 64 << 20;
const MOST_NAME = 1024;

export const bson: Format = {
  id: 'bson',
  title: 'BSON documents',
  extensions: ['bson'],
  signatures: [],
  spec: 'BSON specification, version 1.1',
  proof:
    'documents and their elements follow each other by their lengths, each with type and name; values stay raw',
  texture: 'plain',
  recognise(head: Uint8Array, size: number): boolean {
    if (head.length < 5) return false;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
    if (length < 7 || length > size || length > MOST_DOCUMENT) return false;
    const type = head[4]!;
    const isType = fixed[type] !== undefined || STRINGS.has(type) || DOCUMENTS.has(type) || type === BINARY;
    const name = head.subarray(5, head.indexOf(0, 5));
    return (
      isType &&
      head.indexOf(0, 5) > 5 &&
      name.length < 128 &&
      name.every((byte) => byte >= 0x20 && byte < 0x7f)
    );
  },
  verify(reader: Reader, ledger: Ledger): void {
    for (let at = 0; at < reader.size; ) {
      const end = at + readLength(reader, at, reader.size);
      walkDocument(reader, at, end);
      ledger.raw(at, end, 'documents');
      ledger.account(at, at + 4, 'structure', 'lengths of documents', 4);
      ledger.account(end - 1, end, 'structure', 'ends of documents', 1);
      at = end;
    }
  },
};

function readLength(reader: Reader, at: number, end: number): number {
  const length = reader.u32le(at, 'document');
  if (length < 5 || length > MOST_DOCUMENT)
    throw new Broken(at, 'length of a document', `5 to ${MOST_DOCUMENT}`, length);
  if (at + length <= end) return length;
  if (end === reader.size) throw new Truncated(end, 'document', at + length - end);
  throw new Broken(at, 'length of a document', `up to ${end - at}`, length);
}

/** Walks elements without recursion: `open` has the ends of the documents around. @throws Broken */
function walkDocument(reader: Reader, start: number, end: number): void {
  const open = [end];
  for (let at = start + 4; open.length > 0; ) {
    reader.meter.step();
    const limit = open.at(-1)!;
    const type = reader.u8(at, 'element');
    if (type === 0) {
      if (at + 1 !== limit) throw new Broken(at, 'end of a document', limit - 1, at);
      open.pop();
      at++;
      continue;
    }
    const valueAt = skipName(reader, at + 1, limit);
    if (DOCUMENTS.has(type)) {
      open.push(valueAt + readLength(reader, valueAt, limit - 1));
      at = valueAt + 4;
    } else at = skipValue(reader, type, valueAt, limit);
    if (at >= limit) throw new Broken(at, 'element', `an end before ${limit}`, at);
  }
}

function skipName(reader: Reader, at: number, limit: number): number {
  const end = reader.indexOf('\0', at, Math.min(limit, at + MOST_NAME));
  if (end < 0) throw new Broken(at, 'name of an element', 'one that ends', 'none');
  return end + 1;
}

function skipValue(reader: Reader, type: number, at: number, limit: number): number {
  const size = fixed[type];
  if (size !== undefined) return at + size;
  if (STRINGS.has(type)) return skipString(reader, at, limit);
  if (type === BINARY) return at + 5 + reader.u32le(at, 'binary value');
  if (type === REGEX) return skipName(reader, skipName(reader, at, limit), limit);
  if (type === REFERENCE) return skipString(reader, at, limit) + 12;
  if (type === SCOPED_CODE) return at + readLength(reader, at, limit);
  throw new Broken(at, 'type of an element', 'one that is known', type);
}

function skipString(reader: Reader, at: number, limit: number): number {
  const end = at + 4 + reader.u32le(at, 'string');
  if (end > limit || end < at + 5 || reader.u8(end - 1) !== 0)
    throw new Broken(at, 'string', 'a zero at its end', 'none');
  return end;
}
