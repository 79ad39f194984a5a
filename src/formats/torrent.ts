import { isUtf8 } from 'node:buffer';
import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';

const DEEPEST = 64;
/** Digits of a length, and of a number. */
const LONGEST_NUMBER = 20;
const LONGEST_TEXT = 1 << 16;

export const torrent: Format = {
  id: 'torrent',
  title: 'BitTorrent metainfo',
  extensions: ['torrent'],
  signatures: [
    { at: 0, hex: '64383a616e6e6f756e6365' },
    { at: 0, hex: '6431333a616e6e6f756e63652d6c697374' },
    { at: 0, hex: '6431303a63726561746564206279' },
    { at: 0, hex: '64343a696e666f' },
    { at: 0, hex: '64373a636f6d6d656e74' },
  ],
  spec: 'BEP 3, bencoding',
  proof: 'bencoding with strings in UTF-8; hashes of pieces may be anything, and stay unproved',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.u8(0) !== 0x64) throw new Broken(0, 'metainfo', 'a dictionary', 'something else');
    accountTail(reader, ledger, accountValues(reader, ledger));
  },
};

/** Lists and dictionaries are left open until their `e`; gives the end of the first value. */
function accountValues(reader: Reader, ledger: Ledger): number {
  let open = 0;
  let at = 0;
  do {
    reader.meter.step();
    const letter = String.fromCharCode(reader.u8(at, 'value'));
    const start = at;
    if (letter === 'd' || letter === 'l') {
      if (++open > DEEPEST) throw new Broken(at, 'nesting', `at most ${DEEPEST}`, open);
      at++;
    } else if (letter === 'e') {
      open--;
      at++;
    } else if (letter === 'i') at = endOfNumber(reader, at + 1, 0x65);
    else {
      at = endOfString(reader, ledger, at);
      continue;
    }
    ledger.account(start, at, 'grammar', 'bencoding');
  } while (open > 0);
  return at;
}

/** Behind the sign that ends it. */
function endOfNumber(reader: Reader, start: number, sign: number): number {
  for (let at = start; at < start + LONGEST_NUMBER; at++) {
    const byte = reader.u8(at, 'number');
    if (byte === sign && at > start) return at + 1;
    const isSign = byte === 0x2d && at === start && sign === 0x65;
    if (!isSign && (byte < 0x30 || byte > 0x39)) break;
  }
  throw new Broken(start, 'number', 'digits', 'other bytes');
}

/** Hashes may be anything: they stay unaccounted. */
function endOfString(reader: Reader, ledger: Ledger, start: number): number {
  const body = endOfNumber(reader, start, 0x3a);
  const length = Number(reader.latin1(start, body - 1 - start));
  const end = body + length;
  if (end > reader.size)
    throw new Broken(start, 'length of a string', `at most ${reader.size - body}`, length);
  ledger.account(start, body, 'grammar', 'bencoding');
  if (length <= LONGEST_TEXT && isText(reader.bytes(body, length)))
    ledger.account(body, end, 'grammar', 'bencoding');
  return end;
}

function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.some((byte) => byte < 9);
}
