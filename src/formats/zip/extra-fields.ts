import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isZeroFilled } from '../tail.ts';
import { accountText } from '../text-field.ts';
import { type ExtraField, walkExtra } from './extra.ts';
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

/** Accounts for the extra fields of one header; `other` are those of the entry's other header. */
export function accountExtra(reader: Reader, ledger: Ledger, { extra, time }: Header, other: Range): void {
  const others = walkExtra(reader, other);
  let at = extra.start;
  for (const field of walkExtra(reader, extra)) {
    reader.meter.step();
    ledger.account(field.start - 4, field.start, 'structure', 'id and length of an extra field');
    accountField(reader, ledger, field, others, time);
    at = field.end;
  }
  // Aligners fill up with zeros, which make no whole field.
  if (at < extra.end && isZeroFilled(reader, at, extra.end))
    ledger.account(at, extra.end, 'padding', 'alignment');
}

function accountField(
  reader: Reader,
  ledger: Ledger,
  field: ExtraField,
  others: readonly ExtraField[],
  time: number,
): void {
  const { id, start, end } = field;
  if (start === end || rules[id]?.rule(reader, ledger, field, time) === true) return;
  const by = rules[id]?.title ?? `extra field ${id}`;
  const twin = others.find((one) => one.id === id && startsAlike(reader, one, field));
  if (twin !== undefined) {
    ledger.account(
      start,
      Math.min(end, start + twin.end - twin.start),
      'structure',
      `${by}, as in the other header`,
    );
  } else if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', by);
  else if (isPrintable(reader, field)) accountText(reader, ledger, start, end, by);
}

/** The central copy of some fields is a shortened one (Info-ZIP: times). */
function startsAlike(reader: Reader, a: Range, b: Range): boolean {
  const length = Math.min(a.end - a.start, b.end - b.start);
  return length >= 4 && reader.has(b.start, reader.copy(a.start, length));
}

function isPrintable(reader: Reader, { start, end }: Range): boolean {
  return end - start >= 4 && reader.bytes(start, end - start).every((byte) => byte >= 0x20 && byte < 0x7f);
}

function accountWhole(_: Reader, ledger: Ledger, { id, start, end }: ExtraField): boolean {
  ledger.account(start, end, 'structure', rules[id]!.title);
  return true;
}

/** APPNOTE §4.6.8, §4.6.9: version 1, CRC-32 of the field it replaces, UTF-8. */
function accountUnicode(reader: Reader, ledger: Ledger, { start, end }: ExtraField): boolean {
  if (end - start < 5 || reader.u8(start) !== 1) return false;
  ledger.account(start, start + 5, 'structure', 'CRC-32 of the name', 6);
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
