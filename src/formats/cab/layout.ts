import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** CFHEADER (MS-CAB §2.1). Offsets and sizes in bytes. */
export interface CabHeader {
  readonly size: number;
  readonly filesAt: number;
  readonly fileCount: number;
  readonly folderCount: number;
  /** Where CFFOLDER entries begin. */
  readonly foldersAt: number;
  /** Bytes that each folder and each block reserves for applications. */
  readonly folderReserve: number;
  readonly blockReserve: number;
  /** What applications keep in the header; mostly where a signature stands behind the cabinet. */
  readonly reserve: Range | null;
  /** Names of the cabinets before and after, and of their discs. */
  readonly names: readonly Range[];
  readonly isPart: boolean;
}

/** CFFOLDER (§2.2). */
export interface CabFolder {
  readonly dataAt: number;
  readonly blockCount: number;
  /** Low four bits: 0 none, 1 MSZIP, 2 Quantum, 3 LZX. */
  readonly method: number;
}

/** CFFILE (§2.3); the range is the entry's. */
export interface CabFile extends Range {
  readonly name: string;
  readonly size: number;
  /** In the unpacked folder. */
  readonly offset: number;
  /** From 0xFFFD on: it goes on in another cabinet. */
  readonly folder: number;
}

const HAS_PREVIOUS = 1;
const HAS_NEXT = 2;
const HAS_RESERVE = 4;
const HEADER = 36;
const MOST_NAME = 256;

/** @throws Broken, Truncated */
export function readCabHeader(reader: Reader): CabHeader {
  reader.expect(0, 'MSCF\0\0\0\0', 'CAB signature');
  if (reader.u32le(12) !== 0) throw new Broken(12, 'reserved field of a cabinet', 0, reader.u32le(12));
  const flags = reader.u16le(30, 'flags of a cabinet');
  const hasReserve = (flags & HAS_RESERVE) !== 0;
  const reserved = hasReserve ? reader.u16le(HEADER) : 0;
  let at = HEADER + (hasReserve ? 4 : 0);
  const reserve = hasReserve ? { start: at, end: at + reserved } : null;
  at += reserved;
  const names: Range[] = [];
  const count = (flags & HAS_PREVIOUS ? 2 : 0) + (flags & HAS_NEXT ? 2 : 0);
  for (let i = 0; i < count; i++) {
    const end = endOfName(reader, at);
    names.push({ start: at, end });
    at = end + 1;
  }
  return {
    size: reader.u32le(8),
    filesAt: reader.u32le(16),
    folderCount: reader.u16le(26),
    fileCount: reader.u16le(28),
    foldersAt: at,
    folderReserve: hasReserve ? reader.u8(38) : 0,
    blockReserve: hasReserve ? reader.u8(39) : 0,
    reserve,
    names,
    isPart: count > 0,
  };
}

export function readFolder(
  reader: Reader,
  { foldersAt, folderReserve }: CabHeader,
  index: number,
): CabFolder {
  const at = foldersAt + index * (8 + folderReserve);
  return {
    dataAt: reader.u32le(at, 'folder of a cabinet'),
    blockCount: reader.u16le(at + 4),
    method: reader.u16le(at + 6) & 0x0f,
  };
}

export function* readFiles(reader: Reader, { filesAt, fileCount }: CabHeader): Generator<CabFile> {
  let at = filesAt;
  for (let i = 0; i < fileCount; i++) {
    reader.meter.step();
    const end = endOfName(reader, at + 16) + 1;
    const name = Buffer.from(reader.copy(at + 16, end - at - 17)).toString('utf8');
    const file = { start: at, end, name: name.replaceAll('\\', '/') };
    yield { ...file, size: reader.u32le(at), offset: reader.u32le(at + 4), folder: reader.u16le(at + 8) };
    at = end;
  }
}

function endOfName(reader: Reader, at: number): number {
  const end = reader.indexOf('\0', at, Math.min(reader.size, at + MOST_NAME + 1));
  if (end < 0) throw new Broken(at, 'name in a cabinet', 'a zero byte at its end', 'none');
  return end;
}
