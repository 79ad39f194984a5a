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
const rules: Readonly<Record<number, Rule>> = {
  // Zip64: the sizes in it were compared with the other copy and with the content.
  1: accountWhole,
  10: accountNtfsTimes,
  21589: accountUnixTimes,
  // Comment and path in Unicode.
  25461: accountUnicode,
  28789: accountUnicode,
  // Open Packaging: room to grow.
  41504: accountGrowth,
  // The mark of JAR: empty.
  51966: accountWhole,
  // zipalign.
  55605: accountAlignment,
};

/** One of the headers of an entry, and the reader that stands at it. */
export interface Copy {
  readonly reader: Reader;
  readonly header: Header;
}

/**
 * Fields that writers use whose payload nobody can check: program versions, owners, times of access, private data.
 * Of others that are not proved it's told, as random bytes make such ids.
 */
const unchecked = new Set([
  0x0007, 0x0009, 0x000c, 0x000d, 0x000e, 0x000f, 0x0014, 0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x0023,
  0x0065, 0x0066, 0x07c8, 0x2605, 0x2705, 0x2805, 0x334d, 0x4341, 0x4453, 0x4704, 0x4949, 0x470f, 0x4949,
  0x4b46, 0x4c41, 0x4d49, 0x4f4c, 0x5356, 0x5453, 0x5455, 0x554e, 0x5855, 0x6542, 0x7441, 0x756e, 0x7855,
  0x7875, 0x9901, 0xfb4a, 0xfd4a,
]);

/** Accounts for the extra fields of one header; `other` is the entry's other header. */
export function accountExtra(ledger: Ledger, own: Copy, other: Copy): void {
  const { extra } = own.header;
  if (extra.start === extra.end) return;
  let at = extra.start;
  for (const field of walkExtra(own.reader, extra)) {
    own.reader.meter.step();
    if (accountField(ledger, own, field, other) || unchecked.has(field.id)) {
      accountHeader(ledger, field.start - 4, field.start);
    } else ledger.unexamined(field.start - 4, field.end, `extra field ${field.id.toString(16)}`);
    at = field.end;
  }
  accountRest(ledger, own.reader, { start: at, end: extra.end });
}

/** What is shorter is no field for any writer, and too short to hide something. */
const SHORTEST_FIELD = 4;

/** Aligners fill up with zeros, which make no whole field; some writers leave a cut field behind. */
function accountRest(ledger: Ledger, reader: Reader, { start, end }: Range): void {
  if (start === end) return;
  if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'alignment');
  else if (end - start < SHORTEST_FIELD) ledger.oddity(start, 'extra bytes that are no field');
  else ledger.unexamined(start, end, 'extra bytes that are no field');
}

/** A payload is as written where the other header says the same, by its own rule, or where it's zeros or ASCII. */
function accountField(ledger: Ledger, { reader, header }: Copy, field: ExtraField, other: Copy): boolean {
  const { id, start, end } = field;
  if (start === end) return true;
  const twin = walkExtra(other.reader, other.header.extra).find((one) => one.id === id);
  const length = twin === undefined ? 0 : sameLength(reader, field, other.reader, twin);
  if (length >= 4) accountHeader(ledger, start, start + length);
  else if (rules[id] !== undefined) return rules[id](reader, ledger, field, header.time);
  else if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'extra field');
  else if (isPrintable(reader, field)) accountText(reader, ledger, start, end, 'extra field');
  else return false;
  return true;
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

/** APPNOTE §4.6.8, §4.6.9: version 1, CRC-32 of the field it replaces (left alone here), UTF-8. */
function accountUnicode(reader: Reader, ledger: Ledger, { start, end }: ExtraField): boolean {
  if (end - start < 5 || reader.u8(start) !== 1) return false;
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
