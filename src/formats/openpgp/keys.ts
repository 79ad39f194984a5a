import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Fields } from '../fields.ts';
import { sealRange } from '../sealed.ts';
import {
  blockSizes,
  ciphers,
  modes,
  nonces,
  publicAlgorithms,
  publicParts,
  secretParts,
  skipParts,
} from './algorithms.ts';
import { type Packet, tags } from './packet.ts';
import { readDerivation } from './password.ts';

const WHAT = 'key material amid lengths';

/** What of a key is read before its secret part. */
interface PublicPart {
  readonly version: number;
  readonly algorithm: number;
}

/** Accounts for a public or secret key (RFC 9580 §5.5). */
export function accountKey(reader: Reader, ledger: Ledger, { tag, body }: Packet): void {
  const { start, end } = body[0]!;
  const fields = new Fields(reader, start, end);
  const key = readPublicPart(fields);
  if (tag === tags.secretKey || tag === tags.secretSubkey) takeSecret(fields, ledger, key);
  else fields.finish('key');
  ledger.account(start, fields.at, 'structure', WHAT, fields.longestOpaque + 8);
}

function readPublicPart(fields: Fields): PublicPart {
  const version = fields.u8('version of a key');
  if (version < 2 || version > 6) throw new Broken(fields.at - 1, 'version of a key', '2 to 6', version);
  fields.skip(4, 'time');
  if (version <= 3) fields.u16be('days of validity');
  const algorithm = fields.u8('algorithm of a key');
  fields.oneOf(publicAlgorithms, algorithm, 'algorithm of a key');
  const length = version >= 5 ? fields.u32be('length of a key') : null;
  const from = fields.at;
  skipParts(fields, publicParts[algorithm]!, 'key');
  if (length !== null && fields.at - from !== length)
    throw new Broken(from, 'length of a key', length, fields.at - from);
  return { version, algorithm };
}

/** §5.5.3: how the secret part is sealed, if it is. */
function takeSecret(fields: Fields, ledger: Ledger, { version, algorithm }: PublicPart): void {
  const usage = fields.u8('use of a password');
  if (usage === 0) {
    takePlainSecret(fields, version, algorithm);
    return;
  }
  if (version >= 5) fields.u8('length of the fields');
  const cipher = usage >= 253 ? fields.u8('cipher') : usage;
  const name = fields.oneOf(ciphers, cipher, 'cipher');
  const mode = usage === 253 ? fields.u8('mode') : 0;
  if (usage === 253) fields.oneOf(modes, mode, 'mode');
  if (version === 6 && usage >= 253) fields.u8('length of the key derivation');
  const derivation = usage >= 253 ? readDerivation(fields) : { name: 'MD5', isStub: false };
  if (derivation.isStub) {
    fields.skip(fields.left, 'serial number of a card');
    return;
  }
  fields.skip(usage === 253 ? nonces[mode]! : (blockSizes[cipher] ?? 16), 'initialisation vector');
  const least = secretParts[algorithm]!.length * 2;
  if (fields.left < least) throw new Broken(fields.at, 'secret part', `${least} bytes`, fields.left);
  const sealed = { start: fields.at, end: fields.end };
  const strength = `${name}, password by ${derivation.name}`;
  sealRange(fields.reader, ledger, sealed, { scheme: 'OpenPGP secret key', strength });
}

/** §5.5.3: without a password, the sum of the bytes follows; in version 6 it doesn't. */
function takePlainSecret(fields: Fields, version: number, algorithm: number): void {
  if (version === 5) fields.skip(4, 'length of the secret part');
  const start = fields.at;
  skipParts(fields, secretParts[algorithm]!, 'secret part');
  const length = fields.at - start;
  if (version < 6) {
    const computed = fields.reader.bytes(start, length).reduce((sum, byte) => (sum + byte) & 0xffff, 0);
    const stored = fields.u16be('sum of the secret part');
    if (stored !== computed) throw new Broken(fields.at - 2, 'sum of the secret part', stored, computed);
  }
  fields.finish('secret part');
}
