import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountLuks1 } from './luks1.ts';
import { accountLuks2 } from './luks2.ts';

export const luks: Format = {
  id: 'luks',
  title: 'LUKS encrypted volume',
  extensions: ['luks'],
  signatures: [
    { at: 0, hex: '4c554b53babe0001' },
    { at: 0, hex: '4c554b53babe0002' },
  ],
  spec: 'LUKS1 On-Disk Format 1.2.3, section 2.1; LUKS2 On-Disk Format 1.1.0, section 2',
  proof: 'fields of version 1, checksums and JSON of version 2; key slots and volume are sealed',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0x00], 'magic bytes');
    if (reader.u8(7, 'version') === 1) accountLuks1(reader, ledger);
    else accountLuks2(reader, ledger);
  },
};
