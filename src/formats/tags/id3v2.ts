import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountSlack } from '../slack.ts';
import { examineStored, type Place } from '../stored.ts';

const HEADER = 10;

/** Length of the ID3v2 tag at `at` in bytes, its footer included (ID3v2.4 structure, section 3.1); 0 where none stands. */
export function id3Length(reader: Reader, at: number): number {
  if (at + HEADER > reader.size || !reader.has(at, 'ID3')) return 0;
  const [version, revision, flags] = [reader.u8(at + 3), reader.u8(at + 4), reader.u8(at + 5)];
  if (version > 4 || version < 2 || revision === 0xff || (flags & 15) !== 0) return 0;
  for (let i = 6; i < HEADER; i++) if (reader.u8(at + i) >= 0x80) return 0;
  return HEADER + syncsafe(reader, at + 6) + ((flags & 0x10) === 0 ? 0 : HEADER);
}

/** Accounts for an ID3v2 tag that begins at `start` and gives its end. `end` bounds it. @throws Broken, Truncated */
export function accountId3(place: Place): number {
  const { reader, ledger, start } = place;
  const length = id3Length(reader, start);
  if (length === 0) throw new Broken(start, 'ID3v2 header', 'ID3, version, size', 'something else');
  const end = start + length;
  if (end > place.end) throw new Truncated(place.end, 'ID3v2 tag', end - place.end);
  ledger.account(start, start + HEADER, 'structure', 'ID3v2 header');
  const flags = reader.u8(start + 5);
  const hasFooter = (flags & 0x10) !== 0;
  const inside = { ...place, start: start + HEADER, end: hasFooter ? end - HEADER : end };
  if (hasFooter) ledger.account(end - HEADER, end, 'structure', 'ID3v2 footer');
  try {
    accountFrames(inside, reader.u8(start + 3), flags);
  } catch (error) {
    // Taggers write wrong sizes of frames more often than disks lose bytes: what follows is open, not contradicted.
    if (!(error instanceof Broken)) throw error;
    ledger.raw(Math.min(error.at, inside.end), inside.end, 'rest of an ID3v2 tag');
    ledger.oddity(error.at, `${error.what}: the rest of the tag can’t be read`);
  }
  return end;
}

function accountFrames(place: Place, version: number, flags: number): void {
  const { reader, ledger, end } = place;
  let at = place.start;
  if (version > 2 && (flags & 0x40) !== 0) at = accountExtension(place, version);
  const [nameBytes, header] = version === 2 ? [3, 6] : [4, HEADER];
  while (at + header <= end && reader.u8(at) !== 0) {
    reader.meter.step();
    const name = reader.latin1(at, nameBytes);
    if (!/^[A-Z][A-Z0-9]{2}[A-Z0-9 ]?$/.test(name.replace(/\0/g, ' ')))
      throw new Broken(at, 'ID3v2 frame', 'a name', name);
    const size = frameSize(reader, at, version, end);
    const body = at + header;
    if (body + size > end)
      throw new Broken(at + nameBytes, 'ID3v2 frame size', `at most ${end - body}`, size);
    ledger.account(at, body, 'structure', 'ID3v2 frame header', 8);
    accountFrame({ ...place, start: body, end: body + size }, name, version, (flags & 0x80) !== 0);
    at = body + size;
  }
  accountSlack(reader, ledger, at, end, 'ID3v2 padding');
}

/** Some writers of version 4 keep the plain sizes of version 3: the one that leads to a frame, or to padding, holds. */
function frameSize(reader: Reader, at: number, version: number, end: number): number {
  if (version === 2) return reader.u24be(at + 3);
  const plain = reader.u32be(at + 4);
  if (version === 3 || plain < 0x80) return plain;
  const safe = syncsafe(reader, at + 4);
  return leadsOn(reader, at + HEADER + safe, end) || !leadsOn(reader, at + HEADER + plain, end)
    ? safe
    : plain;
}

