import { createHash } from 'node:crypto';
import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineMember } from '../member.ts';
import { accountSlack } from '../slack.ts';
import { examineStored } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';
import { numberOf, type RpmHeader, readRpmHeader, valueOfTag } from './header.ts';

const LEAD = 96;
/** Tags of the signature header: sums of the main header, or of header and payload. */
const SIZE = 1000;
const MD5 = 1004;
const ROOM = 1008;
/** DSA and RSA of the header, PGP and GPG of header and payload. */
const openPgpTags = new Set([267, 268, 1002, 1005]);
const SHA1_OF_HEADER = 269;
const SHA256_OF_HEADER = 273;
/** Tags of the main header. */
const PAYLOAD_DIGEST = 5092;
const PAYLOAD_DIGEST_ALGORITHM = 5093;
const COMPRESSOR = 1125;

/** RFC 4880 §9.4. */
const algorithms: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
};

export const rpm: Format = {
  id: 'rpm',
  title: 'RPM package',
  extensions: ['rpm', 'srpm'],
  signatures: [
    { at: 0, hex: 'edabeedb03' },
    { at: 0, hex: 'edabeedb04' },
  ],
  spec: 'RPM Package format v4: Lead, Signature, Header, Payload',
  proof:
    'MD5, SHA-1 or SHA-256 of header and payload; lead and signatures by structure, bytes of OpenPGP signatures stay unproved',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    accountLead(reader, ledger);
    const signature = readRpmHeader(reader, LEAD, 'signature header');
    accountSignature(reader, ledger, signature);
    const start = Math.ceil(signature.end / 8) * 8;
    accountSlack(reader, ledger, signature.end, start, 'room behind the signature header');
    const header = readRpmHeader(reader, start, 'header');
    const payload = { start: header.end, end: endOfPayload(reader, ledger, signature, header) };
    ledger.account(header.start, header.storeAt, 'structure', 'index of the header', 32);
    compareDigests(reader, ledger, signature, header, payload);
    examinePayload(reader, ledger, context, header, payload);
    ledger.trailing(payload.end, reader.size);
  },
};

/** Lead: magic, version, type, architecture, name, system, signature type 5, reserved zeros. */
function accountLead(reader: Reader, ledger: Ledger): void {
  reader.bytes(0, LEAD, 'lead');
  if (reader.u16be(78) !== 5) throw new Broken(78, 'type of the signature', 5, reader.u16be(78));
  ledger.account(0, 10, 'structure', 'lead');
  const name = Buffer.from(reader.copy(10, 66));
  const end = name.indexOf(0);
  if (end >= 0 && /^[\x20-\x7e]*$/.test(name.toString('latin1', 0, end))) {
    ledger.account(10, 10 + end, 'grammar', 'name in the lead');
    if (isZeroFilled(reader, 10 + end, 76)) ledger.account(10 + end, 76, 'padding', 'zeros in the lead');
  }
  ledger.account(76, 80, 'structure', 'lead: system and signature type');
  if (isZeroFilled(reader, 80, LEAD)) ledger.account(80, LEAD, 'padding', 'reserved zeros of the lead');
}

function accountSignature(reader: Reader, ledger: Ledger, signature: RpmHeader): void {
  const { start, storeAt, entries, end } = signature;
  ledger.account(start, storeAt, 'structure', 'index of the signature header', 32);
  for (const { tag, at, count } of entries) {
    reader.meter.step();
    if (at + count > end) continue;
    if (tag === ROOM && isZeroFilled(reader, at, at + count)) {
      ledger.account(at, at + count, 'padding', 'room for signatures');
    } else if (openPgpTags.has(tag) && isOpenPgpSignature(reader, at, count)) {
      // Only who overwrites all of it is sure to be noticed: its numbers are random by right.
      ledger.account(at, at + count, 'structure', 'OpenPGP signature packet', count);
    }
  }
}

