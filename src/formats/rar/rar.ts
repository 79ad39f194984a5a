import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { verifyRar4 } from './rar4.ts';
import { verifyRar5 } from './rar5.ts';

const MAGIC_5 = 'Rar!\x1a\x07\x01\0';

export const rar: Format = {
  id: 'rar',
  title: 'RAR archive, versions 1.5 to 5',
  extensions: ['rar', 'cbr'],
  signatures: [
    { at: 0, hex: '526172211a0700' },
    { at: 0, hex: '526172211a070100' },
  ],
  spec: 'RAR 5.0 technical note, General archive structure; RAR 4 technote.txt',
  proof:
    'CRC-32 (16 bits of it in version 4) of headers, CRC-32 of files, unpacked as by versions 3 to 5; PPMd and older versions stay unproved',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    if (reader.has(0, MAGIC_5)) verifyRar5(reader, ledger, context);
    else verifyRar4(reader, ledger, context);
  },
};
