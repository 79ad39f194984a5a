import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import { crc32c } from '../../checks/crc32c.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

/** The sum ends the data, whose length differs from version to version. In bytes. */
const LEAST = 160;
const MOST = 512;

export const pgControl: Format = {
  id: 'pg-control',
  title: 'PostgreSQL control file',
  extensions: [],
  signatures: [
    { at: 8, hex: '140500000000000c', mask: 'ffffffff000000ff' },
    { at: 8, hex: 'b10400000000000c', mask: 'ffffffff000000ff' },
    { at: 8, hex: '080700000000000c', mask: 'ffffffff000000ff' },
    { at: 8, hex: '4c0400000000000c', mask: 'ffffffff000000ff' },
    { at: 8, hex: 'ae0300000000000b', mask: 'ffff0000000000ff' },
  ],
  spec: 'PostgreSQL source, catalog/pg_control.h',
  proof: 'a CRC-32C over the data, zeros behind it',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const bytes = reader.copy(0, Math.min(MOST, reader.size), 'control data');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = LEAST; at + 4 <= bytes.length; at += 4) {
      const stored = view.getUint32(at, true);
      if (stored !== crc32c(bytes.subarray(0, at)) && stored !== crc32(bytes.subarray(0, at))) continue;
      ledger.account(0, at + 4, 'checksum', 'control data');
      accountTail(reader, ledger, at + 4);
      return;
    }
    throw new Broken(0, 'CRC of the control data', 'one', 'none');
  },
};