/** One packet of tag 2 that ends where the entry does, of version 3 or 4 (RFC 4880 §4.2, §5.2). */
function isOpenPgpSignature(reader: Reader, at: number, count: number): boolean {
  if (count < 16) return false;
  const first = reader.u8(at);
  const bytesOfLength = first === 0x88 ? 1 : first === 0x89 ? 2 : 0;
  if (bytesOfLength === 0) return false;
  const length = bytesOfLength === 1 ? reader.u8(at + 1) : reader.u16be(at + 1);
  const version = reader.u8(at + 1 + bytesOfLength);
  return length === count - 1 - bytesOfLength && (version === 3 || version === 4);
}

/** The signature header tells the length of header and payload together. */
function endOfPayload(reader: Reader, ledger: Ledger, signature: RpmHeader, header: RpmHeader): number {
  const size = numberOf(reader, signature, SIZE);
  const end = size === null ? reader.size : header.start + size;
  if (end < header.end)
    throw new Broken(signature.start, 'size of header and payload', header.end - header.start, size ?? 0);
  if (end <= reader.size) return end;
  ledger.broken(new Truncated(reader.size, 'payload', end - reader.size));
  return reader.size;
}

function compareDigests(
  reader: Reader,
  ledger: Ledger,
  signature: RpmHeader,
  header: RpmHeader,
  payload: Range,
): void {
  const compare = (algorithm: string, stored: string | null, range: Range, what: string, tag: number) => {
    if (stored === null) return;
    const computed = digest(reader, algorithm, range);
    if (computed === stored) {
      ledger.account(range.start, range.end, 'checksum', `${algorithm} of the ${what}`);
      accountDigest(ledger, signature, tag);
    } else ledger.broken(new Broken(range.start, `${algorithm} of the ${what}`, stored, computed), range.end);
  };
  const text = (of: RpmHeader, tag: number) => valueOfTag(reader, of, tag)?.toString('latin1') ?? null;
  compare('sha1', text(signature, SHA1_OF_HEADER), header, 'header', SHA1_OF_HEADER);
  compare('sha256', text(signature, SHA256_OF_HEADER), header, 'header', SHA256_OF_HEADER);
  const md5 = valueOfTag(reader, signature, MD5)?.toString('hex') ?? null;
  compare('md5', md5, { start: header.start, end: payload.end }, 'header and payload', MD5);
  const algorithm = algorithms[numberOf(reader, header, PAYLOAD_DIGEST_ALGORITHM) ?? 0];
  if (algorithm !== undefined)
    compare(algorithm, text(header, PAYLOAD_DIGEST), payload, 'payload', PAYLOAD_DIGEST);
}

/** Where the digest itself stands in the signature header. */
function accountDigest(ledger: Ledger, { entries, end }: RpmHeader, tag: number): void {
  const entry = entries.find((one) => one.tag === tag);
  if (entry === undefined) return;
  const length = digestLengths[tag] ?? 0;
  if (entry.at + length <= end) ledger.account(entry.at, entry.at + length, 'checksum', 'stored digest');
}

/** Texts with the zero byte at their end; MD5 in binary. */
const digestLengths: Readonly<Record<number, number>> = {
  [MD5]: 16,
  [SHA1_OF_HEADER]: 41,
  [SHA256_OF_HEADER]: 65,
};

function digest(reader: Reader, algorithm: string, { start, end }: Range): string {
  const hash = createHash(algorithm);
  for (const part of reader.stream(start, end)) hash.update(part);
  return hash.digest('hex');
}

/** A cpio archive, packed. What a digest proves is examined all the same. */
function examinePayload(
  reader: Reader,
  ledger: Ledger,
  context: Context,
  header: RpmHeader,
  payload: Range,
): void {
  const { start, end } = payload;
  if (end <= start) return;
  const isSummed = ledger
    .segments()
    .some((one) => one.state === 'checksum' && one.start <= start && one.end >= end);
  const packed = valueOfTag(reader, header, COMPRESSOR)?.toString('latin1') ?? 'gzip';
  const name = `payload.cpio.${endings[packed] ?? packed}`;
  if (isSummed) examineMember(context, ledger, name, new SliceSource(reader.source, start, end), payload);
  else examineStored({ reader, ledger, context, start, end }, name);
}

const endings: Readonly<Record<string, string>> = { gzip: 'gz', bzip2: 'bz2', zstd: 'zst' };