function leadsOn(reader: Reader, at: number, end: number): boolean {
  if (at === end) return true;
  return at + 4 <= end && /^([A-Z][A-Z0-9]{3}|\0{4})$/.test(reader.latin1(at, 4));
}

function syncsafe(reader: Reader, at: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 128 + (reader.u8(at + i) & 0x7f);
  return value;
}

function accountExtension({ reader, ledger, start, end }: Place, version: number): number {
  const next = start + (version === 3 ? 4 + reader.u32be(start) : syncsafe(reader, start));
  if (next > end || next < start + 4)
    throw new Broken(start, 'ID3v2 extended header', `at most ${end - start}`, next - start);
  ledger.raw(start, next, 'ID3v2 extended header');
  return next;
}

/** Frames that hold files or values rather than text. */
const binary = new Set([
  'PRIV',
  'UFID',
  'MCDI',
  'RVAD',
  'RVA2',
  'PCNT',
  'POPM',
  'SYTC',
  'ETCO',
  'MLLT',
  'UFI',
  'MCI',
  'CHAP',
  'CTOC',
]);

function accountFrame(place: Place, name: string, version: number, isUnsynchronised: boolean): void {
  const { reader, ledger, start, end } = place;
  if ((name === 'APIC' || name === 'PIC' || name === 'GEOB') && !isUnsynchronised)
    accountFile(place, name, version);
  else if (binary.has(name)) ledger.raw(start, end, `ID3v2 frame ${name}`);
  else if (end > start && isUtf16(reader, start, end))
    ledger.account(start, end, 'grammar', 'text in UTF-16', 64);
  else accountTextOrRaw(reader, ledger, start, end, `ID3v2 frame ${name}`);
}

/** Text in UTF-16 of European languages: the upper byte is that of few blocks. */
function isUtf16(reader: Reader, start: number, end: number): boolean {
  const encoding = reader.u8(start);
  if ((encoding !== 1 && encoding !== 2) || end - start > 1 << 16) return false;
  const bytes = reader.bytes(start + 1, end - start - 1);
  const mark = bytes.indexOf(0xff) >= 0 && bytes.indexOf(0xfe) >= 0;
  const label =
    encoding === 2 || bytes.some((byte, i) => byte === 0xfe && bytes[i + 1] === 0xff)
      ? 'utf-16be'
      : 'utf-16le';
  if (encoding === 1 && !mark) return false;
  // The language of comments stands before the byte order mark.
  const from =
    encoding === 1 ? Math.min(Math.max(0, bytes.indexOf(label === 'utf-16le' ? 0xff : 0xfe)), 3) : 0;
  const text = new TextDecoder(label).decode(bytes.subarray(from));
  return !/[\u0001-\u0008\u000e-\u001f\ue000-\uf8ff\ufffd]/.test(text);
}

/** Encoding, type, kind, description; then the file itself (section 4.14 of the ID3v2.4 frames). */
function accountFile(place: Place, name: string, version: number): void {
  const { reader, ledger, start, end } = place;
  const encoding = reader.u8(start, 'picture');
  let at = version === 2 ? start + 4 : afterText(reader, start + 1, end, 1);
  if (name === 'GEOB') at = afterText(reader, at, end, encoding === 1 || encoding === 2 ? 2 : 1);
  else at++;
  at = afterText(reader, at, end, encoding === 1 || encoding === 2 ? 2 : 1);
  ledger.account(start, at, 'structure', `ID3v2 ${name} fields`, 16);
  examineStored({ ...place, start: at }, name === 'GEOB' ? 'attachment' : 'cover');
}

function afterText(reader: Reader, start: number, end: number, unit: number): number {
  for (let at = start; at + unit <= end; at += unit) {
    if (reader.u8(at) === 0 && (unit === 1 || reader.u8(at + 1) === 0)) return at + unit;
  }
  throw new Broken(start, 'ID3v2 text', 'a zero at its end', 'none');
}
