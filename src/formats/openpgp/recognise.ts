import { ciphers, hashes, publicAlgorithms, sessionParts } from './algorithms.ts';
import { tagOf, tags } from './packet.ts';

type Bytes = Uint8Array;

/** Which first bytes of a body each tag may begin a file with. */
const beginnings: Readonly<Record<number, (head: Bytes, at: number) => boolean>> = {
  [tags.publicKeySession]: (head, at) =>
    head[at] === 6 || (head[at] === 3 && (head[at + 9] ?? 0) in sessionParts),
  [tags.passwordSession]: (head, at) => head[at]! >= 4 && head[at]! <= 6 && hasCipher(head, at),
  [tags.signature]: (head, at) =>
    (head[at]! >= 4 && head[at]! <= 6 && (head[at + 3] ?? 0) in hashes) ||
    ((head[at] === 3 || head[at] === 2) && head[at + 1] === 5),
  [tags.onePassSignature]: (head, at) => head[at] === 3 && (head[at + 2] ?? 0) in hashes,
  [tags.secretKey]: isKey,
  [tags.publicKey]: isKey,
  [tags.secretSubkey]: isKey,
  [tags.publicSubkey]: isKey,
  [tags.compressed]: (head, at) => head[at]! <= 3,
  [tags.marker]: (head, at) => head[at] === 0x50 && head[at + 1] === 0x47 && head[at + 2] === 0x50,
  [tags.integrityProtected]: (head, at) => head[at] === 1 || (head[at] === 2 && hasCipher(head, at)),
  [tags.aead]: (head, at) => head[at] === 1 && hasCipher(head, at),
};

function hasCipher(head: Bytes, at: number): boolean {
  return (head[at + (head[at] === 6 ? 2 : 1)] ?? 255) in ciphers;
}

function isKey(head: Bytes, at: number): boolean {
  const version = head[at]!;
  return version >= 2 && version <= 6 && (head[at + (version <= 3 ? 7 : 5)] ?? 0) in publicAlgorithms;
}

/** Whether a packet begins here whose first fields make sense. What stands behind it is for the verifier. */
export function mayBegin(head: Bytes, size: number): boolean {
  const first = head[0] ?? 0;
  const begins = beginnings[tagOf(first)];
  if (begins === undefined || size < 8) return false;
  const at = bodyAt(head);
  return at < head.length && begins(head, at);
}

function bodyAt(head: Bytes): number {
  const first = head[0]!;
  if ((first & 0x40) === 0) return (first & 3) === 3 ? 1 : 1 + (1 << (first & 3));
  const length = head[1] ?? 0;
  if (length < 192 || (length >= 224 && length < 255)) return 2;
  return length < 224 ? 3 : 6;
}
