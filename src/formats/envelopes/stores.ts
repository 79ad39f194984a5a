import { createHash } from 'node:crypto';
import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { Fields } from '../fields.ts';
import { isZeroFilled } from '../tail.ts';
import { type Envelope, expectBlocks, type Opened } from './envelope.ts';

/** Telegram Desktop, `storage_details.cpp`, FileWriteDescriptor: MD5 over data, its length, the version, `TDF$`. */
function openTelegram(reader: Reader): Opened {
  const start = 8;
  const end = reader.size - 16;
  if (end < start) throw new Broken(start, 'data and MD5', '16 bytes', reader.size - start);
  const hash = createHash('md5');
  for (const part of reader.stream(start, end, 'data')) hash.update(part);
  const length = Buffer.alloc(4);
  length.writeInt32LE(end - start);
  hash.update(length).update(reader.copy(4, 4)).update('TDF$');
  const stored = Buffer.from(reader.copy(end, 16, 'MD5')).toString('hex');
  const computed = hash.digest('hex');
  if (stored !== computed) throw new Broken(end, 'MD5', stored, computed);
  return { start, end, strength: 'AES-256-IGE', proof: 'checksum', floor: 1 };
}

/** Signal, Backups.proto: a header with a vector of 16 and a salt of 32 bytes, then frames whose key is a password's. */
function openSignal(reader: Reader): Opened {
  const length = reader.u32be(0, 'length of the header');
  const inner = reader.u8(5, 'length of the header');
  if (length !== inner + 2 || inner < 52 || inner > 60)
    throw new Broken(0, 'length of the header', inner + 2, length);
  return { start: 4 + length, end: reader.size, strength: 'AES-256-CTR, HMAC-SHA-256', floor: 40 };
}

/** WhatsApp: length, a mark since crypt15, then a message with a vector of 16 bytes and the version of the program. */
function openWhatsApp(reader: Reader): Opened {
  const header = reader.latin1(0, Math.min(reader.size, 2 + reader.u8(0, 'length of the header')), 'header');
  if (!isWhatsApp(header))
    throw new Broken(0, 'header', 'key kind, vector, version', JSON.stringify(header.slice(0, 8)));
  const mark = header.charCodeAt(1) === 1 ? 2 : 1;
  return { start: header.charCodeAt(0) + mark, end: reader.size, strength: 'AES-256-GCM', floor: 64 };
}

function isWhatsApp(header: string): boolean {
  return /^[\x20-\xff]\x01?\x08[\x00-\x03][\s\S]*\n\x10[\s\S]{16}[\s\S]*\d\.\d{1,3}\.\d{1,4}/.test(header);
}

const ECRYPTFS_HEADER = 8192;
/** Where the packets of even many keys have ended. */
const ECRYPTFS_PACKETS = 2048;
const ECRYPTFS_MARK = 0x3c81b7f5;
const PAGE = 4096;

/** Linux, fs/ecryptfs/crypto.c: length of the plain file, a marker of two numbers, then OpenPGP packets. */
function openEcryptfs(reader: Reader): Opened {
  const plain = reader.u64be(0, 'length of the plain file');
  const first = reader.u32be(8, 'marker');
  const second = reader.u32be(12, 'marker');
  if ((first ^ second) >>> 0 !== ECRYPTFS_MARK)
    throw new Broken(8, 'marker', ECRYPTFS_MARK, (first ^ second) >>> 0);
  const header = reader.u32be(20, 'length of a header extent') * reader.u16be(24, 'header extents');
  if (header < ECRYPTFS_HEADER || header > 1 << 20 || header % PAGE !== 0)
    throw new Broken(20, 'header extents', `from ${ECRYPTFS_HEADER} bytes on`, header);
  const expected = header + Math.ceil(plain / PAGE) * PAGE;
  if (reader.size !== expected) throw new Broken(0, 'length of the file', expected, reader.size);
  // Tag 3 is a password, 65 a public key; the packets' session keys may be anything, zeros fill the rest.
  const tag = reader.u8(26, 'packet tag');
  if (tag !== 0x8c && tag !== 0x41) throw new Broken(26, 'packet tag', '8c or 41', tag);
  if (!isZeroFilled(reader, ECRYPTFS_PACKETS, header))
    throw new Broken(ECRYPTFS_PACKETS, 'rest of the header', 'zeros', 'others');
  return { start: header, end: reader.size, strength: 'AES', floor: ECRYPTFS_PACKETS };
}

