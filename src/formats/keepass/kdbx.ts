import { createHash } from 'node:crypto';
import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { type Seal, sealRange } from '../sealed.ts';
import { type KdbxHeader, readKdbxHeader } from './header.ts';

const HASH = 32;

/** KDBX 4, "Header hash": SHA-256 of all before; the HMAC behind it needs the key. */
function accountHash(reader: Reader, ledger: Ledger, end: number): void {
  const stored = Buffer.from(reader.bytes(end, HASH, 'SHA-256 of the header')).toString('hex');
  const computed = createHash('sha256').update(reader.bytes(0, end)).digest('hex');
  if (stored !== computed) throw new Broken(end, 'SHA-256 of the header', stored, computed);
  ledger.account(0, end + HASH, 'checksum', 'SHA-256 of the header');
}

/** KDBX 4, "HMAC blocks": an HMAC and a length before each, an empty one at the end. */
function accountBlocks(reader: Reader, ledger: Ledger, header: KdbxHeader, seal: Seal): number {
  let sealed = 0;
  for (let at = header.end + HASH * 2; ; ) {
    reader.meter.step();
    const length = reader.u32le(at + HASH, 'length of a block');
    const start = at + HASH + 4;
    // Checked before anything is claimed: the block's bytes are read up to here.
    if (length > 0) reader.u8(start + length - 1, 'block');
    ledger.account(at, start, 'structure', 'HMAC and length of a block', HASH + 4);
    sealRange(reader, ledger, { start, end: start + length }, seal);
    sealed += length;
    at = start + length;
    if (length > 0) continue;
    checkMultiple(header, sealed);
    return at;
  }
}

function checkMultiple({ end, block }: KdbxHeader, length: number): void {
  if (length === 0 || length % block !== 0)
    throw new Broken(end, 'length of the ciphertext', `a multiple of ${block}`, length);
}

export const kdbx: Format = {
  id: 'keepass',
  title: 'KeePass 2 database',
  extensions: ['kdbx'],
  signatures: [
    { at: 0, hex: '03d9a29a67fb4bb5' },
    { at: 0, hex: '03d9a29a66fb4bb5' },
  ],
  spec: 'KeePass, KDBX file format',
  proof: 'header fields, their SHA-256 from version 4 on, blocks up to the empty one; contents are sealed',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, [0x03, 0xd9, 0xa2, 0x9a], 'magic bytes');
    const header = readKdbxHeader(reader);
    const scheme = `KeePass ${header.major < 4 ? 'KDBX 3' : 'KDBX 4'}`;
    const seal = { scheme, strength: `${header.cipher}, ${header.derivation}` };
    if (header.major < 4) {
      ledger.account(0, header.end, 'structure', 'header fields', HASH + 8);
      checkMultiple(header, reader.size - header.end);
      sealRange(reader, ledger, { start: header.end, end: reader.size }, seal);
      return;
    }
    accountHash(reader, ledger, header.end);
    ledger.account(header.end + HASH, header.end + HASH * 2, 'structure', 'HMAC of the header', HASH + 1);
    ledger.trailing(accountBlocks(reader, ledger, header, seal), reader.size);
  },
};
