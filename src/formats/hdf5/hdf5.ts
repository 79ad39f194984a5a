import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { lookup3 } from '../../checks/lookup3.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountSlack } from '../slack.ts';
import { accountTail } from '../tail.ts';
import { accountRooms } from './rooms.ts';

const MAGIC = '\x89HDF\r\n\x1a\n';
/** Of indexed storage, where the file doesn't say (section II.A). */
const USUAL_CHUNK_K = 32;
const UNDEFINED = 2n ** 64n - 1n;

export const hdf5: Format = {
  id: 'hdf5',
  title: 'Hierarchical Data Format 5',
  extensions: ['hdf5'],
  signatures: [0, 512, 1024, 2048].map((at) => ({ at, hex: '894844460d0a1a0a' })),
  spec: 'HDF5 File Format Specification 3.0, sections II and IV',
  proof:
    'superblock with length of the file, from version 2 on with its sum; free space in heaps and nodes of chunks; all objects by contrast only',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    const start = [0, 512, 1024, 2048].find((at) => reader.has(at, MAGIC));
    if (start === undefined) throw new Broken(0, 'signature', 'HDF', 'other bytes');
    accountSlack(reader, ledger, 0, start, 'user block');
    const version = reader.u8(start + 8, 'version of the superblock');
    if (version > 3) throw new Broken(start + 8, 'version of the superblock', '0 to 3', version);
    if (version < 2) accountOld(reader, ledger, start, version);
    else accountSealed(reader, ledger, start);
  },
};

/** Section II.A, versions 0 and 1: after the addresses, the entry of the root group. */
function accountOld(reader: Reader, ledger: Ledger, start: number, version: number): void {
  const width = readWidths(reader, start + 13);
  const addresses = start + (version === 0 ? 24 : 28);
  const reserved = [9, 10, 11, 12, 15].find((at) => reader.u8(start + at) !== 0);
  if (reserved !== undefined)
    throw new Broken(start + reserved, 'version or reserved byte', 0, reader.u8(start + reserved));
  ledger.account(start, start + 16, 'structure', 'superblock', 8);
  const chunkK = version === 0 ? USUAL_CHUNK_K : reader.u16le(start + 24);
  finish(reader, ledger, start, addresses, { width, bodyAt: addresses + 4 * width, chunkK });
}

/** Section II.A, versions 2 and 3: sealed by a lookup3 sum. */
function accountSealed(reader: Reader, ledger: Ledger, start: number): void {
  const width = readWidths(reader, start + 9);
  const sumAt = start + 12 + 4 * width;
  const sum = lookup3(reader.copy(start, sumAt - start, 'superblock'));
  const stored = reader.u32le(sumAt, 'sum of the superblock');
  if (sum !== stored) throw new Broken(sumAt, 'sum of the superblock', sum, stored);
  ledger.account(start, sumAt + 4, 'checksum', 'superblock');
  // An extension of the superblock may say otherwise.
  const isUsual = readAddress(reader, start + 12 + width, width) === UNDEFINED;
  finish(reader, ledger, start, start + 12, {
    width,
    bodyAt: sumAt + 4,
    chunkK: isUsual ? USUAL_CHUNK_K : null,
  });
}

/** Sizes of addresses and of lengths, in bytes. */
function readWidths(reader: Reader, at: number): number {
  const width = reader.u8(at, 'size of addresses');
  const lengths = reader.u8(at + 1, 'size of lengths');
  if (![4, 8].includes(width) || ![2, 4, 8].includes(lengths))
    throw new Broken(at, 'sizes of addresses and lengths', '4 or 8', `${width}, ${lengths}`);
  return width;
}

/** The third address is the end of the file, counted from the base address, the first (section II.A). */
function finish(
  reader: Reader,
  ledger: Ledger,
  start: number,
  addresses: number,
  {
    width,
    bodyAt,
    chunkK,
  }: { readonly width: number; readonly bodyAt: number; readonly chunkK: number | null },
): void {
  const read = (index: number) => readAddress(reader, addresses + index * width, width);
  const base = read(0);
  const end = read(2);
  if (base !== BigInt(start) && base !== 0n) throw new Broken(addresses, 'base address', start, `${base}`);
  if (end === UNDEFINED || end < BigInt(bodyAt - start))
    throw new Broken(addresses + 2 * width, 'end of the file', `at least ${bodyAt - start}`, `${end}`);
  const last = findEnd(reader, start, base, end);
  ledger.raw(bodyAt, last, 'objects and data');
  if (width === 8) accountRooms(reader, ledger, { start: bodyAt, end: last, base: Number(base), chunkK });
  accountTail(reader, ledger, last);
}

/** Files behind a user block count their end from its end, or, as older libraries did, from the start of the file. */
function findEnd(reader: Reader, start: number, base: bigint, end: bigint): number {
  const size = BigInt(reader.size);
  if (end === size || base + end === size) return reader.size;
  const last = end > BigInt(start) ? end : base + end;
  if (last > size) throw new Truncated(reader.size, 'file', Number(last - size));
  return Number(last);
}

function readAddress(reader: Reader, at: number, width: number): bigint {
  const low = BigInt(reader.u32le(at, 'address'));
  return width === 4 ? low : low + (BigInt(reader.u32le(at + 4, 'address')) << 32n);
}