/** gnome-keyring, docs/file-format.txt: name, times, items with hashed attributes, then the sealed secrets. */
function openGnomeKeyring(reader: Reader): Opened {
  const fields = new Fields(reader, 16, reader.size);
  const version = fields.u16be('version');
  const algorithms = fields.u16be('algorithms');
  if (version !== 0 || algorithms !== 0)
    throw new Broken(16, 'version and algorithms', 0, version * 65536 + algorithms);
  skipString(fields);
  fields.skip(16 + 12 + 8 + 16, 'times, options and salt');
  const items = fields.u32be('number of items');
  for (let i = 0; i < items; i++) skipItem(fields);
  const length = fields.u32be('length of the ciphertext');
  if (length !== fields.left)
    throw new Broken(fields.at - 4, 'length of the ciphertext', fields.left, length);
  expectBlocks(fields.at, length, 16, 16);
  return { start: fields.at, end: reader.size, strength: 'AES-128-CBC, iterated SHA-256', floor: 72 };
}

function skipItem(fields: Fields): void {
  fields.reader.meter.step();
  fields.skip(8, 'item');
  const attributes = fields.u32be('number of attributes');
  for (let i = 0; i < attributes; i++) {
    fields.reader.meter.step();
    skipString(fields);
    if (fields.u32be('kind of an attribute') === 0) skipString(fields);
    else fields.skip(4, 'hash of an attribute');
  }
}

/** Length, then text; −1 for none. */
function skipString(fields: Fields): void {
  const length = fields.u32be('length of a string');
  if (length !== 0xffffffff) fields.skip(length, 'string');
}

/** What programs keep sealed for their user. */
export const stores: readonly Envelope[] = [
  {
    id: 'telegram-data',
    title: 'Telegram Desktop data',
    extensions: [],
    signatures: [{ at: 0, hex: '54444624' }],
    spec: 'Telegram Desktop source, storage/details/storage_file_utilities.cpp',
    proof: 'MD5 of data, length and version',
    scheme: 'Telegram Desktop',
    open: openTelegram,
  },
  {
    id: 'signal-backup',
    title: 'Signal backup',
    extensions: [],
    signatures: [
      {
        at: 0,
        hex: `000000300a000a10${'00'.repeat(16)}1220`,
        mask: `fffffff0ff00ffff${'00'.repeat(16)}ffff`,
      },
    ],
    spec: 'Signal-Android source, Backups.proto, FullBackupExporter',
    proof: 'lengths in the header; frames are sealed',
    scheme: 'Signal backup',
    open: openSignal,
  },
  {
    id: 'whatsapp-backup',
    title: 'WhatsApp database backup',
    extensions: ['crypt14', 'crypt15'],
    signatures: [],
    spec: 'wa-crypt-tools documentation, Backup prefix',
    proof: 'header message with vector and version; the database is sealed',
    scheme: 'WhatsApp backup',
    recognise: (head) => isWhatsApp(Buffer.from(head.subarray(0, 2 + head[0]!)).toString('latin1')),
    open: openWhatsApp,
  },
  {
    id: 'ecryptfs',
    title: 'eCryptfs file',
    extensions: [],
    signatures: [],
    spec: 'Linux, fs/ecryptfs/crypto.c',
    proof: 'marker, extents and length of the file agree; contents are sealed',
    scheme: 'eCryptfs',
    recognise: (head, size) => size >= ECRYPTFS_HEADER && isMarked(head),
    open: openEcryptfs,
  },
  {
    id: 'gnome-keyring',
    title: 'GNOME keyring',
    extensions: ['keyring'],
    signatures: [{ at: 0, hex: '476e6f6d654b657972696e670a0d000a' }],
    spec: 'gnome-keyring, docs/file-format.txt',
    proof: 'items tile up to the ciphertext, which is of whole blocks to the end',
    scheme: 'GNOME keyring',
    open: openGnomeKeyring,
  },
];

function isMarked(head: Uint8Array): boolean {
  const view = Buffer.from(head.buffer, head.byteOffset, head.length);
  return view.length >= 32 && (view.readUInt32BE(8) ^ view.readUInt32BE(12)) >>> 0 === ECRYPTFS_MARK;
}
