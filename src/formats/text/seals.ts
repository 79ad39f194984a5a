import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Embedded } from './block.ts';

/** Ciphertext in digits, under its owner's key, known by what stands before it or by its first digits. */
interface Seal {
  readonly before: RegExp;
  readonly digits: RegExp;
  readonly scheme: string;
}

const seals: readonly Seal[] = [
  // Ansible documentation, "Ansible Vault": header line, then lines of 80 hexadecimal digits.
  {
    before: /\$ANSIBLE_VAULT;1\.[0-2];AES256[^\n]*\n\s*$/,
    digits: /^[0-9a-f]/,
    scheme: 'ansible-vault AES256',
  },
  // RFC 7516 §7.1: protected header (`{"`), key, vector, ciphertext, tag.
  { before: /(^|[\s"'=:])eyJ[\w-]+\.[\w-]*\.[\w-]*\.$/, digits: /^[\w-]/, scheme: 'JWE' },
  { before: /"ciphertext"\s*:\s*"$/, digits: /^[\w-]/, scheme: 'JWE' },
  // Fernet specification, version 0x80 and the upper half of a 64-bit time.
  { before: /(^|[\s"'=:>])$/, digits: /^gAAAAA[\w-]/, scheme: 'Fernet' },
  // restic design, "Keys": the master key under a password.
  { before: /"kdf":\s*"scrypt"[\s\S]*"data":\s*"$/, digits: /^[\w+/]/, scheme: 'restic key, scrypt' },
  // Mozilla SOPS, encrypted values.
  { before: /ENC\[AES256_GCM,data:$/, digits: /^[\w+/]/, scheme: 'SOPS AES256_GCM' },
];

/** The scheme that seals a block, or null. */
export function sealOf(block: Embedded): string | null {
  const before = block.before.slice(-1024);
  const digits = Buffer.from(block.digits.subarray(0, 16)).toString('latin1');
  return seals.find((seal) => seal.digits.test(digits) && seal.before.test(before))?.scheme ?? null;
}

const vaultHeader = '$ANSIBLE_VAULT;';
/** Ansible's indented form inside YAML: the header line, then lines of at most 80 hexadecimal digits. */
const indentedVault = /^\$ANSIBLE_VAULT;1\.[0-2];AES256[^\n]*\r?\n(?:[ \t]+[0-9a-f]{1,80}[ \t]*(?:\r?\n|$))+/;
const LONGEST_VAULT = 1 << 16;

/** Vaults that stand indented in a YAML file, where their lines are too short to be seen as runs of digits. */
export function* indentedVaults(reader: Reader): Generator<Range> {
  for (let at = reader.indexOf(vaultHeader, 0); at >= 0; at = reader.indexOf(vaultHeader, at + 1)) {
    reader.meter.step();
    const found = indentedVault.exec(reader.latin1(at, Math.min(LONGEST_VAULT, reader.size - at), 'vault'));
    if (found !== null) yield { start: at, end: at + found[0].length };
  }
}
