import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { crc32 } from '../checks/crc32.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';

export const png: Format = {
  id: 'png',
  title: 'Portable Network Graphics',
  extensions: ['png', 'apng'],
  signatures: [{ at: 0, hex: '89504e470d0a1a0a' }],
  spec: 'W3C PNG (Third Edition), section 5',
  proof: 'CRC-32 of every chunk, chunks tile the file',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    ledger.account(0, 8, 'structure', 'signature');
    let at = 8;
    for (let type = ''; type !== 'IEND'; ) {
      reader.meter.step();
      const length = reader.u32be(at, 'chunk length');
      type = reader.latin1(at + 4, 4, 'chunk type');
      const crcAt = at + 8 + length;
      const stored = reader.u32be(crcAt, `CRC of ${type}`);
      let computed = 0;
      for (const part of reader.stream(at + 4, crcAt, type)) computed = crc32(part, computed);
      if (computed !== stored) throw new Broken(crcAt, `CRC of ${type}`, stored, computed);
      ledger.account(at, crcAt + 4, 'checksum', `${type} CRC-32`);
      at = crcAt + 4;
    }
    ledger.trailing(at, reader.size);
  },
};
