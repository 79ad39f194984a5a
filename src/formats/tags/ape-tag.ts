import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { examineStored, type Place } from '../stored.ts';

const FOOTER = 32;
const HAS_HEADER = 0x80000000;

/** Where the APE tag begins whose footer ends at `end` (APEv2 specification); −1 where none stands. */
export function apeTagStart(reader: Reader, end: number): number {
  const footer = end - FOOTER;
  if (footer < 0 || !reader.has(footer, 'APETAGEX')) return -1;
  const hasHeader = (reader.u32le(footer + 20) & HAS_HEADER) !== 0;
  return Math.max(-1, end - reader.u32le(footer + 12) - (hasHeader ? FOOTER : 0));
}

/** Accounts for an APE tag: header, items, footer. @throws Broken */
export function accountApeTag(place: Place): void {
  const { reader, ledger, start, end } = place;
  const footer = end - FOOTER;
  ledger.account(footer, end, 'structure', 'APE footer', 12);
  let at = start;
  if (reader.has(start, 'APETAGEX')) {
    ledger.account(start, start + FOOTER, 'structure', 'APE header', 12);
    at += FOOTER;
  }
  for (let left = reader.u32le(footer + 16); left > 0 && at < footer; left--) {
    reader.meter.step();
    at = accountItem(place, at, footer);
  }
  if (at !== footer) throw new Broken(at, 'APE items', footer, at);
}

/** Length, flags, key, zero, value. */
function accountItem(place: Place, at: number, limit: number): number {
  const { reader, ledger } = place;
  if (at + 9 > limit) throw new Broken(at, 'APE item', 'inside the tag', limit - at);
  const [length, flags] = [reader.u32le(at), reader.u32le(at + 4)];
  let value = at + 8;
  while (value < limit && reader.u8(value) !== 0) {
    if (reader.u8(value) < 0x20 || reader.u8(value) > 0x7e)
      throw new Broken(value, 'APE key', 'printable', reader.u8(value));
    value++;
  }
  value++;
  if (value + length > limit) throw new Broken(at, 'APE item length', `at most ${limit - value}`, length);
  ledger.account(at, value, 'structure', 'APE item key', 16);
  const inside = { ...place, start: value, end: value + length };
  if (((flags >> 1) & 3) === 1) accountBinary(inside);
  else accountTextOrRaw(reader, ledger, value, value + length, 'APE value');
  return value + length;
}

/** A file name, a zero, the file: cover art is so written. */
function accountBinary(place: Place): void {
  const { reader, ledger, start, end } = place;
  let at = start;
  while (at < Math.min(end, start + 255) && reader.u8(at) !== 0) at++;
  if (at >= end || reader.u8(at) !== 0) {
    ledger.raw(start, end, 'APE value');
    return;
  }
  accountTextOrRaw(reader, ledger, start, at + 1, 'APE file name');
  examineStored({ ...place, start: at + 1 }, 'cover');
}
