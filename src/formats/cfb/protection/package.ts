import { Broken } from '../../../bytes/errors.ts';
import type { Compound } from '../compound.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import type { Stream } from '../stream.ts';
import { describeHeader } from './encryption-header.ts';

/** Bytes before the ciphertext: the size of what is encrypted. */
const SIZE = 8;

/** EncryptedPackage: a document of Office Open XML, encrypted as a whole (MS-OFFCRYPTO §2.3.4.4). */
export function verifyPackage({ stream, compound }: Part): void {
  const { ledger, size } = stream;
  const seal = readSeal(compound);
  if (!seal.isKnown) {
    ledger.oddity(0, 'nothing tells the cipher');
    ledger.protect(0, size, seal.scheme, seal.strength);
    return;
  }
  if (size < SIZE || !isSizePossible(stream)) {
    ledger.broken(
      new Broken(0, 'size of the package', `at most ${size - SIZE}`, 'more'),
      Math.min(SIZE, size),
    );
    ledger.protect(0, size, seal.scheme, seal.strength);
    return;
  }
  ledger.account(0, SIZE, 'structure', 'size of the package', 8);
  ledger.protect(SIZE, size, seal.scheme, seal.strength);
}

/** Ciphertext is a whole number of blocks, of which Office fills up the last 4,096 bytes, too. */
function isSizePossible({ reader, size }: Stream): boolean {
  return reader.u32le(4) === 0 && reader.u32le(0) <= size - SIZE;
}

interface PackageSeal {
  /** Whether EncryptionInfo tells of it. */
  readonly isKnown: boolean;
  readonly scheme: string;
  readonly strength: string;
}

const agile =
  /<keyData[^>]*?\bblockSize="(\d+)"[^>]*?\bkeyBits="(\d+)"[^>]*?\bcipherAlgorithm="([A-Z0-9]+)"[^>]*?\bhashAlgorithm="([A-Z0-9-]+)"/s;

/** EncryptionInfo begins with its version: 4.4 is agile, 2–4.2 standard, 3–4.3 extensible (§2.3.4.5–10). */
function readSeal({ streams }: Compound): PackageSeal {
  const info = streams.find(({ name }) => name === 'EncryptionInfo');
  const rights = streams.some(({ path }) => path.some((name) => /DRMEncrypted/.test(name)));
  if (rights)
    return { isKnown: true, scheme: 'Rights-managed Office document', strength: 'rights management' };
  if (info === undefined || info.size < 8)
    return { isKnown: false, scheme: 'Encrypted Office Open XML package', strength: 'unknown cipher' };
  const [major, minor] = [info.reader.u16le(0), info.reader.u16le(2)];
  if (major === 4 && minor === 4)
    return { isKnown: true, scheme: 'ECMA-376 agile encryption', strength: agileStrength(info) };
  const scheme = minor === 2 ? 'ECMA-376 standard encryption' : 'ECMA-376 extensible encryption';
  return { isKnown: true, scheme, strength: describeHeader(info.reader, 0, info.size) };
}

function agileStrength({ reader, size }: Stream): string {
  const [, , bits, cipher, hash] = agile.exec(reader.latin1(8, Math.min(size - 8, 1 << 16))) ?? [];
  return cipher === undefined ? 'unknown cipher' : `${cipher}-${bits}, ${hash}`;
}

/** EncryptionInfo: a descriptor in XML, or an EncryptionHeader with its verifier. */
export function verifyEncryptionInfo(part: Part): void {
  const { stream, compound } = part;
  const { reader, ledger, size } = stream;
  if (size >= 8 && reader.u16le(0) === 4 && reader.u16le(2) === 4) {
    const xml = reader.latin1(8, Math.min(size - 8, 1 << 16));
    if (!/^\s*<\?xml[\x20-\x7e\s]*<\/encryption>[\s\0]*$/.test(xml))
      ledger.broken(new Broken(8, 'encryption descriptor', 'an XML document', 'other bytes'), size);
    else ledger.account(0, size, 'grammar', 'encryption descriptor');
    return;
  }
  // Salt and verifier are random by right.
  if (size >= 44) ledger.account(0, 44, 'structure', 'encryption header', 16);
  if (size >= 8) protectVerifier(stream, readSeal(compound));
  accountRest(part);
}

/** The header's size stands behind version and flags; the verifier follows it (§2.3.3). */
function protectVerifier({ reader, ledger, size }: Stream, { scheme, strength }: PackageSeal): void {
  const at = 12 + (size >= 12 ? reader.u32le(8) : 0);
  if (at < size) ledger.protect(at, size, scheme, strength);
}
