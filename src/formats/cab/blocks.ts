import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { CabFolder, CabHeader } from './layout.ts';

/** CFDATA (MS-CAB §2.4): the packed bytes stand in [start, end). */
export interface CabBlock {
  readonly at: number;
  readonly start: number;
  readonly end: number;
  /** Bytes as unpacked; 0 where the block goes on in the next cabinet. */
  readonly size: number;
  /** Whether its checksum holds; null where it has none. */
  readonly isSummed: boolean | null;
}

/** Reads the blocks of a folder and accounts for those whose checksum holds. Gives the end of the last. */
export function readBlocks(
  reader: Reader,
  ledger: Ledger,
  { blockReserve }: CabHeader,
  folder: CabFolder,
): { readonly blocks: readonly CabBlock[]; readonly end: number } {
  const blocks: CabBlock[] = [];
  let at = folder.dataAt;
  for (let i = 0; i < folder.blockCount; i++) {
    reader.meter.step();
    const start = at + 8 + blockReserve;
    const end = start + reader.u16le(at + 4, 'data block');
    const size = reader.u16le(at + 6, 'data block');
    if (end > reader.size) reader.bytes(reader.size, 1, 'data block');
    blocks.push({ at, start, end, size, isSummed: compareSum(reader, ledger, at, end, blockReserve) });
    at = end;
  }
  return { blocks, end: at };
}

/** The sum covers the packed bytes, then lengths and reserve; 0 means that there is none. */
function compareSum(
  reader: Reader,
  ledger: Ledger,
  at: number,
  end: number,
  reserve: number,
): boolean | null {
  const stored = reader.u32le(at);
  if (stored === 0) return null;
  const block = reader.bytes(at + 4, end - at - 4, 'data block');
  const computed = (cabSum(block.subarray(4 + reserve)) ^ cabSum(block.subarray(0, 4 + reserve))) >>> 0;
  if (computed === stored) ledger.account(at, end, 'checksum', 'CFDATA checksum');
  else ledger.broken(new Broken(at, 'CFDATA checksum', stored, computed), end);
  return computed === stored;
}

/** Words of four bytes combined by XOR, lowest byte first; the last one to three bytes highest first (MS-CAB §3.1). */
export function cabSum(bytes: Uint8Array): number {
  let sum = 0;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    sum ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
  }
  let rest = 0;
  for (; i < bytes.length; i++) rest = (rest << 8) | bytes[i]!;
  return (sum ^ rest) >>> 0;
}
