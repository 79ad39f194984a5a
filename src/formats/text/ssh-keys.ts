import { decodeDigits } from '../../checks/base64.ts';
import type { Embedded } from './block.ts';

const magic = 'openssh-key-v1\0';
/** RFC 4253 §6.6, RFC 5656, RFC 8709; OpenSSH PROTOCOL.u2f. */
const kinds = /(^|[\s"'])((?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-sha2-)[\w@.-]{1,64}) $/;

/** Whether this is the base64 of an SSH public key: its first field repeats the kind, and its fields tile it. */
export function isSshKey({ before, digits }: Embedded): boolean {
  const kind = kinds.exec(before.slice(-128))?.[2];
  if (kind === undefined) return false;
  const fields = fieldsOf(Buffer.from(decodeDigits(digits, 'base64')));
  return fields !== null && fields[0]?.toString('latin1') === kind;
}

/** The name of the cipher of a private key (OpenSSH PROTOCOL.key), `none` for no cipher; null if it's no such key. */
export function cipherOfSshKey(bytes: Buffer): string | null {
  if (bytes.toString('latin1', 0, magic.length) !== magic || bytes.length < 32) return null;
  const length = Math.min(64, bytes.readUInt32BE(magic.length));
  return bytes.toString('latin1', magic.length + 4, magic.length + 4 + length);
}

/** Whether the private part of a key without cipher repeats its check number and ends with 1, 2, 3… */
export function isOpenSshKey(bytes: Buffer): boolean {
  const head = bytes.subarray(magic.length);
  const options = 4 + 4 + 4 + 4 + 4;
  if (head.length < options + 8) return false;
  const rest = fieldsOf(head.subarray(options + 4));
  const secret = rest?.[1];
  if (rest?.length !== 2 || secret === undefined || secret.length < 16) return false;
  return secret.readUInt32BE(0) === secret.readUInt32BE(4);
}

/** Strings with their lengths of 32 bits before them, if they tile these bytes. */
function fieldsOf(bytes: Buffer): Buffer[] | null {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
