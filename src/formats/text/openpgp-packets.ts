/** Tags of RFC 9580 §5: encrypted session keys, encrypted data in its four forms. */
const encryptedTags = new Set([1, 3, 9, 18, 20]);
const SECRET_KEY = 5;
const SECRET_SUBKEY = 7;

/** How many numbers a public key has, by algorithm (§9.1): RSA 2, Elgamal 3, DSA 4. */
const numbers: Readonly<Record<number, number>> = { 1: 2, 2: 2, 3: 2, 16: 3, 17: 4 };
/** Bytes of public keys of fixed length: X25519, X448, Ed25519, Ed448. */
const fixed: Readonly<Record<number, number>> = { 25: 32, 26: 56, 27: 32, 28: 57 };
/** ECDH, ECDSA, EdDSA (legacy): a curve and a point; ECDH with key derivation. */
const curves: Readonly<Record<number, boolean>> = { 18: true, 19: false, 22: false };

/** Whether these OpenPGP packets are an encrypted message. */
export function isEncryptedMessage(bytes: Uint8Array): boolean {
  return encryptedTags.has(tagOf(bytes[0] ?? 0));
}

/** Whether these OpenPGP packets begin with a secret key whose secret part is encrypted (§5.5.3). */
export function isSealedKey(bytes: Uint8Array): boolean {
  const tag = tagOf(bytes[0] ?? 0);
  if (tag !== SECRET_KEY && tag !== SECRET_SUBKEY) return false;
  const usage = bytes[endOfPublicPart(bytes, headerLength(bytes))];
  return usage !== undefined && usage !== 0;
}

function tagOf(first: number): number {
  if ((first & 0x80) === 0) return 0;
  return (first & 0x40) === 0 ? (first >> 2) & 15 : first & 63;
}

/** Whether whole packets tile these bytes: keys, names, signatures. */
export function isPacketChain(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    const packet = bytes.subarray(at);
    if (tagOf(packet[0]!) === 0) return false;
    at += headerLength(packet) + bodyLength(packet);
  }
  return at === bytes.length && at > 0;
}

/** §4.2: old lengths of 1, 2 or 4 bytes, new ones of 1, 2 or 5. */
function headerLength(bytes: Uint8Array): number {
  const first = bytes[0] ?? 0;
  if ((first & 0x40) === 0) return 1 + (1 << (first & 3));
  const length = bytes[1] ?? 0;
  return length < 192 ? 2 : length < 224 ? 3 : 6;
}

function bodyLength(bytes: Uint8Array): number {
  const first = bytes[0] ?? 0;
  const header = headerLength(bytes);
  const second = bytes[1] ?? 0;
  if ((first & 0x40) !== 0 && header === 2) return second;
  if ((first & 0x40) !== 0 && header === 3) return ((second - 192) << 8) + (bytes[2] ?? 0) + 192;
  const from = (first & 0x40) === 0 ? 1 : 2;
  let length = 0;
  for (let i = from; i < header; i++) length = length * 256 + (bytes[i] ?? 0);
  return length;
}

function endOfPublicPart(bytes: Uint8Array, start: number): number {
  const version = bytes[start] ?? 0;
  const algorithm = bytes[start + 5] ?? 0;
  if (version === 6) return start + 10 + u32(bytes, start + 6);
  const at = start + 6;
  const length = fixed[algorithm];
  if (length !== undefined) return at + length;
  if (algorithm in curves) return endOfCurve(bytes, at, curves[algorithm]!);
  return skipNumbers(bytes, at, numbers[algorithm] ?? 0);
}

function endOfCurve(bytes: Uint8Array, at: number, hasDerivation: boolean): number {
  const point = skipNumbers(bytes, at + 1 + (bytes[at] ?? 0), 1);
  return hasDerivation ? point + 1 + (bytes[point] ?? 0) : point;
}

function skipNumbers(bytes: Uint8Array, at: number, count: number): number {
  let end = at;
  for (let i = 0; i < count; i++) end += 2 + (((((bytes[end] ?? 0) << 8) | (bytes[end + 1] ?? 0)) + 7) >> 3);
  return end;
}

function u32(bytes: Uint8Array, at: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32BE(
    Math.min(at, bytes.length - 4),
  );
}
