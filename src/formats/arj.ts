import { Broken } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { crc32 } from '../checks/crc32.ts';
import type { Decoder } from '../checks/decoder.ts';
import { lzh } from '../checks/lzh.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { accountSummed } from './summed-content.ts';
import { accountTail } from './tail.ts';

export const arj: Format = {
  id: 'arj',
  title: 'ARJ archive',
  extensions: ['arj'],
  signatures: [{ at: 0, hex: '60ea000000000000000002', mask: 'ffff00ff000000000000ff' }],
  spec: 'ARJ technical information (TECHNOTE), Archive structure',
  proof: 'CRC-32 of headers and of unpacked files (methods 0 to 3)',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    let at = readHeader(reader, ledger, 0)?.end ?? null;
    while (at !== null) {
      reader.meter.step();
      const header: ArjHeader | null = readHeader(reader, ledger, at);
      if (header === null) {
        accountTail(reader, ledger, at + 4);
        return;
      }
      accountContent(reader, ledger, context, header);
      at = header.end + header.packedSize;
    }
  },
};

/** The range is that of the header; the file's data follow. */
interface ArjHeader extends Range {
  readonly flags: number;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  readonly sum: number;
  readonly name: string;
}

const MOST_HEADER = 2600;
const GARBLED = 1;
const CONTINUES = 4 | 8;

/** Null at the end, a header without length. @throws Broken, Truncated */
function readHeader(reader: Reader, ledger: Ledger, start: number): ArjHeader | null {
  reader.expect(start, [0x60, 0xea], 'ARJ header');
  const length = reader.u16le(start + 2, 'length of an ARJ header');
  if (length === 0) {
    ledger.account(start, start + 4, 'structure', 'end of the archive');
    return null;
  }
  if (length > MOST_HEADER || length < 30)
    throw new Broken(start + 2, 'length of an ARJ header', '30 to 2600', length);
  const basic = start + 4;
  const computed = crc32(reader.bytes(basic, length, 'ARJ header'));
  const stored = reader.u32le(basic + length, 'CRC-32 of an ARJ header');
  const end = endOfExtended(reader, basic + length + 4);
  if (computed === stored) ledger.account(start, basic + length + 4, 'checksum', 'CRC-32 of a header');
  else ledger.broken(new Broken(basic, 'CRC-32 of an ARJ header', stored, computed), end);
  ledger.account(end - 2, end, 'structure', 'no extended header', 4);
  const nameAt = basic + reader.u8(basic);
  const nameEnd = reader.indexOf('\0', nameAt, basic + length);
  return {
    start,
    end,
    flags: reader.u8(basic + 4),
    method: reader.u8(basic + 5),
    packedSize: reader.u32le(basic + 12),
    size: reader.u32le(basic + 16),
    sum: reader.u32le(basic + 20),
    name: nameEnd < 0 ? '' : reader.latin1(nameAt, nameEnd - nameAt),
  };
}

/** Extended headers, each with a length before and a CRC-32 behind it, up to one of length 0. */
function endOfExtended(reader: Reader, start: number): number {
  let at = start;
  for (;;) {
    reader.meter.step();
    const length = reader.u16le(at, 'extended ARJ header');
    at += 2;
    if (length === 0) return at;
    at += length + 4;
  }
}

/** Methods 1 to 3 differ in how hard they search. */
const decoders: Readonly<Record<number, Decoder | null>> = {
  0: null,
  1: lzh('arj'),
  2: lzh('arj'),
  3: lzh('arj'),
};
const sum = { title: 'CRC-32', floor: 1, add: crc32 };

function accountContent(reader: Reader, ledger: Ledger, context: Context, header: ArjHeader): void {
  const { name, flags, method, size, sum: stored } = header;
  const start = header.end;
  const end = start + header.packedSize;
  if (end <= start) return;
  const decoder = decoders[method];
  const dataEnd = Math.min(end, reader.size);
  if ((flags & GARBLED) !== 0) ledger.protect(start, dataEnd, 'ARJ garbled file');
  else if (decoder === undefined || (flags & CONTINUES) !== 0) {
    ledger.coded(start, dataEnd, 'packed file');
    const why =
      decoder === undefined
        ? `packed by ARJ, method ${method}: ${name}`
        : `${name} goes on in another volume`;
    ledger.unexamined(start, dataEnd, why);
  } else accountSummed(reader, ledger, context, { start, end, name, size, stored, sum, decoder });
}
