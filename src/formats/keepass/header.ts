import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { ciphers, derivations } from './ciphers.ts';

const END = 0;
const CIPHER = 2;
const DERIVATION = 11;

/** Lengths that fields have, in bytes; the others vary. */
const lengths: Readonly<Record<number, number>> = { 2: 16, 3: 4, 4: 32, 5: 32, 6: 8, 9: 32, 10: 4 };
const LAST_FIELD = 12;
const MOST_FIELD = 1 << 20;

/** What the fields before the ciphertext say. */
export interface KdbxHeader {
  /** Of the file format: 3 or 4. */
  readonly major: number;
  readonly end: number;
  readonly cipher: string;
  /** Of which the ciphertext's length is a multiple, in bytes. */
  readonly block: number;
  readonly derivation: string;
}

/** KeePass, KDBX file format, "Outer header": fields with their lengths, up to field 0. */
export function readKdbxHeader(reader: Reader): KdbxHeader {
  const major = reader.u16le(10, 'version');
  if (major < 2 || major > 4) throw new Broken(10, 'version', '2 to 4', major);
  let cipher: { name: string; block: number } | undefined;
  let derivation = 'AES-KDF';
  let at = 12;
  for (;;) {
    reader.meter.step();
    const id = reader.u8(at, 'header field');
    const start = at + (major < 4 ? 3 : 5);
    const length = major < 4 ? reader.u16le(at + 1, 'field length') : reader.u32le(at + 1, 'field length');
    checkField(at, id, length);
    if (id === CIPHER) cipher = ciphers[hexOf(reader, start)];
    if (id === DERIVATION) derivation = derivationIn(reader, start, length);
    at = start + length;
    if (id === END) break;
  }
  if (cipher === undefined) throw new Broken(12, 'cipher', 'a known one', 'none');
  return { major, end: at, cipher: cipher.name, block: cipher.block, derivation };
}

function checkField(at: number, id: number, length: number): void {
  if (id > LAST_FIELD) throw new Broken(at, 'header field', `at most ${LAST_FIELD}`, id);
  const expected = lengths[id];
  if (expected !== undefined && length !== expected) throw new Broken(at, 'field length', expected, length);
  if (length > MOST_FIELD) throw new Broken(at, 'field length', `at most ${MOST_FIELD}`, length);
}

/** A dictionary of named values, among them the algorithm's UUID. */
function derivationIn(reader: Reader, start: number, length: number): string {
  const name = reader.indexOf('$UUID', start, start + length);
  const known = name < 0 ? undefined : derivations[hexOf(reader, name + 9)];
  if (known === undefined) throw new Broken(start, 'key derivation', 'a known one', 'another');
  return known;
}

function hexOf(reader: Reader, at: number): string {
  return Buffer.from(reader.bytes(at, 16, 'identifier')).toString('hex');
}
