import { createHash } from 'node:crypto';
import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Fields } from '../fields.ts';
import { type Envelope, expectBlocks, expectChunks, type Opened } from './envelope.ts';

/** AxCrypt: blocks of length and kind, up to the one that tells of the data. */
function openAxCrypt(reader: Reader): Opened {
  const dataBlock = 63;
  const mostBlock = 1 << 16;
  for (let at = 16; ; ) {
    reader.meter.step();
    const length = reader.u32le(at, 'length of a header block');
    const kind = reader.u8(at + 4, 'kind of a header block') & 0x7f;
    if (length < 5 || length > mostBlock)
      throw new Broken(at, 'length of a header block', `5 to ${mostBlock}`, length);
    at += length;
    if (kind !== dataBlock) continue;
    // Version 1 tells the length of the ciphertext, which goes to the end.
    if (length === 13 && reader.u64le(at - 8, 'length of the data') > reader.size - at)
      throw new Broken(at - 8, 'length of the data', `at most ${reader.size - at}`, 'more');
    return { start: at, end: reader.size, strength: 'AES', floor: 160 };
  }
}

/** AES Crypt stream format, versions 0 to 3. */
function openAesCrypt(reader: Reader): Opened {
  const version = reader.u8(3, 'version');
  const hmac = 32;
  if (version > 3) throw new Broken(3, 'version', '0 to 3', version);
  const fields = new Fields(reader, 5, reader.size);
  if (version >= 2) skipExtensions(fields);
  if (version === 3) fields.u32be('iterations');
  fields.skip(16, 'initialisation vector');
  if (version > 0) fields.skip(48 + hmac, 'sealed key and its HMAC');
  // Versions 1 and 2 keep the length of the last block before the HMAC, 0 in the header, 3 in the padding.
  const tail = hmac + (version === 1 || version === 2 ? 1 : 0);
  const size = fields.left - tail;
  expectBlocks(fields.at, size, 16, version === 3 ? 16 : 0);
  return { start: fields.at, end: fields.at + size, strength: 'AES-256-CBC, HMAC-SHA-256', floor: 104 };
}

/** Lengths and texts, up to an empty one. */
function skipExtensions(fields: Fields): void {
  for (;;) {
    fields.reader.meter.step();
    const length = fields.u16be('length of an extension');
    if (length === 0) return;
    fields.skip(length, 'extension');
  }
}

/** scrypt, FORMAT: the first 48 bytes carry 16 bytes of their SHA-256. */
function openScrypt(reader: Reader): Opened {
  const stored = Buffer.from(reader.copy(48, 16, 'SHA-256 of the header')).toString('hex');
  const computed = createHash('sha256').update(reader.bytes(0, 48)).digest('hex').slice(0, 32);
  if (stored !== computed) throw new Broken(48, 'SHA-256 of the header', stored, computed);
  const start = 96;
  if (reader.size < start + 32)
    throw new Broken(start, 'ciphertext and HMAC', '32 bytes', reader.size - start);
  const strength = `AES-256-CTR, scrypt 2^${reader.u8(7)}, r ${reader.u32be(8)}, p ${reader.u32be(12)}`;
  return { start, end: reader.size, strength, proof: 'checksum', floor: 36 };
}

/** rclone, crypt: nonce, then chunks of 64 KiB with tags of 16 bytes. */
function openRclone(reader: Reader): Opened {
  const start = 32;
  reader.u8(start - 1, 'nonce');
  expectChunks(start, reader.size - start, (1 << 16) + 16, 16);
  return { start, end: reader.size, strength: 'XSalsa20-Poly1305', floor: 28 };
}

function openGitCrypt(reader: Reader): Opened {
  const start = 22;
  reader.u8(start - 1, 'nonce');
  return { start, end: reader.size, strength: 'AES-256-CTR, HMAC-SHA-1', floor: 16 };
}

const mcryptName = /^([a-z0-9-]{2,24})\0([\s\S]{2})([a-z0-9-]{2,16})\0([a-z0-9-]{2,24})\0/;

/** mcrypt: names of cipher, mode and key derivation, each ending in a zero; key length between. */
function openMcrypt(reader: Reader): Opened {
  const text = reader.latin1(4, Math.min(128, reader.size - 4), 'header');
  const names = mcryptName.exec(text);
  if (names === null)
    throw new Broken(4, 'header', 'cipher, mode, derivation', JSON.stringify(text.slice(0, 20)));
  const [whole, cipher, , mode, derivation] = names;
  return {
    start: 4 + whole.length,
    end: reader.size,
    strength: `${cipher}-${mode}, ${derivation}`,
    floor: 16,
  };
}

/** Files that were sealed one by one. */
export const streams: readonly Envelope[] = [
  {
    id: 'axcrypt',
    title: 'AxCrypt file',
    extensions: ['axx'],
    signatures: [{ at: 0, hex: 'c0b9072e4f93f146a015792ca1d9e821' }],
    spec: 'AxCrypt, File format',
    proof: 'blocks of the header tile up to the data; contents are sealed',
    scheme: 'AxCrypt',
    open: openAxCrypt,
  },
  {
    id: 'aescrypt',
    title: 'AES Crypt file',
    extensions: ['aes'],
    signatures: [{ at: 0, hex: '4145530000', mask: 'fffffffcff' }],
    spec: 'AES Crypt, Stream format',
    proof: 'header and extensions, ciphertext of whole blocks; HMACs need the key',
    scheme: 'AES Crypt',
    open: openAesCrypt,
  },
  {
    id: 'scrypt',
    title: 'scrypt encrypted file',
    extensions: ['scrypt'],
    signatures: [{ at: 0, hex: '73637279707400' }],
    spec: 'scrypt, FORMAT',
    proof: 'SHA-256 of the parameters; HMACs need the password',
    scheme: 'scrypt',
    open: openScrypt,
  },
  {
    id: 'rclone-crypt',
    title: 'rclone crypt file',
    extensions: [],
    signatures: [{ at: 0, hex: '52434c4f4e450000' }],
    spec: 'rclone documentation, Crypt, File formats',
    proof: 'magic bytes and nonce, whole chunks with their tags',
    scheme: 'rclone crypt',
    open: openRclone,
  },
  {
    id: 'git-crypt',
    title: 'git-crypt file',
    extensions: [],
    signatures: [{ at: 0, hex: '00474954435259505400' }],
    spec: 'git-crypt, README',
    proof: 'magic bytes and nonce',
    scheme: 'git-crypt',
    open: openGitCrypt,
  },
  {
    id: 'mcrypt',
    title: 'mcrypt file',
    extensions: [],
    signatures: [{ at: 0, hex: '006d03' }],
    spec: 'mcrypt source, mcrypt.h',
    proof: 'names of cipher, mode and key derivation by their grammar',
    scheme: 'mcrypt',
    open: openMcrypt,
  },
];
