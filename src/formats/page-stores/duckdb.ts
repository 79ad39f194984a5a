import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZero } from '../pages.ts';

const HEADER = 4096;
const HEADERS = 3;
const SUM = 8;
/** Bytes of a block, unless the header says otherwise (storage_info.hpp, DEFAULT_BLOCK_ALLOC_SIZE). */
const BLOCK = 262144;
const FACTOR = 0xbf58476d1ce4e5b9n;
const START = 5381n;
/** In the second header, behind its sum, iteration, meta block, free list and count of blocks. */
const BLOCK_SIZE_AT = HEADER + SUM + 32;

export const duckdb: Format = {
  id: 'duckdb',
  title: 'DuckDB database',
  extensions: ['duckdb'],
  signatures: [{ at: 8, hex: '4455434b' }],
  spec: 'DuckDB documentation, Storage versions and format; source, checksum.cpp',
  proof: 'a 64-bit checksum on each of three headers and on each block',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    for (let number = 0; number < HEADERS; number++) {
      accountBlock(reader, ledger, number * HEADER, (number + 1) * HEADER, 'headers');
    }
    const size = blockSize(reader);
    for (let at = HEADERS * HEADER; at < reader.size; at += size) {
      reader.meter.step();
      accountBlock(reader, ledger, at, at + size, 'blocks');
    }
  },
};

/** Databases of newer versions state it in their headers. */
function blockSize(reader: Reader): number {
  const stated = reader.u64le(BLOCK_SIZE_AT, 'block size');
  const isSize = stated >= 16384 && stated <= BLOCK && (stated & (stated - 1)) === 0;
  return isSize ? stated : BLOCK;
}

function accountBlock(reader: Reader, ledger: Ledger, start: number, end: number, what: string): void {
  const bytes = reader.bytes(start, end - start, what);
  if (isZero(bytes, 0, bytes.length)) {
    ledger.account(start, end, 'padding', 'blocks never written');
    return;
  }
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const sum = sumOf(bytes);
  if (stored === sum) ledger.account(start, end, 'checksum', what);
  else if (isZero(bytes, 0, SUM)) ledger.raw(start, end, 'blocks without checksum');
  else ledger.broken(new Broken(start, `checksum of ${what}`, stored.toString(16), sum.toString(16)), end);
}

/** Each word of 64 bits, multiplied; all combined by XOR (checksum.cpp). */
function sumOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = START;
  for (let at = SUM; at < bytes.length; at += 8)
    sum ^= BigInt.asUintN(64, view.getBigUint64(at, true) * FACTOR);
  return sum;
}
