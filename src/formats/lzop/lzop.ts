import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { adler32 } from '../../checks/adler32.ts';
import { crc32 } from '../../checks/crc32.ts';
import { decodeLzo } from '../../checks/lzo.ts';
import { drain, type Pieces } from '../../checks/pieces.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineContent, PackedContent } from '../packed-content.ts';
import { accountTail } from '../tail.ts';
import { accountUnsummed, floorByTrials, type UnsummedRange } from '../tried-content.ts';
import { flags, LZOP_MAGIC, type LzopHeader, readLzopHeader } from './header.ts';

/** lzop writes blocks of 256 KiB, and reads up to 64 MiB; what is longer than this isn't held in memory. */
const MOST_BLOCK = 1 << 20;

export const lzop: Format = {
  id: 'lzop',
  title: 'lzop',
  extensions: ['lzo', 'tzo'],
  signatures: [{ at: 0, hex: '894c5a4f000d0a1a0a' }],
  spec: 'lzop 1.04 source, lzop.c; LZO1X: Linux, Documentation/staging/lzo.rst',
  proof:
    'Adler-32 or CRC-32 of the header and of every block; without one trial overwrites of the file at hand show whether decoding to text is proof',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const content = new PackedContent();
    const unsummed: UnsummedRange[] = [];
    const end = drain(decodeFile(reader, { ledger, unsummed }), content.add)!;
    accountUnsummed(ledger, unsummed, () =>
      floorByTrials(reader, content, (again) => decodeFile(again, null)),
    );
    accountTail(reader, ledger, end);
    examineContent({ reader, ledger, context, start: 0, end }, content, (again) => decodeFile(again, null));
  },
};

interface Desk {
  readonly ledger: Ledger;
  readonly unsummed: UnsummedRange[];
}

/** Members follow each other. Gives the end of the last. */
function* decodeFile(reader: Reader, desk: Desk | null): Pieces<number> {
  let at = 0;
  do {
    const header = readLzopHeader(reader, at);
    desk?.ledger.account(at, header.end, 'checksum', 'sum of the lzop header');
    const end: number = yield* decodeBlocks(reader, header);
    if (desk !== null) accountBlocks(desk, header, end);
    at = end;
  } while (reader.has(at, LZOP_MAGIC));
  return at;
}

function accountBlocks(
  { ledger, unsummed }: Desk,
  { flags: bits, end: start }: LzopHeader,
  end: number,
): void {
  const sums = flags.adlerContent | flags.crcContent | flags.adlerPacked | flags.crcPacked;
  if ((bits & sums) !== 0) ledger.account(start, end, 'checksum', 'sum of every block');
  else unsummed.push({ start, end, by: 'LZO blocks without a sum' });
}

function* decodeBlocks(reader: Reader, header: LzopHeader): Pieces<number> {
  // Method 1 to 3 are LZO1X at different levels; 128 is zlib, which no release wrote.
  if (header.method < 1 || header.method > 3)
    throw new Broken(header.start + 15, 'lzop method', '1 to 3', header.method);
  let at = header.end;
  for (;;) {
    reader.meter.step();
    const size = reader.u32be(at, 'lzop block');
    if (size === 0) return at + 4;
    const packed = reader.u32be(at + 4, 'lzop block');
    if (size > MOST_BLOCK) throw new OverBudget('bytes of an lzop block', MOST_BLOCK);
    if (packed > size || packed === 0)
      throw new Broken(at + 4, 'packed size of an lzop block', `1 to ${size}`, packed);
    const sums = readSums(reader, at + 8, header.flags, packed < size);
    const input = reader.copy(sums.end, packed, 'lzop block');
    const output = packed === size ? input : new Uint8Array(size);
    compare(sums.packed, input, at + 8);
    if (packed < size) decodeLzo(input, output, sums.end);
    compare(sums.content, output, at + 8);
    reader.meter.produce(size);
    yield output;
    at = sums.end + packed;
  }
}

type Algorithm = (bytes: Uint8Array) => number;
interface StoredSum {
  readonly algorithm: Algorithm;
  readonly value: number;
}

/** Sums of the content stand before those of what it's packed to, Adler-32 before CRC-32. */
function readSums(
  reader: Reader,
  start: number,
  bits: number,
  isPacked: boolean,
): { readonly content: readonly StoredSum[]; readonly packed: readonly StoredSum[]; readonly end: number } {
  let at = start;
  const read = (flag: number, algorithm: Algorithm): StoredSum[] => {
    if ((bits & flag) === 0) return [];
    at += 4;
    return [{ algorithm, value: reader.u32be(at - 4, 'sum of an lzop block') }];
  };
  const content = [...read(flags.adlerContent, adler32), ...read(flags.crcContent, crc32)];
  const packed = isPacked ? [...read(flags.adlerPacked, adler32), ...read(flags.crcPacked, crc32)] : [];
  return { content, packed, end: at };
}

function compare(sums: readonly StoredSum[], bytes: Uint8Array, at: number): void {
  for (const { algorithm, value } of sums) {
    const computed = algorithm(bytes);
    if (computed !== value) throw new Broken(at, 'sum of an lzop block', value, computed);
  }
}
