import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { accountTail } from '../tail.ts';
import { accountContent, type RarCipher, type RarContent } from './content.ts';
import { RarFiles, type RarMethod } from './unpack.ts';

const FILE = 2;
const SERVICE = 3;
const ENCRYPTION = 4;
const END = 5;
/** Flags of every header. */
const HAS_EXTRA = 1;
const HAS_DATA = 2;
const IS_PART = 0x18;
/** Flags of a file. */
const HAS_TIME = 2;
const HAS_SUM = 4;
/** Records of a file's extra area. */
const FILE_ENCRYPTION = 1;
/** Technical note: a header is at most 2 MiB; the extra area of honest ones is far smaller. */
const MOST_HEADER = 1 << 20;

/** One header (RAR 5.0 technical note, General archive block format). */
interface Block extends Range {
  readonly type: number;
  readonly flags: number;
  /** Where the fields of its type begin, and the extra area. */
  readonly fieldsAt: number;
  readonly extraAt: number;
  /** Bytes of data behind the header. */
  readonly dataSize: number;
}

/** Walks an archive of version 5 from header to header. */
export function verifyRar5(reader: Reader, ledger: Ledger, context: Context): void {
  reader.expect(0, 'Rar!\x1a\x07\x01\0', 'RAR 5 signature');
  ledger.account(0, 8, 'structure', 'RAR 5 signature');
  const place = { reader, ledger, context, files: new RarFiles() };
  for (let at = 8; at < reader.size; ) {
    reader.meter.step();
    const block = readBlock(reader, ledger, at);
    at = block.end + block.dataSize;
    if (block.type === ENCRYPTION) {
      const { scheme, strength } = readCipher(reader, block.fieldsAt, 'RAR 5 archive with encrypted headers');
      ledger.protect(block.end, reader.size, scheme, strength);
      return;
    }
    if (block.type === FILE || block.type === SERVICE) {
      const content = readContent(reader, block);
      if (isQuickOpen(block, content)) accountQuickOpen(reader, ledger, content);
      else accountContent(place, content);
    }
    if (block.type === END) {
      accountTail(reader, ledger, at);
      return;
    }
  }
  ledger.oddity(reader.size, 'no end header');
}

/** Where the CRC-32 is wrong, the lengths may still lead to the next header. */
function readBlock(reader: Reader, ledger: Ledger, start: number): Block {
  const cursor = new Vints(reader, start + 4);
  const size = cursor.next('size of a RAR header');
  const bodyAt = cursor.at;
  const end = bodyAt + size;
  if (size < 2 || size > MOST_HEADER)
    throw new Broken(start + 4, 'size of a RAR header', `at most ${MOST_HEADER}`, size);
  const body = reader.bytes(start + 4, end - start - 4, 'RAR header');
  const computed = crc32(body);
  const stored = reader.u32le(start);
  const type = cursor.next('type of a RAR header');
  const flags = cursor.next('flags of a RAR header');
  const extra = (flags & HAS_EXTRA) === 0 ? 0 : cursor.next('size of the extra area');
  const dataSize = (flags & HAS_DATA) === 0 ? 0 : cursor.next('size of the data');
  if (computed === stored) ledger.account(start, end, 'checksum', 'CRC-32 of a header');
  else ledger.broken(new Broken(start, 'CRC-32 of a RAR header', stored, computed), end);
  if (cursor.at + extra > end) throw new Broken(start, 'size of the extra area', end - cursor.at, extra);
  return { start, end, type, flags, fieldsAt: cursor.at, extraAt: end - extra, dataSize };
}

