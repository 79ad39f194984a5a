import type { Reader } from '../../../bytes/reader.ts';

/** Signs of a file system, or of an encrypted volume, that begins at byte 0: [offset, bytes]. */
const signs: readonly (readonly [at: number, text: string])[] = [
  [3, 'NTFS    '],
  [3, 'EXFAT   '],
  [3, '-FVE-FS-'],
  [0, 'LUKS\xba\xbe'],
  [0, 'XFSB'],
  [32, 'NXSB'],
  [0x438, '\x53\xef'],
  [0x10040, '_BHRfS_M'],
];

/**
 * Whether a file system takes the disk from its first byte. Boot sectors of FAT, NTFS and exFAT end in 55AA as a master
 * boot record does, so that this has to be asked first.
 */
export function isSuperfloppy(reader: Reader): boolean {
  return signs.some(([at, text]) => reader.has(at, text)) || isFat(reader);
}

/** The fields of the boot sector that have few legal values (Microsoft, FAT32 specification, §3.1). */
function isFat(reader: Reader): boolean {
  if (reader.size < 512 || !reader.has(510, [0x55, 0xaa])) return false;
  const jump = reader.u8(0);
  const sector = reader.u16le(11);
  const perCluster = reader.u8(13);
  return (
    (jump === 0xeb || jump === 0xe9) &&
    [512, 1024, 2048, 4096].includes(sector) &&
    perCluster !== 0 &&
    (perCluster & (perCluster - 1)) === 0 &&
    reader.u16le(14) !== 0 &&
    [1, 2].includes(reader.u8(16)) &&
    (reader.u8(21) >= 0xf8 || reader.u8(21) === 0xf0)
  );
}
