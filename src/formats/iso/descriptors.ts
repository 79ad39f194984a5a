import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountSlack } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';
import { twin16, twin32 } from './twins.ts';

export const SECTOR = 2048;
/** The first 16 sectors belong to the system (ECMA-119 §6.2.1). */
const FIRST_DESCRIPTOR = 16 * SECTOR;
const MOST_DESCRIPTORS = 64;

/** A primary or supplementary volume descriptor (§8.4, §8.5). Lengths in bytes. */
export interface Volume {
  readonly isJoliet: boolean;
  readonly blockSize: number;
  /** Of the whole volume. */
  readonly size: number;
  readonly pathTableSize: number;
  /** Where the tables of type L and M stand. */
  readonly pathTables: readonly [number, number];
  readonly rootAt: number;
}

const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const TERMINATOR = 255;

/** Goes through the descriptors and accounts for them; others than those of volumes are passed over. */
export function readVolumes(reader: Reader, ledger: Ledger): Volume[] {
  const volumes: Volume[] = [];
  accountSlack(reader, ledger, 0, FIRST_DESCRIPTOR, 'system area');
  let at = FIRST_DESCRIPTOR;
  for (let i = 0; i < MOST_DESCRIPTORS; i++, at += SECTOR) {
    reader.meter.step();
    reader.expect(at + 1, 'CD001', 'volume descriptor');
    const type = reader.u8(at);
    if (type === PRIMARY || type === SUPPLEMENTARY) volumes.push(readVolume(reader, ledger, at));
    else ledger.account(at, at + 7, 'structure', 'volume descriptor');
    if (type === TERMINATOR) break;
  }
  accountSlack(reader, ledger, at + 7, at + SECTOR, 'room behind the last descriptor');
  if (volumes.length === 0) throw new Broken(FIRST_DESCRIPTOR, 'volume descriptors', 'a primary one', 'none');
  return volumes;
}

function readVolume(reader: Reader, ledger: Ledger, at: number): Volume {
  const blockSize = twin16(reader, at + 128, 'size of a logical block');
  if (blockSize < 512 || blockSize > 32_768)
    throw new Broken(at + 128, 'size of a logical block', 2048, blockSize);
  twin16(reader, at + 120, 'size of the volume set');
  twin16(reader, at + 124, 'number of the volume');
  const volume = {
    isJoliet: reader.has(at + 88, '%/'),
    blockSize,
    size: twin32(reader, at + 80, 'size of the volume') * blockSize,
    pathTableSize: twin32(reader, at + 132, 'size of the path table'),
    pathTables: [reader.u32le(at + 140) * blockSize, reader.u32be(at + 148) * blockSize] as const,
    rootAt: at + 156,
  };
  accountVolume(reader, ledger, at);
  return volume;
}

function accountVolume(reader: Reader, ledger: Ledger, at: number): void {
  ledger.account(at, at + 8, 'structure', 'volume descriptor');
  accountNames(reader, ledger, at + 8, at + 72);
  accountSlack(reader, ledger, at + 72, at + 80, 'unused field');
  ledger.account(at + 80, at + 88, 'structure', 'size of the volume, twice');
  accountSlack(reader, ledger, at + 88, at + 120, 'unused field or escape sequences');
  ledger.account(at + 120, at + 156, 'structure', 'sizes of the volume, twice, and path tables', 24);
  accountNames(reader, ledger, at + 190, at + 813);
  accountDates(reader, ledger, at + 813, at + 881);
  accountSlack(reader, ledger, at + 881, at + 1395, 'version and application use');
  if (isZeroFilled(reader, at + 1395, at + SECTOR)) {
    ledger.account(at + 1395, at + SECTOR, 'padding', 'reserved zeros');
  }
}

/** Names of system, volume, publisher and their like, filled with blanks; Joliet has them in UTF-16. */
function accountNames(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const bytes = reader.copy(start, end - start, 'names of the volume');
  const isAscii = bytes.every((byte) => byte < 0x7f && (byte >= 0x20 || byte === 0));
  // 96 of 256 values: 0.375 to the 15th is below 10⁻⁶.
  if (isAscii) ledger.account(start, end, 'grammar', 'names of the volume', 16);
  else ledger.raw(start, end, 'names of the volume');
}

/** Four times 16 digits and an offset of the time zone in quarters of an hour (§8.4.26.1). */
function accountDates(reader: Reader, ledger: Ledger, start: number, end: number): void {
  for (let at = start; at < end; at += 17) {
    const isDate = /^(\d{16}|\0{16})$/.test(reader.latin1(at, 16));
    if (isDate) ledger.account(at, at + 16, 'grammar', 'date of the volume', 8);
  }
}
