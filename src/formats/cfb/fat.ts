import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Meter } from '../../bytes/meter.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { DIFAT_AT, HEADER_DIFAT, HEADER_SIZE, type Header, sector } from './header.ts';
import type { Sectors } from './sectors.ts';

/** Which sector follows each (MS-CFB §2.3). */
export interface Fat {
  readonly next: Uint32Array;
  /** Entries that were there; those behind are lost. */
  readonly known: number;
}

/** A chain of sectors. */
export interface Chain {
  readonly sectors: Uint32Array;
  /** Why it ended before its end; null if it didn't. */
  readonly fault: Broken | null;
}

/** Entries of sectors that were cut off keep their numbers in some writers' files. */
const STRAYS = 2;
/** A file that was cut may have been so many times as long. */
const CUT = 64;
const MOST_FAT_BYTES = 1 << 29;

/** Reads the FAT by the list of its sectors (DIFAT, §2.5), and accounts for both. */
export function readFat(reader: Reader, ledger: Ledger, header: Header, sectors: Sectors): Fat {
  const { sectorSize } = header;
  const perSector = sectorSize / 4;
  const list = readDifat(reader, ledger, header, sectors);
  if (list.length * sectorSize > MOST_FAT_BYTES) throw new OverBudget('bytes of a FAT', MOST_FAT_BYTES);
  const next = new Uint32Array(list.length * perSector).fill(sector.free);
  let known = 0;
  for (const [i, index] of list.entries()) {
    reader.meter.step();
    const at = (index + 1) * sectorSize;
    if (!takeSector(sectors, ledger, index, 'FAT sector', DIFAT_AT + 4 * i)) continue;
    if (at + sectorSize > reader.size) {
      ledger.broken(new Truncated(reader.size, 'FAT', at + sectorSize - reader.size));
      continue;
    }
    if (readSector(reader, ledger, at, next.subarray(i * perSector, (i + 1) * perSector), sectors.count))
      known = Math.max(known, (i + 1) * perSector);
  }
  return { next, known };
}

function takeSector(sectors: Sectors, ledger: Ledger, index: number, what: string, at: number): boolean {
  try {
    sectors.claim(index, what, at);
    return true;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    if (index >= sectors.count) ledger.broken(new Truncated(ledger.size, what, 1));
    else ledger.broken(error);
    return false;
  }
}

/**
 * A random number is hardly ever that of a sector which is there, so that a few of them suffice. Entries beyond the
 * file's end are left from before its writer cut it to length, or they are what was cut off.
 */
function readSector(reader: Reader, ledger: Ledger, at: number, into: Uint32Array, count: number): boolean {
  const end = at + 4 * into.length;
  let [missing, foreign] = [0, 0];
  for (let i = 0; i < into.length; i++) {
    const value = reader.u32le(at + 4 * i, 'FAT');
    into[i] = value;
    if (value < count || value > sector.most) continue;
    if (value < CUT * count + into.length) missing++;
    else foreign++;
  }
  if (foreign > STRAYS) {
    ledger.broken(new Broken(at, 'FAT', `numbers of ${count} sectors`, `${foreign} others`), end);
    if (foreign > into.length / 4) {
      into.fill(sector.free);
      return false;
    }
  } else if (missing > STRAYS) {
    ledger.broken(new Truncated(reader.size, 'sectors that the FAT tells of', missing));
  } else if (missing + foreign > 0)
    ledger.oddity(at, `${missing + foreign} numbers of sectors behind the end`);
  ledger.account(at, end, 'structure', 'FAT', floorOf(CUT * count + into.length));
  return true;
}

/** How many bytes of random numbers must hold one that is wrong for sure: p = count/2³² a number. */
function floorOf(count: number): number {
  return 7 + 4 * STRAYS + 4 * Math.ceil(Math.log(1e-6) / Math.log(Math.min(0.9, (count + 6) / 2 ** 32)));
}

function readDifat(reader: Reader, ledger: Ledger, header: Header, sectors: Sectors): number[] {
  const { fatCount, sectorSize } = header;
  const list: number[] = [];
  readList(reader, DIFAT_AT, HEADER_DIFAT, list);
  ledger.account(DIFAT_AT, HEADER_SIZE, 'structure', 'DIFAT', 16);
  accountHeaderRest(reader, ledger, sectorSize);
  const perSector = sectorSize / 4 - 1;
  let index = header.difatStart;
  let at = 68;
  while (index <= sector.most && list.length < fatCount) {
    reader.meter.step();
    if (!takeSector(sectors, ledger, index, 'DIFAT sector', at)) break;
    const start = (index + 1) * sectorSize;
    if (start + sectorSize > reader.size) {
      ledger.broken(new Truncated(reader.size, 'DIFAT', start + sectorSize - reader.size));
      break;
    }
    readList(reader, start, perSector, list);
    ledger.account(start, start + sectorSize, 'structure', 'DIFAT', 16);
    at = start + 4 * perSector;
    index = reader.u32le(at);
  }
  if (list.length < fatCount) {
    ledger.broken(new Broken(44, 'number of FAT sectors', list.length, fatCount));
  } else if (list.length > fatCount) {
    ledger.oddity(44, `${list.length} FAT sectors where ${fatCount} are said`);
  }
  // More than the file's sectors need are of no use, whatever they hold.
  return list.slice(0, Math.max(1, Math.ceil(sectors.count / (sectorSize / 4))));
}

function readList(reader: Reader, at: number, count: number, list: number[]): void {
  for (let i = 0; i < count; i++) {
    const index = reader.u32le(at + 4 * i, 'DIFAT');
    if (index <= sector.most) list.push(index);
  }
}

/** With sectors of 4,096 bytes, the header's is filled up with zeros (§2.2). */
function accountHeaderRest(reader: Reader, ledger: Ledger, sectorSize: number): void {
  const end = Math.min(sectorSize, reader.size);
  if (end <= HEADER_SIZE) return;
  if (reader.bytes(HEADER_SIZE, end - HEADER_SIZE).every((byte) => byte === 0)) {
    ledger.account(HEADER_SIZE, end, 'padding', 'rest of the header’s sector');
  }
}

/**
 * Follows a chain and takes its sectors.
 * @param most sectors that the stream can have; the chain is followed no further
 */
export function followChain(
  fat: Fat,
  sectors: Sectors,
  start: number,
  most: number,
  what: string,
  meter: Meter,
): Chain {
  const chain: number[] = [];
  let fault: Broken | null = null;
  let index = start;
  try {
    while (index <= sector.most && chain.length < most) {
      meter.step();
      sectors.claim(index, what, 0);
      chain.push(index);
      if (index >= fat.next.length) break;
      index = fat.next[index]!;
    }
    if (index > sector.most && index !== sector.end && most > 0 && chain.length > 0 && chain.length < most)
      throw new Broken(0, what, 'a chain with an end', index.toString(16));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    fault = error;
  }
  return { sectors: Uint32Array.from(chain), fault };
}