function readContent(reader: Reader, block: Block): RarContent {
  const cursor = new Vints(reader, block.fieldsAt);
  const flags = cursor.next('flags of a file');
  const size = cursor.next('size of a file');
  cursor.next('attributes of a file');
  if ((flags & HAS_TIME) !== 0) cursor.at += 4;
  const sum = (flags & HAS_SUM) === 0 ? null : reader.u32le(cursor.at, 'CRC-32 of a file');
  if (sum !== null) cursor.at += 4;
  const compression = cursor.next('compression of a file');
  cursor.next('host system');
  const length = cursor.next('length of a name');
  if (cursor.at + length > block.extraAt)
    throw new Broken(cursor.at, 'name of a file', block.extraAt - cursor.at, length);
  const name = reader.copy(cursor.at, length, 'name of a file');
  return {
    start: block.end,
    end: block.end + block.dataSize,
    name: Buffer.from(name).toString('utf8'),
    isStored: ((compression >> 7) & 7) === 0,
    method: methodOf(compression, size),
    size,
    isPart: (block.flags & IS_PART) !== 0,
    cipher: findCipher(reader, block),
    sum,
  };
}

/** Version, whether it's solid, method, and the size of the dictionary (File header, Compression information). */
function methodOf(compression: number, size: number): RarMethod {
  const isSolid = (compression & 0x40) !== 0;
  const dictionary = 2 ** (17 + ((compression >> 10) & 15));
  // A file alone needs no more than its own bytes.
  const needed = isSolid ? dictionary : Math.min(dictionary, 2 ** Math.ceil(Math.log2(Math.max(size, 2))));
  return { version: (compression & 0x3f) === 0 ? 5 : null, dictionary: needed, isSolid };
}

function isQuickOpen({ type }: Block, { name, isStored, isPart, cipher }: RarContent): boolean {
  return type === SERVICE && name === 'QO' && isStored && !isPart && cipher === null;
}

/** Copies of headers, each under a CRC-32 of its own (Service headers, Quick open header). */
function accountQuickOpen(reader: Reader, ledger: Ledger, { start, end }: Range): void {
  for (let at = start; at < end; ) {
    reader.meter.step();
    const cursor = new Vints(reader, at + 4);
    const size = cursor.next('size of a copy');
    const next = cursor.at + size;
    if (size > MOST_HEADER || next > end)
      throw new Broken(at + 4, 'size of a copy', `at most ${end - at}`, size);
    const computed = crc32(reader.bytes(at + 4, next - at - 4, 'copy of a header'));
    const stored = reader.u32le(at);
    if (computed === stored) ledger.account(at, next, 'checksum', 'CRC-32 of a copy of a header');
    else ledger.broken(new Broken(at, 'CRC-32 of a copy of a header', stored, computed), next);
    at = next;
  }
}

function findCipher(reader: Reader, { extraAt, end }: Block): RarCipher | null {
  for (let at = extraAt; at < end; ) {
    reader.meter.step();
    const cursor = new Vints(reader, at);
    const size = cursor.next('size of a record');
    const next = cursor.at + size;
    if (size === 0 || next > end) return null;
    if (cursor.next('type of a record') === FILE_ENCRYPTION)
      return readCipher(reader, cursor.at, 'RAR 5 encrypted file');
    at = next;
  }
  return null;
}

/** Version and flags, then the binary logarithm of the rounds (Archive encryption header, File encryption record). */
function readCipher(reader: Reader, at: number, what: string): Required<RarCipher> {
  const cursor = new Vints(reader, at);
  const version = cursor.next('version of the cipher');
  cursor.next('flags of the cipher');
  const rounds = reader.u8(cursor.at, 'rounds of the key derivation');
  const cipher = version === 0 ? 'AES-256' : `version ${version}`;
  return { scheme: `${what}`, strength: `${cipher}, PBKDF2-HMAC-SHA256 with 2^${rounds} rounds` };
}

/** Reads numbers of seven bits a byte, the lowest first. */
class Vints {
  at: number;
  readonly #reader: Reader;

  constructor(reader: Reader, at: number) {
    this.#reader = reader;
    this.at = at;
  }

  /** @throws Broken when it is 2^53 or more, or longer than ten bytes */
  next(what: string): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#reader.u8(this.at++, what);
      value += (byte & 0x7f) * unit;
      unit *= 128;
      if (byte < 0x80 && Number.isSafeInteger(value)) return value;
    }
    throw new Broken(this.at, what, 'less than 2^53', value);
  }
}
