import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';

/** GnuPG, g10/tdbio.h: `TRUST_RECORD_LEN`. */
const RECORD = 40;
/** Free, version, hash table, hash list, trust, validity; 254 for free ones. `RECTYPE_*`. */
const kinds = new Set([0, 1, 10, 11, 12, 13, 254]);
const HASH_TABLE = 10;

export const trustdb: Format = {
  id: 'gnupg-trust',
  title: 'GnuPG trust database',
  extensions: [],
  signatures: [{ at: 0, hex: '0167706703' }],
  spec: 'GnuPG source, g10/tdbio.h; doc/DETAILS, Layout of the TrustDB',
  proof: 'records of known kinds tile the file; fingerprints in them may be anything',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, [1, 0x67, 0x70, 0x67, 3], 'version record');
    if (reader.size % RECORD !== 0)
      throw new Broken(reader.size, 'records', `a multiple of ${RECORD}`, reader.size);
    for (let at = 0; at < reader.size; at += RECORD) {
      reader.meter.step();
      const kind = reader.u8(at, 'kind of a record');
      if (!kinds.has(kind)) throw new Broken(at, 'kind of a record', [...kinds].join(', '), kind);
      if (kind === HASH_TABLE) expectRecordNumbers(reader, at);
      // The second byte is reserved, but for the version record.
      if (at > 0 && reader.u8(at + 1) !== 0) throw new Broken(at + 1, 'reserved byte', 0, reader.u8(at + 1));
    }
    ledger.account(0, reader.size, 'structure', 'records', RECORD * 4);
  },
};

/** Nine numbers of records, 0 for none. */
function expectRecordNumbers(reader: Reader, at: number): void {
  const most = reader.size / RECORD;
  for (let i = 2; i + 4 <= 38; i += 4) {
    const number = reader.u32be(at + i);
    if (number >= most) throw new Broken(at + i, 'number of a record', `below ${most}`, number);
  }
}
