import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isZeroFilled } from '../tail.ts';
import { accountText } from '../text-field.ts';
import { type ExtraField, walkExtra } from './extra.ts';
import { accountHeader } from './header-claims.ts';
import type { Header } from './layout.ts';
import { accountNtfsTimes, accountUnixTimes } from './times.ts';

/** Accounts for a field's payload by its own rules; gives whether it could. */
type Rule = (reader: Reader, ledger: Ledger, field: ExtraField, time: number) => boolean;

/** Extra fields whose payload shows by itself whether it's as written (APPNOTE §4.5, §4.6; Info-ZIP's extrafld.txt). */
const rules: Readonly<Record<number, { readonly title: string; readonly rule: Rule }>> = {
  // The sizes in it were compared with the other copy and with the content.
  1: { title: 'zip64 sizes', rule: accountWhole },
  10: { title: 'NTFS times', rule: accountNtfsTimes },
  21589: { title: 'Unix times', rule: accountUnixTimes },
  25461: { title: 'Unicode comment', rule: accountUnicode },
  28789: { title: 'Unicode path', rule: accountUnicode },
  39169: { title: 'AES', rule: accountWhole },
  41504: { title: 'room to grow', rule: accountGrowth },
  51966: { title: 'JAR marker', rule: accountWhole },
  55605: { title: 'alignment', rule: accountAlignment },
};

/** One of the headers of an entry, and the reader that stands at it. */
export interface Copy {
  readonly reader: Reader;
  readonly header: Header;
}

/** Accounts for the extra fields of one header; `other` is the entry's other header. */
export function accountExtra(ledger: Ledger, { reader, header }: Copy, other: Copy): void {
  const { extra, time } = header;
  if (extra.start === extra.end) return;
  let at = extra.start;
  for (const field of walkExtra(reader, extra)) {
    reader.meter.step();
    accountHeader(ledger, field.start - 4, field.start);
    const isKnown = field.start === field.end || rules[field.id]?.rule(reader, ledger, field, time) === true;
    if (!isKnown) accountUnknown(ledger, reader, field, other);
    at = field.end;
  }
  // Aligners fill up with zeros, which make no whole field.
  if (at < extra.end && isZeroFilled(reader, at, extra.end))
    ledger.account(at, extra.end, 'padding', 'alignment');
}

/** What has no rule of its own is as written where the other header says the same. */
function accountUnknown(ledger: Ledger, reader: Reader, field: ExtraField, other: Copy): void {
  const { id, start, end } = field;
  const twin = walkExtra(other.reader, other.header.extra).find((one) => one.id === id);
  const length = twin === undefined ? 0 : sameLength(reader, field, other.reader, twin);
  if (length >= 4) accountHeader(ledger, start, start + length);
  else if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'extra field');
  else if (isPrintable(reader, field)) accountText(reader, ledger, start, end, 'extra field');
}

/** Length of what both begin with, if it's all of the shorter: some central copies are shortened (Info-ZIP: times). */
function sameLength(reader: Reader, field: Range, otherReader: Reader, other: Range): number {
  const length = Math.min(field.end - field.start, other.end - other.start);
  const isSame = otherReader.has(other.start, reader.copy(field.start, length));
  return isSame ? length : 0;
}

function isPrintable(reader: Reader, { start, end }: Range): boolean {
  return end - start >= 4 && reader.bytes(start, end - start).every((byte) => byte >= 0x20 && byte < 0x7f);
}

function accountWhole(_: Reader, ledger: Ledger, { start, end }: ExtraField): boolean {
  accountHeader(ledger, start, end);
  return true;
}

/** APPNOTE §4.6.8, §4.6.9: version 1, CRC-32 of the field it replaces, UTF-8. */
function accountUnicode(reader: Reader, ledger: Ledger, { start, end }: ExtraField): boolean {
  if (end - start < 5 || reader.u8(start) !== 1) return false;
  accountHeader(ledger, start, start + 5);
  return accountText(reader, ledger, start + 5, end, 'Unicode name');
}

/** Open Packaging: signature A028, number of bytes, zeros. */
function accountGrowth(reader: Reader, ledger: Ledger, { start, end }: ExtraField): boolean {
  if (end - start < 4 || reader.u16le(start) !== 0xa028 || !isZeroFilled(reader, start + 4, end))
    return false;
  ledger.account(start, end, 'padding', 'room to grow');
  return true;
}

/** Android's zipalign: the alignment, zeros. */
function accountAlignment(reader: Reader, ledger: Ledger, { start, end }: ExtraField): boolean {
  if (end - start < 2 || !isZeroFilled(reader, start + 2, end)) return false;
  ledger.account(start, end, 'padding', 'alignment');
  return true;
}
