import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';
import { accountUtf16 } from '../utf16-text.ts';

const HEADER = 76;
const flag = { itemList: 1, linkInfo: 2, unicode: 0x80 } as const;
/** Flags of the strings that follow, in their order (§2.4): name, path, folder, arguments, icon. */
const stringFlags = [4, 8, 16, 32, 64];
/** Signatures of the blocks of extra data (§2.5) are A0000001 to A000000C. */
const FIRST_BLOCK = 0xa0000001;
const LAST_BLOCK = 0xa000000c;

/** Environment variables, Darwin data and icon environment: a path in 260 characters, then in 260 of UTF-16. */
const pathBlocks = new Set([0xa0000001, 0xa0000006, 0xa0000007]);
const PATH_BLOCK = 0x314;
const PATH = 260;

export const lnk: Format = {
  id: 'lnk',
  title: 'Windows shortcut',
  extensions: ['lnk'],
  signatures: [{ at: 0, hex: '4c0000000114020000000000c000000000000046' }],
  spec: 'MS-SHLLINK, section 2',
  proof: 'sizes of items, strings and blocks end exactly at the terminal block; strings are text',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const flags = verifyHeader(reader, ledger);
    let at = HEADER;
    if ((flags & flag.itemList) !== 0) at = verifyItems(reader, ledger, at);
    if ((flags & flag.linkInfo) !== 0) at = verifyLinkInfo(reader, ledger, at);
    for (const wanted of stringFlags) {
      if ((flags & wanted) !== 0) at = verifyString(reader, ledger, at, (flags & flag.unicode) !== 0);
    }
    const end = verifyExtraData(reader, ledger, at);
    // Zeros are what the terminal block is made of: those behind it may have been blocks.
    if (isZeroFilled(reader, end, reader.size))
      ledger.account(end, reader.size, 'padding', 'zeros behind the end', Number.POSITIVE_INFINITY);
    else ledger.trailing(end, reader.size);
  },
};

function verifyHeader(reader: Reader, ledger: Ledger): number {
  for (let at = 66; at < HEADER; at++) {
    if (reader.u8(at) !== 0) throw new Broken(at, 'reserved bytes of the header', 0, reader.u8(at));
  }
  ledger.account(0, 24, 'structure', 'header');
  ledger.raw(24, 66, 'attributes, times and size of the target');
  ledger.account(66, HEADER, 'padding', 'reserved');
  return reader.u32le(20);
}

/** §2.2: shell items, each with its size, up to an empty one. */
function verifyItems(reader: Reader, ledger: Ledger, start: number): number {
  const end = start + 2 + reader.u16le(start);
  if (end > reader.size) throw new Truncated(reader.size, 'item list', end - reader.size);
  ledger.account(start, start + 2, 'structure', 'item list');
  let at = start + 2;
  for (let size = reader.u16le(at); size !== 0; size = reader.u16le(at)) {
    reader.meter.step();
    if (size < 3 || at + size + 2 > end)
      throw new Broken(at, 'size of an item', `3 to ${end - at - 2}`, size);
    ledger.account(at, at + 2, 'structure', 'size of an item');
    ledger.raw(at + 2, at + size, 'shell items');
    at += size;
  }
  if (at + 2 !== end) throw new Broken(at, 'end of the item list', end, at + 2);
  ledger.account(at, end, 'structure', 'end of the item list');
  return end;
}

/** §2.3: offsets inside of it, in bytes from its start. */
function verifyLinkInfo(reader: Reader, ledger: Ledger, start: number): number {
  const size = reader.u32le(start);
  const headerSize = reader.u32le(start + 4);
  if (size < 28 || start + size > reader.size)
    throw new Broken(start, 'size of the link information', `28 to ${reader.size - start}`, size);
  if (headerSize < 28 || headerSize > size)
    throw new Broken(start + 4, 'size of its header', `28 to ${size}`, headerSize);
  for (let at = start + 12; at < start + Math.min(headerSize, 36); at += 4) {
    if (reader.u32le(at) >= size)
      throw new Broken(at, 'offset in the link information', `less than ${size}`, reader.u32le(at));
  }
  ledger.account(start, start + Math.min(headerSize, 36), 'structure', 'link information', 8);
  ledger.raw(start + Math.min(headerSize, 36), start + size, 'volume and path of the target');
  return start + size;
}

/** §2.4: a count of characters, then these. */
function verifyString(reader: Reader, ledger: Ledger, start: number, isUnicode: boolean): number {
  const length = reader.u16le(start) * (isUnicode ? 2 : 1);
  const end = start + 2 + length;
  const bytes = reader.bytes(start + 2, length, 'string');
  ledger.account(start, start + 2, 'structure', 'length of a string');
  ledger.raw(start + 2, end, 'strings');
  if (isUnicode) accountUtf16(reader, ledger, start + 2, end, 'strings');
  else if (bytes.every((byte) => byte >= 0x20)) ledger.account(start + 2, end, 'grammar', 'strings', 104);
  return end;
}

/** §2.5: blocks with size and signature, up to one that is too small to be one. */
function verifyExtraData(reader: Reader, ledger: Ledger, start: number): number {
  let at = start;
  while (at + 4 <= reader.size) {
    reader.meter.step();
    const size = reader.u32le(at);
    if (size < 4) {
      ledger.account(at, at + 4, 'structure', 'terminal block');
      return at + 4;
    }
    const signature = reader.u32le(at + 4);
    if (signature < FIRST_BLOCK || signature > LAST_BLOCK)
      throw new Broken(at + 4, 'signature of a block', 'A0000001 to A000000C', signature);
    if (size < 8 || at + size > reader.size) {
      throw new Broken(at, 'size of a block', `8 to ${reader.size - at}`, size);
    }
    ledger.account(at, at + 8, 'structure', 'extra data');
    ledger.raw(at + 8, at + size, 'extra data');
    if (pathBlocks.has(signature) && size === PATH_BLOCK) accountPath(reader, ledger, at + 8);
    at += size;
  }
  // Some writers leave the terminal block out.
  ledger.oddity(at, 'no terminal block');
  return at;
}

/** The path ends with a zero; what Windows leaves behind it is zeros, or old memory. Without a path, zeros are nothing that is demanded. */
function accountPath(reader: Reader, ledger: Ledger, start: number): void {
  const wideAt = start + PATH;
  const end = wideAt + 2 * PATH;
  if (end > reader.size) throw new Truncated(reader.size, 'path', end - reader.size);
  let narrowEnd = start;
  while (narrowEnd < wideAt && reader.u8(narrowEnd) >= 0x20) narrowEnd++;
  let wideEnd = wideAt;
  while (wideEnd < end && reader.u16le(wideEnd) !== 0) wideEnd += 2;
  ledger.account(start, narrowEnd, 'grammar', 'path', 104);
  accountUtf16(reader, ledger, wideAt, wideEnd, 'path');
  if (isZeroFilled(reader, narrowEnd, wideAt))
    ledger.account(narrowEnd, wideAt, 'padding', 'end of a path', slackFloor(narrowEnd > start));
  if (isZeroFilled(reader, wideEnd, end))
    ledger.account(wideEnd, end, 'padding', 'end of a path', slackFloor(wideEnd > wideAt));
}

function slackFloor(hasPath: boolean): number {
  return hasPath ? SLACK_FLOOR : Number.POSITIVE_INFINITY;
}
