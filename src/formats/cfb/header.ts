import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** Sector numbers that name no sector (MS-CFB §2.1). */
export const sector = {
  most: 0xfffffffa,
  difat: 0xfffffffc,
  fat: 0xfffffffd,
  end: 0xfffffffe,
  free: 0xffffffff,
} as const;

export const HEADER_SIZE = 512;
/** Numbers of FAT sectors in the header. */
export const HEADER_DIFAT = 109;
export const DIFAT_AT = 76;

/** MS-CFB §2.2. Sizes in bytes, sectors by number. */
export interface Header {
  readonly major: number;
  readonly sectorSize: number;
  readonly miniSize: number;
  /** Streams shorter than this stand in the mini stream. */
  readonly cutoff: number;
  readonly fatCount: number;
  readonly directoryStart: number;
  readonly miniFatStart: number;
  readonly difatStart: number;
}

/** Reads the header and accounts for it. @throws Broken, Truncated */
export function readHeader(reader: Reader, ledger: Ledger): Header {
  reader.bytes(0, HEADER_SIZE, 'compound file header');
  const sectorShift = readShift(reader, 30, 'sector size', 7, 16);
  const miniShift = readShift(reader, 32, 'mini sector size', 4, sectorShift);
  if (reader.u16le(28) !== 0xfffe) throw new Broken(28, 'byte order', 'fffe', reader.u16le(28).toString(16));
  const major = reader.u16le(26);
  if (major !== 3 && major !== 4) ledger.oddity(26, `major version ${major}`);
  ledger.account(0, DIFAT_AT, 'structure', 'compound file header', 16);
  return {
    major,
    sectorSize: 1 << sectorShift,
    miniSize: 1 << miniShift,
    cutoff: reader.u32le(56),
    fatCount: reader.u32le(44),
    directoryStart: reader.u32le(48),
    miniFatStart: reader.u32le(60),
    difatStart: reader.u32le(68),
  };
}

/** Versions 3 and 4 have 2⁹ and 2¹² bytes, 2⁶ in mini sectors; the fields would allow more. */
function readShift(reader: Reader, at: number, what: string, least: number, most: number): number {
  const shift = reader.u16le(at);
  if (shift < least || shift > most) throw new Broken(at, what, `2^${least} to 2^${most}`, `2^${shift}`);
  return shift;
}
