import { Broken } from '../../bytes/errors.ts';
import { decodeDigits } from '../../checks/base64.ts';
import { crc24 } from '../../checks/crc24.ts';
import { type Desk, type Embedded, examineBlock, leaveOpen, protect } from './block.ts';
import { isEncryptedMessage, isPacketChain, isSealedKey } from './openpgp-packets.ts';
import { cipherOfSshKey, isOpenSshKey } from './ssh-keys.ts';

/** What stands between a `-----BEGIN` line and the digits (RFC 7468, RFC 1421 §4.6, RFC 9580 §6.2). */
export interface Armour {
  /** `RSA PRIVATE KEY` */
  readonly label: string;
  readonly headers: string;
}

const begin = '-----BEGIN ';
const lastBegin = /^-----BEGIN ([A-Za-z0-9 .#/+-]{1,64})-----[ \t]*\r?\n([\s\S]*)$/;

/** The armour in which digits stand that follow this text, or null. */
export function armourOf(before: string): Armour | null {
  const at = before.lastIndexOf(begin);
  if (at < 0) return null;
  const match = lastBegin.exec(before.slice(at));
  if (match === null || match[2]!.includes('-----') || !isHeaders(match[2]!)) return null;
  return { label: match[1]!, headers: match[2]! };
}

function isHeaders(text: string): boolean {
  return text.split('\n').every((line) => /^\s*$|^[\w-]{1,40}: |^[ \t]/.test(line));
}

/** Whether the text accounts for the digits in this armour; if not, what they are has been noted. */
export function noteArmour(desk: Desk, block: Embedded, armour: Armour): boolean {
  if (!block.after.includes(`-----END ${armour.label}-----`)) {
    desk.ledger.oddity(block.end, `armour without its -----END ${armour.label}-----`);
  }
  const { label, headers } = armour;
  if (label.startsWith('PGP ')) return noteOpenPgp(desk, block, label);
  const cipher = /DEK-Info: ([\w-]+)/.exec(headers)?.[1];
  if (/Proc-Type: 4,ENCRYPTED/.test(headers)) return protect(desk, block, `PEM ${label}`, cipher);
  if (label === 'AGE ENCRYPTED FILE') return protect(desk, block, 'age');
  if (label === 'OPENSSH PRIVATE KEY') return noteSshKey(desk, block);
  return examineBlock(desk, block, `${label.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}.der`);
}

function noteOpenPgp(desk: Desk, block: Embedded, label: string): boolean {
  const bytes = decodeDigits(block.digits, 'base64');
  const isProved = checkSum(desk, block, bytes);
  if (isEncryptedMessage(bytes)) return protect(desk, block, 'OpenPGP message');
  if (isSealedKey(bytes)) return protect(desk, block, 'OpenPGP secret key');
  if (label === 'PGP MESSAGE') return leaveOpen(desk, block);
  if (!isProved) return isPacketChain(bytes) || leaveOpen(desk, block);
  desk.ledger.account(block.start, block.end, 'checksum', 'CRC-24 of the armour', 1);
  return true;
}

/** RFC 9580 §6.1: the sum may be absent. A sum that doesn't fit contradicts the bytes. */
function checkSum({ ledger }: Desk, block: Embedded, bytes: Uint8Array): boolean {
  if (block.checksum === null) return false;
  const stored = Buffer.from(block.checksum.slice(1, 5), 'base64').toString('hex');
  const computed = crc24(bytes).toString(16).padStart(6, '0');
  if (stored !== computed)
    ledger.broken(new Broken(block.end, 'CRC-24 of the armour', stored, computed), block.end);
  return stored === computed;
}

/** A key that isn't encrypted is text where its fields fit each other. */
function noteSshKey(desk: Desk, block: Embedded): boolean {
  const bytes = Buffer.from(decodeDigits(block.digits, 'base64'));
  const cipher = cipherOfSshKey(bytes);
  if (cipher === null) {
    desk.ledger.broken(
      new Broken(block.start, 'OpenSSH private key', 'openssh-key-v1', 'other bytes'),
      block.end,
    );
    return leaveOpen(desk, block);
  }
  if (cipher !== 'none') return protect(desk, block, 'OpenSSH private key', cipher);
  return isOpenSshKey(bytes) || leaveOpen(desk, block);
}
