import { createHash } from 'node:crypto';
import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { examineStored, type Place } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
/** Blobs that hold a file: a CMS signature, and entitlements as a property list. */
const members: Readonly<Record<number, string>> = {
  4208855809: 'signature.p7s',
  4208882033: 'entitlements.plist',
};
/** Hashes of a code directory, by type; SHA-256 is cut to 20 bytes in type 3. */
const hashes: Readonly<Record<number, string>> = { 1: 'sha1', 2: 'sha256', 3: 'sha256', 4: 'sha384' };

/** Checks the pages of the image against the hashes in its signature (cs_blobs.h; big-endian throughout). */
export function verifyCodeSignature(place: Place): void {
  const { reader, ledger, start, end } = place;
  if (reader.u32be(start) !== SUPER_BLOB)
    throw new Broken(start, 'code signature', 'a super blob', reader.u32be(start));
  const length = reader.u32be(start + 4);
  const count = reader.u32be(start + 8);
  if (start + length > end || 12 + 8 * count > length)
    throw new Broken(start + 4, 'size of the signature', `up to ${end - start}`, length);
  ledger.account(start, start + 12 + 8 * count, 'structure', 'signature index', 12);
  for (let i = 0; i < count; i++) {
    const at = start + reader.u32be(start + 16 + 8 * i);
    if (at + 8 > start + length)
      throw new Broken(start + 16 + 8 * i, 'offset of a blob', `less than ${length}`, at - start);
    ledger.account(at, at + 8, 'structure', 'blobs');
    const kind = reader.u32be(at);
    const blobEnd = at + reader.u32be(at + 4);
    if (blobEnd < at + 8 || blobEnd > start + length)
      throw new Broken(at + 4, 'length of a blob', `8 to ${start + length - at}`, blobEnd - at);
    if (kind === CODE_DIRECTORY) verifyDirectory(reader, ledger, at, start + length);
    else if (members[kind] !== undefined)
      examineStored({ ...place, start: at + 8, end: blobEnd }, members[kind]);
  }
  if (isZeroFilled(reader, start + length, end))
    ledger.account(start + length, end, 'padding', 'end of the signature', SLACK_FLOOR);
}

function verifyDirectory(reader: Reader, ledger: Ledger, at: number, end: number): void {
  const hashesAt = at + reader.u32be(at + 16);
  const slots = reader.u32be(at + 28);
  const limit = reader.u32be(at + 32);
  const size = reader.u8(at + 36);
  const algorithm = hashes[reader.u8(at + 37)];
  const pageSize = 2 ** reader.u8(at + 39);
  // A page shift of 0 means: one hash over all.
  const step = pageSize === 1 ? limit : pageSize;
  if (algorithm === undefined) return;
  if (hashesAt + slots * size > end || slots !== Math.ceil(limit / step) || limit > at) {
    throw new Broken(at + 28, 'pages of the code directory', Math.ceil(limit / step), slots);
  }
  for (let i = 0; i < slots; i++) {
    reader.meter.step();
    const page = { start: i * step, end: Math.min(limit, (i + 1) * step) };
    verifyPage(reader, ledger, page, algorithm, reader.copy(hashesAt + i * size, size));
  }
  ledger.account(hashesAt, hashesAt + slots * size, 'checksum', 'hashes of pages');
}

function verifyPage(
  reader: Reader,
  ledger: Ledger,
  { start, end }: { start: number; end: number },
  algorithm: string,
  stored: Uint8Array,
): void {
  const hash = createHash(algorithm);
  for (const part of reader.stream(start, end)) hash.update(part);
  const computed = hash.digest().subarray(0, stored.length);
  if (computed.equals(stored)) ledger.account(start, end, 'checksum', `code signature ${algorithm}`);
  else
    ledger.broken(
      new Broken(start, 'hash of a page', Buffer.from(stored).toString('hex'), computed.toString('hex')),
      end,
    );
}
