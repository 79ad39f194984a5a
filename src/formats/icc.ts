import { createHash } from 'node:crypto';
import { Broken, Truncated } from '../bytes/errors.ts';
import type { Format } from './format.ts';
import { accountTextOrRaw } from './short-text.ts';
import type { Place } from './stored.ts';
import { accountTail, isZeroFilled } from './tail.ts';

const HEADER = 128;
const ID_AT = 84;
const ID_SIZE = 16;
const MOST_HASHED = 64 << 20;

export const icc: Format = {
  id: 'icc',
  title: 'ICC colour profile',
  extensions: ['icc', 'icm'],
  signatures: [{ at: 36, hex: '61637370' }],
  spec: 'ICC.1:2022, section 7',
  proof: 'profile ID (MD5) where there is one; tag table, texts, rising curves; other tables by contrast',
  texture: 'plain',
  verify(reader, ledger, context): void {
    const place = { reader, ledger, context, start: 0, end: reader.size };
    const size = reader.u32be(0, 'profile size');
    if (size > reader.size) throw new Truncated(reader.size, 'profile', size - reader.size);
    if (size < HEADER + 4) throw new Broken(0, 'profile size', 'header and tag table', size);
    if (accountHeader(place, size)) {
      accountTags({ ...place, end: size });
      accountGaps({ ...place, end: size });
    }
    accountTail(reader, ledger, size);
  },
};

const classes = ['scnr', 'mntr', 'prtr', 'link', 'spac', 'abst', 'nmcl', 'cenc', 'mid ', 'mlnk', 'mvis'];
/** The illuminant is that of D50 (7.2.16). */
const D50 = Buffer.from('0000f6d6000100000000d32d', 'hex');

/** Section 7.2: what is fixed in a header; false where its ID is of something else. Of dates, makers and flags any value would do. */
function accountHeader(place: Place, size: number): boolean {
  const { reader, ledger } = place;
  reader.expect(36, 'acsp', 'profile signature');
  const deviceClass = reader.latin1(12, 4);
  if (!classes.includes(deviceClass)) throw new Broken(12, 'profile class', classes.join(), deviceClass);
  ledger.account(0, 4, 'structure', 'profile size');
  ledger.account(8, 24, 'structure', 'profile class', 12);
  ledger.account(36, 40, 'structure', 'profile signature');
  if (reader.has(68, D50)) ledger.account(68, 80, 'structure', 'illuminant');
  if (isZeroFilled(reader, RESERVED_AT, HEADER)) ledger.account(RESERVED_AT, HEADER, 'padding', 'reserved');
  return accountId(place, size);
}

const RESERVED_AT = 100;

/** A profile that isn't the one its ID is of (some editors leave it stale) is told, and nothing of it proved. */
function accountId(place: Place, size: number): boolean {
  const { reader, ledger } = place;
  const id = reader.copy(ID_AT, ID_SIZE);
  if (id.every((byte) => byte === 0) || size > MOST_HASHED) return true;
  const isSame = Buffer.compare(profileId(place, size), id) === 0;
  if (isSame) ledger.account(0, size, 'checksum', 'profile ID');
  else ledger.oddity(ID_AT, 'profile ID is of something else');
  return isSame;
}

/** MD5 over the profile, in which flags, rendering intent and the ID itself count as zeros (7.2.18). */
function profileId({ reader }: Place, size: number): Buffer {
  const hash = createHash('md5');
  const head = reader.copy(0, HEADER);
  head.fill(0, 44, 48);
  head.fill(0, 64, 68);
  head.fill(0, ID_AT, ID_AT + ID_SIZE);
  hash.update(head);
  for (const part of reader.stream(HEADER, size)) hash.update(part);
  return hash.digest();
}

/** Section 7.3: several tags may share their data. */
function accountTags(place: Place): void {
  const { reader, ledger, end } = place;
  const count = reader.u32be(HEADER, 'tag count');
  const tableEnd = HEADER + 4 + count * 12;
  if (tableEnd > end) throw new Broken(HEADER, 'tag count', `at most ${(end - HEADER - 4) / 12}`, count);
  ledger.account(HEADER, tableEnd, 'structure', 'tag table', 12);
  const seen = new Set<number>();
  for (let at = HEADER + 4; at < tableEnd; at += 12) {
    reader.meter.step();
    const [start, size] = [reader.u32be(at + 4), reader.u32be(at + 8)];
    if (start < HEADER || start + size > end)
      throw new Broken(at + 4, 'tag data', `up to ${end}`, start + size);
    if (size >= 8 && !seen.has(start)) accountData({ ...place, start, end: start + size });
    seen.add(start);
  }
}

const types: ReadonlyMap<string, (place: Place) => void> = new Map<string, (place: Place) => void>([
  ['text', (place) => void accountTextOrRaw(place.reader, place.ledger, place.start, place.end, 'text')],
  ['desc', accountDescription],
  ['curv', accountCurve],
]);

/** Section 10: type, four zeros, data. */
function accountData(place: Place): void {
  const { reader, ledger, start, end } = place;
  const type = reader.latin1(start, 4);
  if (!/^[ -~]{4}$/.test(type) || reader.u32be(start + 4) !== 0) {
    throw new Broken(start, 'tag type', 'four letters and zeros', reader.copy(start, 8).join());
  }
  ledger.account(start, start + 8, 'structure', 'tag type', 8);
  const account = types.get(type);
  if (account !== undefined) account({ ...place, start: start + 8 });
  else ledger.raw(start + 8, end, `data of type ${type}`);
}

/** ICC.1:2001 6.5.17: ASCII, then the same as Unicode and for the Macintosh, mostly empty. */
function accountDescription({ reader, ledger, start, end }: Place): void {
  const textEnd = start + 4 + reader.u32be(start, 'description');
  if (textEnd > end) throw new Broken(start, 'description length', end - start - 4, textEnd - start - 4);
  ledger.account(start, start + 4, 'structure', 'description length');
  accountTextOrRaw(reader, ledger, start + 4, textEnd, 'description');
  if (isZeroFilled(reader, textEnd, end)) ledger.account(textEnd, end, 'padding', 'empty descriptions');
  else ledger.raw(textEnd, end, 'descriptions');
}

/** Section 10.6. Steps of tone curves rise evenly: four random ones between two others do with less than 10⁻⁶. */
function accountCurve({ reader, ledger, start, end }: Place): void {
  const count = reader.u32be(start, 'curve length');
  const valuesAt = start + 4;
  if (valuesAt + 2 * count > end) throw new Broken(start, 'curve length', (end - valuesAt) / 2, count);
  ledger.account(start, valuesAt, 'structure', 'curve length');
  if (rises(reader, valuesAt, count))
    ledger.account(valuesAt, valuesAt + 2 * count, 'grammar', 'rising curve', 12);
  else ledger.raw(valuesAt, valuesAt + 2 * count, 'curve');
}

const LEAST_STEPS = 16;

function rises(reader: Place['reader'], at: number, count: number): boolean {
  let before = 0;
  for (let i = 0; i < count; i++) {
    const value = reader.u16be(at + 2 * i);
    if (value < before) return false;
    before = value;
  }
  return count >= LEAST_STEPS;
}

function accountGaps({ reader, ledger, end }: Place): void {
  for (const gap of ledger.ranges('unaccounted')) {
    if (gap.start < HEADER) continue;
    const to = Math.min(gap.end, end);
    if (to > gap.start && isZeroFilled(reader, gap.start, to))
      ledger.account(gap.start, to, 'padding', 'alignment');
  }
}
