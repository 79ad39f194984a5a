import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { sealRange } from '../sealed.ts';

const HEADER = 124;
/** KeePass 1.x source, PwStructs.h: `PWM_FLAG_RIJNDAEL`, `PWM_FLAG_TWOFISH`. */
const ciphers = [
  { flag: 2, name: 'AES-256-CBC' },
  { flag: 8, name: 'Twofish-256-CBC' },
];
/** More groups or entries than anybody has. */
const MOST_ENTRIES = 1 << 24;

export const kdb: Format = {
  id: 'keepass-1',
  title: 'KeePass 1 database',
  extensions: ['kdb'],
  signatures: [{ at: 0, hex: '03d9a29a65fb4bb5' }],
  spec: 'KeePass 1.x source, PwStructs.h, PW_DBHEADER',
  proof: 'header fields in their ranges, ciphertext of whole blocks; contents are sealed',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, [0x03, 0xd9, 0xa2, 0x9a, 0x65, 0xfb, 0x4b, 0xb5], 'magic bytes');
    const flags = reader.u32le(8, 'flags');
    const version = reader.u32le(12, 'version');
    if (version >>> 16 !== 3 && version >>> 16 !== 2)
      throw new Broken(12, 'version', '2 or 3', version >>> 16);
    const cipher = ciphers.find(({ flag }) => (flags & flag) !== 0);
    if (cipher === undefined || flags > 15) throw new Broken(8, 'flags', 'a cipher', flags);
    for (const at of [48, 52]) {
      if (reader.u32le(at) > MOST_ENTRIES)
        throw new Broken(at, 'number of entries', MOST_ENTRIES, reader.u32le(at));
    }
    const rounds = reader.u32le(120, 'rounds');
    const length = reader.size - HEADER;
    if (length < 16 || length % 16 !== 0) throw new Broken(HEADER, 'ciphertext', 'whole blocks', length);
    ledger.account(0, HEADER, 'structure', 'header', 72);
    const strength = `${cipher.name}, AES-KDF with ${rounds} rounds`;
    sealRange(reader, ledger, { start: HEADER, end: reader.size }, { scheme: 'KeePass 1', strength });
  },
};
