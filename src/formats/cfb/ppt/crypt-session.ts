import type { Compound } from '../compound.ts';
import { describeHeader } from '../protection/encryption-header.ts';
import type { Stream } from '../stream.ts';

const ENCRYPTED = 0xf3d1c4df;
const CRYPT_SESSION = 0x2f14;
/** The container's head stands as plain as the user edits do: found by its bytes (MS-PPT §2.3.7). */
const SESSION_HEAD = [0x0f, 0x00, CRYPT_SESSION & 0xff, CRYPT_SESSION >> 8];

/** The cipher of an encrypted presentation; null where it isn't encrypted. */
export function findSeal({ streams }: Compound): string | null {
  const user = find(streams, 'Current User');
  const document = find(streams, 'PowerPoint Document');
  const says = user !== undefined && user.size >= 16 && user.reader.u32le(12) === ENCRYPTED;
  if (!(says || find(streams, 'EncryptedSummary') !== undefined) || document === undefined) return null;
  const { reader, size } = document;
  const at = reader.indexOf(Uint8Array.from(SESSION_HEAD), 0, size);
  return at < 0 ? 'CryptoAPI' : describeHeader(reader, at + 8, size);
}

function find(streams: readonly Stream[], name: string): Stream | undefined {
  return streams.find((stream) => stream.path.length === 1 && stream.name === name);
}
