import type { Range } from '../../bytes/range.ts';
import { examineStored } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';
import type { Desk } from './entry.ts';

const MAGIC = 'APK Sig Block 42';
const PADDING = 0x42726577;
/** Signature schemes 2, 3 and 3.1: all of one layout as far as it's read here. */
const schemes = new Set([0x7109871a, 0xf05368c0, 0x1b93ad61]);

/**
 * Android's signatures stand before the directory: length, pairs of length, id and value, length again, magic (APK
 * Signature Scheme v2). Frames, padding and certificates are accounted for; signatures are not checked.
 */
export function accountSigningBlock(desk: Desk, { start, end }: Range): boolean {
  const { reader, ledger } = desk;
  if (end - start < 32 || !reader.has(end - 16, MAGIC)) return false;
  const length = reader.u64le(end - 24);
  const first = end - 8 - length;
  if (first < start || reader.u64le(first) !== length) return false;
  if (first > start && isZeroFilled(reader, start, first))
    ledger.account(start, first, 'padding', 'alignment');
  ledger.account(first, first + 8, 'structure', 'APK signing block');
  for (let at = first + 8; at < end - 24; ) {
    reader.meter.step();
    const next = at + 8 + reader.u64le(at);
    if (next > end - 24 || next < at + 12) return false;
    ledger.account(at, at + 12, 'structure', 'APK signature');
    const value = { start: at + 12, end: next };
    const id = reader.u32le(at + 8);
    if (id === PADDING) accountPadding(desk, value);
    else if (schemes.has(id)) accountSigners(desk, value);
    at = next;
  }
  ledger.account(end - 24, end, 'structure', 'APK signing block');
  return true;
}

function accountPadding({ reader, ledger }: Desk, { start, end }: Range): void {
  if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'APK signing block');
  else ledger.unexamined(start, end, 'padding of the APK signing block that is not zero');
}

/** Signers, each of signed data, signatures and a key; the signed data begin with digests and certificates. */
function accountSigners(desk: Desk, value: Range): void {
  for (const signers of readParts(desk, value)) {
    for (const signer of readParts(desk, signers)) {
      const [signed] = readParts(desk, signer);
      const [, certificates] = signed === undefined ? [] : readParts(desk, signed);
      if (certificates === undefined) continue;
      for (const place of readParts(desk, certificates)) examineStored({ ...desk, ...place }, 'signer.cer');
    }
  }
}

/** Parts that follow each other, each behind its length of 32 bits; those that still fit in. */
function readParts({ reader, ledger }: Desk, { start, end }: Range): Range[] {
  const parts: Range[] = [];
  for (let at = start; at + 4 <= end; ) {
    reader.meter.step();
    const next = at + 4 + reader.u32le(at);
    if (next > end) break;
    ledger.account(at, at + 4, 'structure', 'length in the APK signature');
    parts.push({ start: at + 4, end: next });
    at = next;
  }
  return parts;
}
