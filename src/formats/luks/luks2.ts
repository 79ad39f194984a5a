import { createHash } from 'node:crypto';
import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isZeroFilled } from '../tail.ts';
import { type Luks2Metadata, parseMetadata } from './metadata.ts';

const BINARY = 4096;
const secondary = [0x53, 0x4b, 0x55, 0x4c, 0xba, 0xbe, 0x00, 0x02];
/** §2.1: with the JSON area, 16 KiB to 4 MiB, a power of two. */
const sizes = Array.from({ length: 9 }, (_, i) => 2 ** (14 + i));
const CHECKSUM_AT = 448;
const algorithms = new Set(['sha1', 'sha256', 'sha384', 'sha512', 'ripemd160']);

/** LUKS2 On-Disk Format §2: two headers with JSON, key slots, volume. */
export function accountLuks2(reader: Reader, ledger: Ledger): void {
  const size = reader.u64be(8, 'length of the header');
  if (!sizes.includes(size)) throw new Broken(8, 'length of the header', '16 KiB to 4 MiB', size);
  accountHeader(reader, ledger, 0, size);
  // Either is enough to open the volume; cryptsetup repairs the other.
  try {
    reader.expect(size, secondary, 'second header');
    accountHeader(reader, ledger, size, size);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, size * 2);
  }
  sealVolume(reader, ledger, size * 2, readMetadata(reader, size));
}

/** §2.1: the checksum covers the binary header, itself as zeros, and the whole JSON area. */
function accountHeader(reader: Reader, ledger: Ledger, at: number, size: number): void {
  if (reader.u64be(at + 8, 'length of the header') !== size)
    throw new Broken(at + 8, 'length of the header', size, 'another');
  if (reader.u64be(at + 256, 'place of the header') !== at)
    throw new Broken(at + 256, 'place of the header', at);
  const algorithm = reader.latin1(at + 72, 32, 'checksum algorithm').replace(/\0+$/, '');
  if (!algorithms.has(algorithm)) throw new Broken(at + 72, 'checksum algorithm', 'a known one', algorithm);
  const hash = createHash(algorithm);
  const binary = reader.copy(at, BINARY, 'header');
  const stored = Buffer.from(binary.subarray(CHECKSUM_AT, CHECKSUM_AT + 64)).toString('hex');
  binary.fill(0, CHECKSUM_AT, CHECKSUM_AT + 64);
  hash.update(binary);
  for (const part of reader.stream(at + BINARY, at + size, 'JSON area')) hash.update(part);
  const computed = hash.digest('hex').padEnd(128, '0');
  if (stored !== computed) throw new Broken(at + CHECKSUM_AT, 'checksum of the header', stored, computed);
  ledger.account(at, at + size, 'checksum', `${algorithm} of the header`);
}

function readMetadata(reader: Reader, size: number): Luks2Metadata {
  const end = reader.indexOf('\0', BINARY, size);
  const length = (end < 0 ? size : end) - BINARY;
  return parseMetadata(Buffer.from(reader.copy(BINARY, length, 'JSON area')).toString('utf8'), BINARY);
}

/** What stands between the headers and the slots is zeros. */
function sealVolume(reader: Reader, ledger: Ledger, from: number, metadata: Luks2Metadata): void {
  const { slotsStart, slotsEnd, volume, strength } = metadata;
  if (from > reader.size) throw new Truncated(reader.size, 'second header', from - reader.size);
  const start = Math.max(from, Math.min(slotsStart, reader.size));
  if (slotsEnd > reader.size) throw new Truncated(reader.size, 'key slots', slotsEnd - reader.size);
  if (isZeroFilled(reader, from, start)) ledger.account(from, start, 'padding', 'zeros before the key slots');
  const end = Math.max(start, Math.min(volume, reader.size));
  ledger.protect(start, end, 'LUKS2', strength);
  if (reader.size <= volume) ledger.oddity(reader.size, 'header without its volume');
  else ledger.protect(end, reader.size, 'LUKS2', strength);
}
