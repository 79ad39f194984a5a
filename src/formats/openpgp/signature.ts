import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Fields } from '../fields.ts';
import { hashes, signatureParts, skipParts } from './algorithms.ts';
import type { Packet } from './packet.ts';

/** RFC 9580 §5.2.1. */
const types = new Set([
  0x00, 0x01, 0x02, 0x10, 0x11, 0x12, 0x13, 0x16, 0x18, 0x19, 0x1f, 0x20, 0x28, 0x30, 0x40, 0x50, 0xff,
]);

/** Accounts for a signature; its number may be anything, whose key is not at hand. */
export function accountSignature(reader: Reader, ledger: Ledger, { body }: Packet): void {
  const { start, end } = body[0]!;
  const fields = new Fields(reader, start, end);
  const version = fields.u8('version of a signature');
  const read = version <= 3 ? readOld : readNew;
  if (version < 2 || version > 6) throw new Broken(start, 'version of a signature', '2 to 6', version);
  const parts = read(fields, version);
  skipParts(fields, parts, 'signature');
  fields.finish('signature');
  ledger.account(start, end, 'structure', 'signature amid lengths', fields.longestOpaque + 8);
}

/** §5.2.2. */
function readOld(fields: Fields): readonly ('mpi' | 'sized' | number)[] {
  const hashed = fields.u8('length of hashed fields');
  if (hashed !== 5) throw new Broken(fields.at - 1, 'length of hashed fields', 5, hashed);
  readType(fields);
  fields.skip(4, 'time');
  fields.skip(8, 'key id');
  const parts = fields.oneOf(signatureParts, fields.u8('algorithm'), 'algorithm of a signature');
  fields.oneOf(hashes, fields.u8('hash'), 'hash of a signature');
  fields.u16be('begin of the hash');
  return parts;
}

/** §5.2.3. */
function readNew(fields: Fields, version: number): readonly ('mpi' | 'sized' | number)[] {
  readType(fields);
  const parts = fields.oneOf(signatureParts, fields.u8('algorithm'), 'algorithm of a signature');
  fields.oneOf(hashes, fields.u8('hash'), 'hash of a signature');
  walkSubpackets(fields, version);
  walkSubpackets(fields, version);
  fields.u16be('begin of the hash');
  if (version === 6) fields.skip(fields.u8('length of a salt'), 'salt');
  return parts;
}

function readType(fields: Fields): void {
  const type = fields.u8('type of a signature');
  if (!types.has(type)) throw new Broken(fields.at - 1, 'type of a signature', 'a known one', type);
}

/** §5.2.3.7: lengths and types tile the area. */
function walkSubpackets(fields: Fields, version: number): void {
  const length = version === 6 ? fields.u32be('length of subpackets') : fields.u16be('length of subpackets');
  const end = fields.at + length;
  if (end > fields.end) throw new Broken(fields.at, 'length of subpackets', `at most ${fields.left}`, length);
  while (fields.at < end) {
    fields.reader.meter.step();
    const size = readLength(fields);
    const type = fields.u8('type of a subpacket') & 0x7f;
    // §5.2.3.7: up to 39 are defined or were; 100 to 110 are private.
    if (size < 1 || type > 110 || (type > 42 && type < 100))
      throw new Broken(fields.at - 1, 'type of a subpacket', 'a known one', type);
    fields.skip(size - 1, 'subpacket');
  }
  if (fields.at !== end) throw new Broken(fields.at, 'end of subpackets', end, fields.at);
}

function readLength(fields: Fields): number {
  const first = fields.u8('length of a subpacket');
  if (first < 192) return first;
  if (first < 255) return ((first - 192) << 8) + fields.u8('length of a subpacket') + 192;
  return fields.u32be('length of a subpacket');
}
