import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ExtraField } from './extra.ts';
import { accountHeader } from './header-claims.ts';

/** DOS times are local ones, of which the zone is unknown: up to 14 hours off, and a summer hour twice. */
const MOST_APART = 16 * 3600;
/** Seconds between 1601 and 1970. */
const EPOCH_OF_NTFS = 11_644_473_600;
/** Files of this century and a half are plausible, in seconds since 1970. */
const EARLIEST = -10 * 365 * 86_400;
const LATEST = 2 ** 32;

/** Seconds since 1970 of a DOS time and date, as if they were in UTC. */
export function secondsOfDos(time: number): number {
  const date = time >>> 16;
  const day = Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31);
  return day / 1000 + ((time >> 11) & 31) * 3600 + ((time >> 5) & 63) * 60 + (time & 31) * 2;
}

/**
 * NTFS (APPNOTE §4.5.5): four reserved zeros, tag 1, its length 24, times of change, access and creation in 100 ns.
 * The first is the entry's own time: random bytes come as near once in 10⁷. The others are merely plausible.
 */
export function accountNtfsTimes(reader: Reader, ledger: Ledger, field: ExtraField, time: number): boolean {
  const { start, end } = field;
  if (end - start !== 32 || reader.u32le(start + 4) !== 0x0018_0001) return false;
  accountHeader(ledger, start + (reader.u32le(start) === 0 ? 0 : 4), start + 8);
  for (const [i, at] of [start + 8, start + 16, start + 24].entries()) {
    const seconds = (reader.u32le(at + 4) * 2 ** 32 + reader.u32le(at)) / 1e7 - EPOCH_OF_NTFS;
    const isUnset = seconds === -EPOCH_OF_NTFS;
    const isOwn = i === 0 && Math.abs(seconds - secondsOfDos(time)) <= MOST_APART;
    const isPlausible = seconds >= EARLIEST && seconds <= LATEST;
    if (isOwn) accountHeader(ledger, at, at + 8);
    else if (isPlausible || isUnset) ledger.account(at, at + 8, 'structure', 'NTFS time', 17);
  }
  return true;
}

/**
 * Info-ZIP (extrafld.txt): flags, then up to three times in seconds since 1970. The first is the entry's own, which
 * random bytes hit once in 40,000 times; the others may be any: they stay unaccounted here.
 */
export function accountUnixTimes(reader: Reader, ledger: Ledger, field: ExtraField, time: number): boolean {
  const { start, end } = field;
  const flags = reader.u8(start);
  if (flags <= 7) accountHeader(ledger, start, start + 1);
  if ((flags & 1) === 0 || end - start < 5) return false;
  const isOwn = Math.abs(reader.u32le(start + 1) - secondsOfDos(time)) <= MOST_APART;
  if (isOwn) accountHeader(ledger, start + 1, start + 5);
  return false;
}
