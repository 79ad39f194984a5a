import { createHash } from 'node:crypto';
import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';
import { findDigest, measureDer } from './der.ts';
import { directory, type Image } from './layout.ts';

const PKCS_SIGNED_DATA = 2;

/** Where the certificate table stands, if the image has one. @throws Broken when it isn't in the file */
export function certificateTable(reader: Reader, image: Image): Range | null {
  const entry = image.directories[directory.certificates];
  if (entry === undefined || entry.address === 0 || entry.size === 0) return null;
  const end = entry.address + entry.size;
  if (end > reader.size || entry.address < image.headersEnd) {
    throw new Broken(
      image.directoriesAt + 32,
      'certificate table',
      'a range of the file',
      `${entry.address}–${end}`,
    );
  }
  return { start: entry.address, end };
}

/**
 * Checks the image against the digests in its signatures ("Windows Authenticode Portable Executable Signature
 * Format"): everything but the checksum, the directory entry of the table, and the table itself. Whether the signer
 * is to be trusted isn't asked.
 */
export function verifySignatures(reader: Reader, ledger: Ledger, image: Image, table: Range): void {
  for (let at = table.start; at + 8 <= table.end; ) {
    reader.meter.step();
    const length = reader.u32le(at);
    if (length < 8 || at + length > table.end)
      throw new Broken(at, 'length of a certificate', `8 to ${table.end - at}`, length);
    verifyCertificate(reader, ledger, image, table, { start: at, end: at + length });
    const next = Math.min(table.end, at + Math.ceil(length / 8) * 8);
    if (isZeroFilled(reader, at + length, next))
      ledger.account(at + length, next, 'padding', 'end of a certificate', SLACK_FLOOR);
    at = next;
  }
}

function verifyCertificate(
  reader: Reader,
  ledger: Ledger,
  image: Image,
  table: Range,
  certificate: Range,
): void {
  const { start, end } = certificate;
  ledger.account(start, start + 8, 'structure', 'certificate header', 8);
  if (reader.u16le(start + 6) !== PKCS_SIGNED_DATA) {
    ledger.raw(start + 8, end, 'certificate of another kind');
    return;
  }
  const measured = measureDer(reader, start + 8, end);
  ledger.account(start + 8, measured.end, 'structure', 'PKCS #7', measured.longest + 16);
  // Up to the next multiple of eight; some vendors keep data of theirs there, which no digest covers.
  if (isZeroFilled(reader, measured.end, end))
    ledger.account(measured.end, end, 'padding', 'end of a certificate', SLACK_FLOOR);
  else ledger.oddity(measured.end, `${end - measured.end} bytes behind the signature`);
  const digest = findDigest(reader.copy(start + 8, Math.min(1 << 20, measured.end - start - 8)));
  if (digest === null) return;
  const computed = digestImage(reader, image, table, digest.algorithm);
  if (!computed.equals(digest.value)) {
    const expected = Buffer.from(digest.value).toString('hex');
    ledger.broken(new Broken(0, 'Authenticode digest', expected, computed.toString('hex')), table.start);
    return;
  }
  accountSigned(ledger, image, table, digest.algorithm);
}

function digestImage(reader: Reader, image: Image, table: Range, algorithm: string): Buffer {
  const hash = createHash(algorithm);
  for (const { start, end } of signedRanges(image, table)) {
    for (const part of reader.stream(start, end)) hash.update(part);
  }
  return hash.digest();
}

function signedRanges({ checksumAt, directoriesAt }: Image, table: Range): Range[] {
  const entryAt = directoriesAt + 8 * directory.certificates;
  return [
    { start: 0, end: checksumAt },
    { start: checksumAt + 4, end: entryAt },
    { start: entryAt + 8, end: table.start },
  ];
}

function accountSigned(ledger: Ledger, image: Image, table: Range, algorithm: string): void {
  for (const { start, end } of signedRanges(image, table)) {
    ledger.account(start, end, 'checksum', `Authenticode ${algorithm}`);
  }
}
