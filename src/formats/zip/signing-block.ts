import type { Range } from '../../bytes/range.ts';
import { isZeroFilled } from '../tail.ts';
import type { Desk } from './entry.ts';

const MAGIC = 'APK Sig Block 42';
const PADDING = 0x42726577;

/**
 * Android's signatures stand before the directory: length, pairs of length, id and value, length again, magic (APK
 * Signature Scheme v2). Frames and padding are accounted for; certificates and signatures are not checked.
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
    if (reader.u32le(at + 8) === PADDING) accountPadding(desk, { start: at + 12, end: next });
    at = next;
  }
  ledger.account(end - 24, end, 'structure', 'APK signing block');
  return true;
}

function accountPadding({ reader, ledger }: Desk, { start, end }: Range): void {
  if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'APK signing block');
  else ledger.unexamined(start, end, 'padding of the APK signing block that is not zero');
}
