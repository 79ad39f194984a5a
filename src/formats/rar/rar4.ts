import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { accountTail } from '../tail.ts';
import { accountContent, type RarCipher, type RarContent, type RarPlace } from './content.ts';
import { RarFiles } from './unpack.ts';

const MAIN = 0x73;
const FILE = 0x74;
const SERVICE = 0x7a;
const END = 0x7b;
const FIRST_TYPE = 0x72;
/** Flags of every header. */
const HAS_DATA = 0x8000;
/** Flags of the main header. */
const MAIN_COMMENT = 0x02;
const ENCRYPTED_HEADERS = 0x80;
/** Flags of a file. */
const IS_PART = 0x03;
const ENCRYPTED = 0x04;
const FILE_COMMENT = 0x08;
const IS_SOLID = 0x10;
const IS_LARGE = 0x100;
const STORED = 0x30;

/** One header (RAR 4 technote, Block format). */
interface Block extends Range {
  readonly type: number;
  readonly flags: number;
  /** Bytes of data behind the header. */
  readonly dataSize: number;
}

/** Walks an archive of versions 1.5 to 4 from header to header. */
export function verifyRar4(reader: Reader, ledger: Ledger, context: Context): void {
  reader.expect(0, 'Rar!\x1a\x07\0', 'RAR signature');
  ledger.account(0, 7, 'structure', 'RAR signature');
  const place = { reader, ledger, context, files: new RarFiles() };
  for (let at = 7; at < reader.size; ) {
    reader.meter.step();
    const block = readBlock(reader, ledger, at);
    at = block.end + block.dataSize;
    if (block.type === MAIN && (block.flags & ENCRYPTED_HEADERS) !== 0) {
      ledger.protect(
        block.end,
        reader.size,
        'RAR 3 archive with encrypted headers',
        'AES-128, SHA-1 with 2^18 rounds',
      );
      return;
    }
    accountData(place, block);
    if (block.type === END) {
      accountTail(reader, ledger, at);
      return;
    }
  }
  ledger.oddity(reader.size, 'no end header');
}

function readBlock(reader: Reader, ledger: Ledger, start: number): Block {
  const type = reader.u8(start + 2, 'type of a RAR header');
  const flags = reader.u16le(start + 3, 'flags of a RAR header');
  const size = reader.u16le(start + 5, 'size of a RAR header');
  if (type < FIRST_TYPE || type > END)
    throw new Broken(start + 2, 'type of a RAR header', '0x72 to 0x7b', type);
  const isFile = type === FILE || type === SERVICE;
  const least = isFile ? 32 : 7;
  if (size < least) throw new Broken(start + 5, 'size of a RAR header', `at least ${least}`, size);
  const block = { start, end: start + size, type, flags };
  reader.bytes(start, size, 'RAR header');
  accountHeader(reader, ledger, block);
  const hasData = isFile || (flags & HAS_DATA) !== 0;
  let dataSize = hasData ? reader.u32le(start + 7, 'size of the data') : 0;
  if (isFile && (flags & IS_LARGE) !== 0) dataSize += reader.u32le(start + 32, 'size of the data') * 2 ** 32;
  return { ...block, dataSize };
}

/** Sixteen bits of a CRC-32 say no for certain; a run that goes on to the next header meets another sixteen. */
function accountHeader(reader: Reader, ledger: Ledger, block: Omit<Block, 'dataSize'>): void {
  const { start } = block;
  const end = endOfSummed(reader, block);
  const stored = reader.u16le(start);
  const computed = crc32(reader.bytes(start + 2, end - start - 2)) & 0xffff;
  if (stored === computed) ledger.account(start, end, 'checksum', 'CRC-16 of a header', 2 * (end - start));
  else ledger.broken(new Broken(start, 'CRC of a RAR header', stored, computed), block.end);
  if (end < block.end) accountComment(reader, ledger, { start: end, end: block.end });
}

/** Comments of RAR 2 stand inside the header they belong to, behind what its CRC covers. */
function endOfSummed(reader: Reader, { start, end, type, flags }: Omit<Block, 'dataSize'>): number {
  if (type === MAIN && (flags & MAIN_COMMENT) !== 0) return Math.min(end, start + 13);
  if (type !== FILE || (flags & FILE_COMMENT) === 0) return end;
  const large = (flags & IS_LARGE) === 0 ? 0 : 8;
  return Math.min(end, start + 32 + large + reader.u16le(start + 26));
}

/** A header of its own: size, version, method and CRC-16 of the comment, then the comment, packed mostly. */
function accountComment(reader: Reader, ledger: Ledger, { start, end }: Range): void {
  if (end - start < 13) return;
  const computed = crc32(reader.bytes(start + 2, 11)) & 0xffff;
  if (reader.u16le(start) === computed)
    ledger.account(start, start + 13, 'checksum', 'CRC-16 of a comment’s header', 26);
  ledger.coded(start + 13, end, 'comment');
}

function accountData(place: RarPlace, block: Block): void {
  const { reader, ledger } = place;
  const { type, end, dataSize } = block;
  if (type === FILE || type === SERVICE) accountContent(place, readContent(reader, block));
  else if (dataSize > 0) {
    const dataEnd = Math.min(end + dataSize, reader.size);
    ledger.coded(end, dataEnd, 'data of a service block');
    ledger.unexamined(end, dataEnd, 'service block of an old version');
  }
}

function readContent(reader: Reader, { start, end, flags, dataSize, type }: Block): RarContent {
  const version = reader.u8(start + 24);
  const nameAt = start + 32 + ((flags & IS_LARGE) === 0 ? 0 : 8);
  const nameLength = Math.min(reader.u16le(start + 26), Math.max(0, end - nameAt));
  return {
    start: end,
    end: end + dataSize,
    name: nameIn(reader.copy(nameAt, nameLength, 'name of a file')),
    isStored: reader.u8(start + 25) === STORED,
    method: {
      version: version === 29 || version === 36 ? 3 : null,
      dictionary: 2 ** (16 + Math.min(6, (flags >> 5) & 7)),
      isSolid: type === FILE && (flags & IS_SOLID) !== 0,
    },
    size: sizeOf(reader, start, flags),
    isPart: (flags & IS_PART) !== 0,
    cipher: (flags & ENCRYPTED) === 0 ? null : cipherOf(version),
    sum: type === FILE || type === SERVICE ? reader.u32le(start + 16) : null,
  };
}

function sizeOf(reader: Reader, start: number, flags: number): number {
  const high = (flags & IS_LARGE) === 0 ? 0 : reader.u32le(start + 36, 'size of a file');
  return reader.u32le(start + 11) + high * 2 ** 32;
}

/** Unicode names follow the plain one behind a zero byte, packed. */
function nameIn(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return Buffer.from(zero < 0 ? bytes : bytes.subarray(0, zero))
    .toString('utf8')
    .replaceAll('\\', '/');
}

function cipherOf(version: number): RarCipher {
  if (version >= 29) return { scheme: 'RAR 3 encrypted file', strength: 'AES-128, SHA-1 with 2^18 rounds' };
  if (version >= 20) return { scheme: 'RAR 2 encrypted file', strength: 'cipher of RAR 2.0, 128 bits' };
  return { scheme: 'RAR 1.5 encrypted file', strength: 'cipher of RAR 1.5, weak' };
}
