import { Broken } from '../../bytes/errors.ts';
import type { Fields } from '../fields.ts';
import { hashes } from './algorithms.ts';

/** How a key comes from a password (RFC 9580 §3.7.1). */
export interface Derivation {
  readonly name: string;
  /** GnuPG, doc/DETAILS: the secret part isn't there at all, or is on a card. */
  readonly isStub: boolean;
}

/** @throws Broken */
export function readDerivation(fields: Fields): Derivation {
  const kind = fields.u8('kind of key derivation');
  if (kind === 4) {
    fields.skip(16, 'salt');
    fields.skip(3, 'cost of Argon2');
    return { name: 'Argon2', isStub: false };
  }
  const hash = fields.u8('hash of the key derivation');
  if (kind === 101) return readStub(fields);
  const name = fields.oneOf(hashes, hash, 'hash of the key derivation');
  if (kind !== 0 && kind !== 1 && kind !== 3)
    throw new Broken(fields.at - 2, 'kind of key derivation', '0, 1, 3 or 4', kind);
  if (kind > 0) fields.skip(8, 'salt');
  if (kind === 3) fields.u8('count of iterations');
  return { name: kind === 3 ? `iterated ${name}` : name, isStub: false };
}

function readStub(fields: Fields): Derivation {
  const mark = fields.latin1(3, 'mark of GnuPG');
  const mode = fields.u8('kind of stub');
  if (mark !== 'GNU' || (mode !== 1 && mode !== 2))
    throw new Broken(fields.at - 4, 'stub of GnuPG', 'GNU 1 or GNU 2', `${mark} ${mode}`);
  return { name: mode === 1 ? 'no secret part' : 'secret part on a card', isStub: true };
}
