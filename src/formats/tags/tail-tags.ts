import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { accountTextOrRaw } from '../short-text.ts';
import type { Place } from '../stored.ts';
import { accountApeTag, apeTagStart } from './ape-tag.ts';
import { accountId3, id3Length } from './id3v2.ts';

const ID3V1 = 128;
const ENHANCED = 227;

/** A kind of tag that stands behind sound: where one that ends at `end` begins, or −1; and how it's accounted for. */
interface TailTag {
  readonly startOf: (reader: Reader, end: number) => number;
  readonly account: (place: Place) => void;
}

const kinds: readonly TailTag[] = [
  { startOf: (reader, end) => fixedStart(reader, end, ID3V1, 'TAG'), account: accountId3v1 },
  { startOf: (reader, end) => fixedStart(reader, end, ENHANCED, 'TAG+'), account: accountId3v1 },
  { startOf: apeTagStart, account: accountApeTag },
  { startOf: lyricsStart, account: accountLyrics },
  { startOf: id3Start, account: (place) => void accountId3(place) },
];

/** Accounts for the tags at the end of the file, in whatever order they stand, and gives where they begin. */
export function accountTailTags(place: Place): number {
  const { reader, ledger, start } = place;
  let { end } = place;
  for (let found = true; found; ) {
    found = false;
    for (const { startOf, account } of kinds) {
      const at = startOf(reader, end);
      if (at < start || at >= end) continue;
      try {
        account({ ...place, start: at, end });
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        ledger.broken(error, end);
      }
      end = at;
      found = true;
    }
  }
  return end;
}

function fixedStart(reader: Reader, end: number, length: number, name: string): number {
  return end >= length && reader.has(end - length, name) ? end - length : -1;
}

/** Texts of fixed length, filled up with zeros or spaces; the genre is a number. */
function accountId3v1({ reader, ledger, start, end }: Place): void {
  ledger.account(start, start + 3, 'structure', 'ID3v1 name');
  accountTextOrRaw(reader, ledger, start + 3, end - 3, 'ID3v1 texts');
}

const LYRICS_END = 'LYRICS200';

/** Lyrics3 2.00: six digits that tell its length, then the end mark. */
function lyricsStart(reader: Reader, end: number): number {
  if (end < 15 || !reader.has(end - 9, LYRICS_END)) return -1;
  const digits = reader.latin1(end - 15, 6);
  if (!/^\d{6}$/.test(digits)) return -1;
  const start = end - 15 - Number(digits);
  return start >= 0 && reader.has(start, 'LYRICSBEGIN') ? start : -1;
}

function accountLyrics({ reader, ledger, start, end }: Place): void {
  accountTextOrRaw(reader, ledger, start, end, 'Lyrics3 tag');
}

/** ID3v2.4 section 3.4: a footer that mirrors the header, for tags behind the sound. */
function id3Start(reader: Reader, end: number): number {
  if (end < 20 || !reader.has(end - 10, '3DI')) return -1;
  let size = 0;
  for (let i = 4; i > 0; i--) size = size * 128 + (reader.u8(end - i) & 0x7f);
  const start = end - 20 - size;
  return start >= 0 && id3Length(reader, start) === size + 20 ? start : -1;
}
