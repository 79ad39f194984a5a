import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { crc32 } from '../checks/crc32.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { accountSummed } from './summed-content.ts';
import { accountTail } from './tail.ts';

const MAGIC = '**ACE**';
const MAIN = 0;
const FILE = 1;
const HAS_DATA = 1;
const CONTINUES = 0x3000;
const SEALED = 0x4000;
const STORED = 0;
/** A checksum of 16 bits lets random bytes pass once in 65,536 times: fields that contradict each other do the rest. */
const HEADER_SLACK = 4;

export const ace: Format = {
  id: 'ace',
  title: 'ACE archive',
  extensions: ['ace'],
  signatures: [{ at: 7, hex: '2a2a4143452a2a' }],
  spec: 'ACE archive format, technical information of WinACE 2.0; acefile 0.6.12',
  proof: '16 bits of a CRC-32 of headers, CRC-32 of stored files; packed ones stay unproved',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    reader.expect(7, MAGIC, 'ACE magic');
    let at = 0;
    do {
      reader.meter.step();
      const header = readHeader(reader, at);
      ledger.account(at, header.end, 'checksum', 'header', header.end - at + HEADER_SLACK);
      if (header.type === FILE) accountFile(reader, ledger, context, header);
      else if (header.type !== MAIN) ledger.coded(header.end, header.next, 'recovery record');
      at = header.next;
    } while (isHeader(reader, at));
    accountTail(reader, ledger, at);
  },
};

interface AceHeader {
  readonly start: number;
  readonly end: number;
  /** Behind its data. */
  readonly next: number;
  readonly type: number;
  readonly flags: number;
}

function isHeader(reader: Reader, at: number): boolean {
  return at + 7 <= reader.size && reader.u16le(at + 2) >= 3 && reader.u8(at + 4) <= 5;
}

/** CRC of type, flags and all that follows; its last inversion is left out. */
function readHeader(reader: Reader, start: number): AceHeader {
  const size = reader.u16le(start + 2, 'size of a header');
  const end = start + 4 + size;
  const stored = reader.u16le(start);
  const computed = ~crc32(reader.bytes(start + 4, size, 'header')) & 0xffff;
  if (computed !== stored) throw new Broken(start, 'CRC of a header', stored, computed);
  const type = reader.u8(start + 4);
  const flags = reader.u16le(start + 5);
  const data = (flags & HAS_DATA) !== 0 ? reader.u32le(start + 7) : 0;
  if (end + data > reader.size) throw new Truncated(reader.size, 'data', end + data - reader.size);
  return { start, end, next: end + data, type, flags };
}

function accountFile(reader: Reader, ledger: Ledger, context: Context, header: AceHeader): void {
  const { start, end, next, flags } = header;
  const nameLength = reader.u16le(start + 33, 'length of a name');
  if (start + 35 + nameLength > end)
    throw new Broken(start + 33, 'length of a name', `at most ${end - start - 35}`, nameLength);
  const name = reader.latin1(start + 35, nameLength).replaceAll('\\', '/');
  const size = reader.u32le(start + 11, 'size of a file');
  if (next === end) return;
  if ((flags & SEALED) !== 0) ledger.protect(end, next, 'ACE archive with a password', 'Blowfish');
  else if ((flags & CONTINUES) !== 0) leave(ledger, header, `${name} goes on in another volume`);
  else if (reader.u8(start + 27) !== STORED) leave(ledger, header, `${name} is packed by LZ77`);
  else {
    const stored = ~reader.u32le(start + 23) >>> 0;
    const sum = { title: 'CRC-32', floor: 1, add: crc32 };
    accountSummed(reader, ledger, context, { start: end, end: next, name, size, stored, sum, decoder: null });
  }
}

function leave(ledger: Ledger, { end, next }: AceHeader, why: string): void {
  ledger.unexamined(end, next, why);
  ledger.coded(end, next, 'packed file');
}
