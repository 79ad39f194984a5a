import { Broken } from '../../../../bytes/errors.ts';

/** How a FAT volume is laid out. Places and sizes are in bytes. */
export interface FatLayout {
  /** Bits of an entry of the table, which follow from the number of clusters only. */
  readonly bits: 12 | 16 | 32;
  readonly sectorSize: number;
  readonly clusterSize: number;
  readonly clusters: number;
  readonly fatAt: number;
  readonly fatSize: number;
  readonly fats: number;
  /** The copy that counts, from 0. */
  readonly activeFat: number;
  /** Whether all copies are kept the same. */
  readonly mirrored: boolean;
  /** The root's place and size with 12 and 16 bits, where it isn't in clusters. */
  readonly rootAt: number;
  readonly rootSize: number;
  /** The root's first cluster with 32 bits; 0 without. */
  readonly rootCluster: number;
  readonly dataAt: number;
  readonly size: number;
  readonly serial: number;
  readonly label: string;
  readonly writer: string;
}

/** The media descriptors that there are. */
const media = new Set([0xf0, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff]);

/** Whether a sector reads like the boot sector of a FAT volume: the fields of the BPB agree with each other. */
export function looksLikeFat(sector: Buffer): boolean {
  if (sector.length < 512 || sector.readUInt16LE(510) !== 0xaa55) return false;
  const writer = sector.toString('latin1', 3, 11);
  if (writer === 'NTFS    ' || writer === 'EXFAT   ') return false;
  try {
    parseBootSector(sector);
    return true;
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

/** Reads a boot sector (Microsoft, FAT: General Overview of On-Disk Format 1.03). @throws Broken */
export function parseBootSector(sector: Buffer): FatLayout {
  const sectorSize = sector.readUInt16LE(11);
  need([512, 1024, 2048, 4096].includes(sectorSize), 11, 'BPB_BytsPerSec', sectorSize);
  const perCluster = sector[13]!;
  need(perCluster > 0 && (perCluster & (perCluster - 1)) === 0, 13, 'BPB_SecPerClus', perCluster);
  need(media.has(sector[21]!), 21, 'BPB_Media', sector[21]!);
  const reserved = sector.readUInt16LE(14);
  need(reserved > 0, 14, 'BPB_RsvdSecCnt', reserved);
  const fats = sector[16]!;
  need(fats >= 1 && fats <= 4, 16, 'BPB_NumFATs', fats);
  const short = sector.readUInt16LE(22);
  const fatSectors = short === 0 ? sector.readUInt32LE(36) : short;
  need(fatSectors > 0, 22, 'BPB_FATSz', fatSectors);
  const rootSectors = Math.ceil((sector.readUInt16LE(17) * 32) / sectorSize);
  const total = sector.readUInt16LE(19) || sector.readUInt32LE(32);
  const dataSector = reserved + fats * fatSectors + rootSectors;
  const clusters = Math.floor((total - dataSector) / perCluster);
  need(clusters > 0 && clusters < END_OF_NUMBERS, 19, 'BPB_TotSec', total);
  const bits = clusters < 4085 ? 12 : clusters < 65525 ? 16 : 32;
  need(bits !== 32 || short === 0, 22, 'BPB_FATSz16', short);
  const rootAt = (reserved + fats * fatSectors) * sectorSize;
  const places = {
    fatAt: reserved * sectorSize,
    fatSize: fatSectors * sectorSize,
    rootAt,
    dataAt: dataSector * sectorSize,
  };
  const sizes = { sectorSize, clusterSize: sectorSize * perCluster, rootSize: rootSectors * sectorSize };
  return {
    bits,
    clusters,
    fats,
    size: total * sectorSize,
    ...places,
    ...sizes,
    ...extendedFields(sector, bits, fats),
  };
}

const END_OF_NUMBERS = 0x0ffffff5;

function extendedFields(sector: Buffer, bits: number, fats: number) {
  const at = bits === 32 ? 64 : 36;
  const flags = bits === 32 ? sector.readUInt16LE(40) : 0;
  const mirrored = (flags & 0x80) === 0;
  // BS_BootSig says that serial and label follow.
  const extended = sector[at + 2] === 0x29;
  return {
    mirrored,
    activeFat: mirrored ? 0 : Math.min(flags & 15, fats - 1),
    rootCluster: bits === 32 ? sector.readUInt32LE(44) : 0,
    serial: extended ? sector.readUInt32LE(at + 3) : 0,
    label: extended ? sector.toString('latin1', at + 7, at + 18).trimEnd() : '',
    writer: sector.toString('latin1', 3, 11).trimEnd(),
  };
}

function need(holds: boolean, at: number, field: string, found: number): void {
  if (!holds) throw new Broken(at, field, 'a value that the format allows', found);
}
