import { createHash } from 'node:crypto';
import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineStored } from './stored.ts';

const HEADER_BLOB = 1;
const OPENPGP_BLOB = 2;
const X509_BLOB = 3;
const DIGEST = 20;
/** GnuPG, kbx/keybox-defs.h: a blob of one key with its signatures; `MAX_ALLOWED_BLOB` 5 MiB. */
const MOST_BLOB = 5 << 20;

/** GnuPG, kbx/keybox-blob.c: length, kind, then fields; SHA-1 at the end of key blobs. Returns where it ends. */
function takeBlob(reader: Reader, ledger: Ledger, context: Context, at: number): number {
  const length = reader.u32be(at, 'length of a blob');
  const kind = reader.u8(at + 4, 'kind of a blob');
  if (length < 32 || length > MOST_BLOB)
    throw new Broken(at, 'length of a blob', `32 to ${MOST_BLOB}`, length);
  const end = at + length;
  reader.u8(end - 1, 'blob');
  if (kind === HEADER_BLOB) {
    reader.expect(at + 8, 'KBXf', 'magic bytes');
    ledger.account(at, end, 'structure', 'header blob', 12);
  } else if (kind === OPENPGP_BLOB || kind === X509_BLOB) {
    checkDigest(reader, at, end);
    examineKey(reader, ledger, context, at, kind);
    ledger.account(at, end, 'checksum', 'SHA-1 of a key blob');
  } else if (kind === 0) {
    ledger.raw(at + 5, end, 'deleted blob');
  } else throw new Broken(at + 4, 'kind of a blob', '0 to 3', kind);
  return end;
}

function checkDigest(reader: Reader, at: number, end: number): void {
  const hash = createHash('sha1');
  for (const part of reader.stream(at, end - DIGEST, 'key blob')) hash.update(part);
  const stored = Buffer.from(reader.bytes(end - DIGEST, DIGEST)).toString('hex');
  const computed = hash.digest('hex');
  if (stored !== computed) throw new Broken(end - DIGEST, 'SHA-1 of a key blob', stored, computed);
}

/** The key itself stands at an offset that the blob tells. */
function examineKey(reader: Reader, ledger: Ledger, context: Context, at: number, kind: number): void {
  const start = at + reader.u32be(at + 8, 'offset of a key');
  const end = start + reader.u32be(at + 12, 'length of a key');
  const limit = at + reader.u32be(at);
  if (start < at + 20 || end > limit)
    throw new Broken(at + 8, 'place of a key', 'inside of the blob', start - at);
  examineStored(
    { reader, ledger, context, start, end },
    kind === OPENPGP_BLOB ? 'key.gpg' : 'certificate.cer',
  );
}

export const keybox: Format = {
  id: 'gnupg-keybox',
  title: 'GnuPG keybox',
  extensions: ['kbx'],
  signatures: [{ at: 8, hex: '4b425866' }],
  spec: 'GnuPG source, kbx/keybox-blob.c',
  proof: 'blobs tile the file, SHA-1 of each; the keys inside are examined',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    reader.expect(8, 'KBXf', 'magic bytes');
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      at = takeBlob(reader, ledger, context, at);
    }
  },
};
