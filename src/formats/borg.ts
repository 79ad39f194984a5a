import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { crc32 } from '../checks/crc32.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { sealRange } from './sealed.ts';

const MAGIC = 'BORG_SEG';
/** CRC-32, length, kind. In bytes. */
const HEAD = 9;
const KEY = 32;
/** Borg, repository.py, `MAX_DATA_SIZE` and what is around it. */
const MOST_ENTRY = 24 << 20;

const kinds: Readonly<Record<number, string>> = { 0: 'PUT', 1: 'DELETE', 2: 'COMMIT', 3: 'PUT2' };

/** Borg, crypto/key.py, `TYPE` of each key: the first byte of every chunk. Those without encryption are left out. */
const keys: Readonly<Record<number, string>> = {
  0: 'AES-256-CTR, HMAC-SHA-256',
  1: 'AES-256-CTR, HMAC-SHA-256',
  3: 'AES-256-CTR, HMAC-SHA-256',
  4: 'AES-256-CTR, BLAKE2b',
  5: 'AES-256-CTR, BLAKE2b',
  16: 'AES-256-OCB',
  17: 'AES-256-OCB',
  32: 'ChaCha20-Poly1305',
  33: 'ChaCha20-Poly1305',
  48: 'AES-256-OCB, BLAKE2b',
  49: 'AES-256-OCB, BLAKE2b',
  64: 'ChaCha20-Poly1305, BLAKE2b',
  65: 'ChaCha20-Poly1305, BLAKE2b',
};

/** One entry of the log: returns where it ends. */
function takeEntry(reader: Reader, ledger: Ledger, at: number): number {
  const size = reader.u32le(at + 4, 'length of an entry');
  const kind = reader.u8(at + 8, 'kind of an entry');
  if (!(kind in kinds)) throw new Broken(at + 8, 'kind of an entry', '0 to 3', kind);
  if (size < leastSize(kind) || size > MOST_ENTRY)
    throw new Broken(at + 4, 'length of an entry', `${leastSize(kind)} to ${MOST_ENTRY}`, size);
  if (at + size > reader.size) throw new Truncated(reader.size, 'entry', at + size - reader.size);
  // Borg 1.2 on, `LoggedIO.write_put`: the sum of a PUT2 ends behind its XXH64, which covers the data.
  const summed = kind === 3 ? HEAD + KEY + 8 : size;
  checkSum(reader, at, at + summed);
  const data = at + leastSize(kind);
  ledger.account(at, data, 'checksum', 'CRC-32 of an entry');
  if (data < at + size) takeData(reader, ledger, data, at + size, kind);
  return at + size;
}

function leastSize(kind: number): number {
  if (kind === 2) return HEAD;
  return HEAD + KEY + (kind === 3 ? 8 : 0);
}

function checkSum(reader: Reader, at: number, end: number): void {
  const stored = reader.u32le(at, 'CRC-32 of an entry');
  let computed = 0;
  for (const part of reader.stream(at + 4, end, 'entry')) computed = crc32(part, computed);
  if (stored !== computed) throw new Broken(at, 'CRC-32 of an entry', stored, computed);
}

function takeData(reader: Reader, ledger: Ledger, start: number, end: number, kind: number): void {
  const strength = keys[reader.u8(start, 'kind of key')];
  if (kind === 1) throw new Broken(start, 'DELETE', 'no data', end - start);
  if (strength === undefined) ledger.coded(start, end, 'chunk without encryption, by its own compression');
  else sealRange(reader, ledger, { start, end }, { scheme: 'Borg repository', strength });
}

export const borg: Format = {
  id: 'borg-segment',
  title: 'Borg repository segment',
  extensions: [],
  signatures: [{ at: 0, hex: '424f52475f534547' }],
  spec: 'Borg documentation, Internals, Data structures and file formats: Segments',
  proof: 'CRC-32 of every entry, up to the end; chunks are sealed by the repository’s key',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, MAGIC, 'magic bytes');
    ledger.account(0, MAGIC.length, 'structure', 'magic bytes');
    for (let at = MAGIC.length; at < reader.size; ) {
      reader.meter.step();
      at = takeEntry(reader, ledger, at);
    }
  },
};
