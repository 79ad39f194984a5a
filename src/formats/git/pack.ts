import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Reader as FreshReader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { deflate } from '../../checks/decoder.ts';
import { Keep } from '../../checks/unpack.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineMember } from '../member.ts';
import { verifyDelta } from './delta.ts';
import { verifyTrailer } from './trailer.ts';

const HEADER = 12;
const BLOB = 3;
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;
/** Deltas longer than this are proved by their Adler-32 alone. */
const MOST_DELTA = 1 << 20;

export const gitPack: Format = {
  id: 'git-pack',
  title: 'Git pack',
  extensions: [],
  signatures: [
    { at: 0, hex: '5041434b00000002' },
    { at: 0, hex: '5041434b00000003' },
  ],
  spec: 'git documentation: gitformat-pack',
  proof: 'SHA-1 of the pack, Adler-32 of each object; whole blobs are examined',
  texture: 'packed',
  verify: (reader, ledger, context) => verifyPack(reader, ledger, context, 0),
};

/** A pack that begins at `start` and reaches to the end of the file. */
export function verifyPack(reader: Reader, ledger: Ledger, context: Context, start: number): void {
  const count = reader.u32be(start + 8, 'number of objects');
  ledger.account(start, start + HEADER, 'structure', 'header of a pack', 8);
  let at = start + HEADER;
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const end = verifyEntry({ reader, ledger, context, start }, at);
    ledger.account(at, end, 'checksum', 'Adler-32 of the objects', 4);
    at = end;
  }
  const length = reader.size - at;
  if (length < 20) throw new Truncated(reader.size, 'digest of the pack', 20 - length);
  const digest = verifyTrailer(reader, start, reader.size);
  if (digest !== length)
    throw new Broken(at, 'objects of the pack', `end ${digest} bytes before its end`, length);
  ledger.account(start, reader.size, 'checksum', 'digest of the pack');
}

interface Pack {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
  readonly start: number;
}

/** Gives where the entry ends. */
function verifyEntry(pack: Pack, at: number): number {
  const { reader } = pack;
  const { type, size, end } = readEntryHeader(reader, at);
  if (type === 0 || type === 5) throw new Broken(at, 'type of an object', '1–4, 6 or 7', type);
  const packedAt =
    type === OFFSET_DELTA ? passBaseOffset(reader, pack.start, at, end) : end + baseLength(type);
  const keep = new Keep();
  const { consumed, produced } = inflateZlib(reader, packedAt, reader.size, (piece) => {
    keep.add(piece);
  });
  if (produced !== size) throw new Broken(at, 'size of an object', size, produced);
  const packedEnd = packedAt + consumed;
  const bytes = keep.bytes();
  if (type >= OFFSET_DELTA) {
    if (bytes !== null && bytes.length <= MOST_DELTA) verifyDelta(bytes, at);
  } else if (type === BLOB) {
    const source =
      bytes !== null
        ? new BufferSource(bytes)
        : deflate.reopen(new FreshReader(reader.source, reader.meter), packedAt + 2, packedEnd - 4, produced);
    examineMember(pack.context, pack.ledger, '', source, { start: packedAt, end: packedEnd });
  }
  return packedEnd;
}

/** Deltas that name their base do it by 20 bytes; packs of SHA-256 have none of them on disk. */
function baseLength(type: number): number {
  return type === REFERENCE_DELTA ? 20 : 0;
}

/** Three bits of type, and the size in groups of 4, 7, 7… bits, lowest first. */
function readEntryHeader(reader: Reader, at: number): { type: number; size: number; end: number } {
  let byte = reader.u8(at, 'header of an object');
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  let scale = 16;
  let end = at + 1;
  while ((byte & 0x80) !== 0) {
    byte = reader.u8(end++, 'header of an object');
    size += (byte & 0x7f) * scale;
    scale *= 128;
    if (scale > 2 ** 53) throw new Broken(at, 'size of an object', 'less than 2^53', 'more');
  }
  return { type, size, end };
}

function passBaseOffset(reader: Reader, start: number, entryAt: number, at: number): number {
  let byte = reader.u8(at++, 'offset of a base');
  let offset = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = reader.u8(at++, 'offset of a base');
    offset = (offset + 1) * 128 + (byte & 0x7f);
    if (offset > entryAt) break;
  }
  if (offset === 0 || entryAt - offset < start + HEADER) {
    throw new Broken(at, 'offset of a base', 'inside the pack', entryAt - offset);
  }
  return at;
}
