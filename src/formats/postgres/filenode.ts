import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import { crc32c } from '../../checks/crc32c.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

/** Where the sum stands: behind 62 mappings, from version 16 on behind 64. */
const places = [504, 520] as const;

export const pgFilenode: Format = {
  id: 'pg-filenode',
  title: 'PostgreSQL relation map',
  extensions: [],
  signatures: [{ at: 0, hex: '17275900' }],
  spec: 'PostgreSQL source, utils/cache/relmapper.c',
  proof: 'a CRC-32C over the mappings',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    for (const at of places) {
      if (at + 4 > reader.size) continue;
      const stored = reader.u32le(at);
      const mappings = reader.copy(0, at);
      if (stored !== crc32c(mappings) && stored !== crc32(mappings)) continue;
      ledger.account(0, at + 4, 'checksum', 'mappings');
      accountTail(reader, ledger, at + 4);
      return;
    }
    reader.bytes(0, places[0] + 4, 'mappings');
    throw new Broken(0, 'CRC of the mappings', 'one', 'none');
  },
};
