/** How the pages of a tablespace are laid out and summed (MariaDB, fsp0types.h; MySQL, fsp0types.h). */
export interface Tablespace {
  /** Bytes of a page in the file. */
  readonly pageSize: number;
  readonly kind: 'classic' | 'compressed rows' | 'full CRC-32';
}

const FULL_CRC32 = 0x10;
export const FLAGS_AT = 54;

/** Reads the flags of page 0. */
export function readTablespace(flags: number): Tablespace {
  if ((flags & FULL_CRC32) !== 0) return { pageSize: 512 << (flags & 15), kind: 'full CRC-32' };
  const compressed = (flags >> 1) & 15;
  if (compressed > 0) return { pageSize: 512 << compressed, kind: 'compressed rows' };
  const exponent = (flags >> 6) & 15;
  return { pageSize: exponent === 0 ? 16384 : 512 << exponent, kind: 'classic' };
}
