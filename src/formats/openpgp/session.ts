import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Fields } from '../fields.ts';
import { sealRange } from '../sealed.ts';
import { ciphers, modes, nonces, publicAlgorithms, sessionParts, skipParts } from './algorithms.ts';
import { type Packet, tags } from './packet.ts';
import { readDerivation } from './password.ts';

export const MESSAGE = 'OpenPGP message';

/** Accounts for an encrypted session key; returns whose it is and how strong (RFC 9580 §5.1, §5.3). */
export function accountSession(reader: Reader, ledger: Ledger, { tag, body }: Packet): string {
  const { start, end } = body[0]!;
  const fields = new Fields(reader, start, end);
  const read = tag === tags.publicKeySession ? readForKey : readForPassword;
  const strength = read(fields);
  const { at } = fields;
  ledger.account(start, at, 'structure', 'encrypted session key', fields.longestOpaque + 8);
  if (tag === tags.publicKeySession) {
    sealRange(reader, ledger, { start: at, end }, { scheme: MESSAGE, strength });
    skipParts(fields, sessionParts[algorithmOf(fields, start)]!, 'session key');
    fields.finish('session key');
  } else {
    sealRange(reader, ledger, { start: at, end }, { scheme: MESSAGE, strength });
  }
  return strength;
}

/** Up to, without, the key material. */
function readForKey(fields: Fields): string {
  const version = fields.u8('version of a session key');
  if (version === 3) fields.skip(8, 'key id');
  else if (version === 6) fields.skip(fields.u8('length of a fingerprint'), 'fingerprint');
  else throw new Broken(fields.at - 1, 'version of a session key', '3 or 6', version);
  const algorithm = fields.u8('algorithm of a session key');
  fields.oneOf(sessionParts, algorithm, 'algorithm of a session key');
  const bits = algorithm <= 20 && algorithm !== 18 ? ` ${roundUp(fields.reader.u16be(fields.at))} bits` : '';
  return `${publicAlgorithms[algorithm]}${bits}`;
}

function algorithmOf({ reader }: Fields, start: number): number {
  if (reader.u8(start) === 3) return reader.u8(start + 9);
  return reader.u8(start + 2 + reader.u8(start + 1));
}

function readForPassword(fields: Fields): string {
  const version = fields.u8('version of a session key');
  if (version < 4 || version > 6)
    throw new Broken(fields.at - 1, 'version of a session key', '4 to 6', version);
  if (version === 6) fields.u8('length of the fields');
  const cipher = fields.oneOf(ciphers, fields.u8('cipher'), 'cipher');
  if (version === 4) {
    const { name } = readDerivation(fields);
    if (fields.left > 33) throw new Broken(fields.at, 'session key', 'at most 33 bytes', fields.left);
    return `${cipher}, password by ${name}`;
  }
  const mode = fields.u8('mode');
  fields.oneOf(modes, mode, 'mode');
  if (version === 6) fields.u8('length of the key derivation');
  const { name } = readDerivation(fields);
  fields.skip(nonces[mode]!, 'nonce');
  // The session key and its tag of 16 bytes.
  if (fields.left < 32 || fields.left > 48)
    throw new Broken(fields.at, 'session key and tag', '32 to 48 bytes', fields.left);
  return `${cipher} ${modes[mode]}, password by ${name}`;
}

/** Shortest contents: prefix of 10 bytes, a packet, and the digest; 16 bytes of a tag. */
const SHORTEST = 20;

/** Accounts for encrypted data (§5.7, §5.13; draft-ietf-openpgp-rfc4880bis §5.16 for tag 20). */
export function accountEncrypted(
  reader: Reader,
  ledger: Ledger,
  { tag, body }: Packet,
  strength: string,
): void {
  const first = body[0]!;
  const fields = new Fields(reader, first.start, first.end);
  const more = tag === tags.encrypted ? '' : readDataHeader(fields, tag);
  ledger.account(first.start, fields.at, 'structure', 'header of encrypted data', fields.longestOpaque + 8);
  const pieces: Range[] = [{ start: fields.at, end: first.end }, ...body.slice(1)];
  const size = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  if (size < SHORTEST) throw new Broken(first.start, 'encrypted data', `${SHORTEST} bytes`, size);
  for (const piece of pieces)
    sealRange(reader, ledger, piece, {
      scheme: MESSAGE,
      strength: [strength, more].filter(Boolean).join('; '),
    });
}

function readDataHeader(fields: Fields, tag: number): string {
  const version = fields.u8('version of encrypted data');
  if (version === 1 && tag === tags.integrityProtected) return '';
  if (version !== (tag === tags.aead ? 1 : 2))
    throw new Broken(fields.at - 1, 'version of encrypted data', '1 or 2', version);
  const cipher = fields.oneOf(ciphers, fields.u8('cipher'), 'cipher');
  const mode = fields.u8('mode');
  const name = fields.oneOf(modes, mode, 'mode');
  const chunk = fields.u8('size of chunks');
  // §5.13.2: up to 4 MiB; GnuPG writes these for tag 20 too, and the draft allowed 56.
  if (chunk > 56) throw new Broken(fields.at - 1, 'size of chunks', 'at most 56', chunk);
  fields.skip(tag === tags.aead ? nonces[mode]! : 32, 'salt');
  return `${cipher} ${name}`;
}

/** The number is smaller than its key, by a few bits mostly; keys have whole words. */
function roundUp(bits: number): number {
  return Math.ceil(bits / 64) * 64;
}
