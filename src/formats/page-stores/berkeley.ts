import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZero, type Page, walkPages } from '../pages.ts';
import { SLACK_FLOOR } from '../slack.ts';

const HEADER = 26;
const META = 72;
const CHECKSUMS = 1;
const INVALID = 0;
const OVERFLOW = 7;
const MOST_TYPE = 16;
const metaTypes = new Set([8, 9, 10, 15]);
const pointed = new Set([2, 3, 5, 6, 12, 13]);

/** Bytes between header and pointers, by whether pages carry a sum or are encrypted. */
interface Store {
  readonly isBig: boolean;
  readonly head: number;
}

export const berkeleyDb: Format = {
  id: 'berkeley-db',
  title: 'Berkeley DB',
  extensions: ['bdb'],
  signatures: [
    { at: 12, hex: '62310500' },
    { at: 12, hex: '00053162' },
    { at: 12, hex: '61150600' },
    { at: 12, hex: '00061561' },
    { at: 12, hex: '53220400' },
    { at: 12, hex: '00042253' },
  ],
  spec: 'Berkeley DB source, dbinc/db_page.h',
  proof: 'each page has its number, its type and pointers that lie inside; keys and values stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const isBig = reader.u8(12) === 0;
    const size = isBig ? reader.u32be(20) : reader.u32le(20);
    if (size < 512 || size > 65536 || (size & (size - 1)) !== 0)
      throw new Broken(20, 'page size', '512 to 65536', size);
    const flags = reader.u8(26);
    if (reader.u8(24) !== 0) {
      ledger.account(0, META, 'structure', 'meta page', 16);
      ledger.protect(META, reader.size, 'Berkeley DB page encryption', 'AES-128');
      return;
    }
    const head = (flags & CHECKSUMS) === 0 ? HEADER : HEADER + 6;
    walkPages(reader, ledger, size, (page) => accountPage(ledger, page, { isBig, head }));
  },
};

function accountPage(ledger: Ledger, page: Page, store: Store): void {
  const { view, at, bytes, number } = page;
  const isLittle = !store.isBig;
  const type = bytes[25]!;
  const stated = view.getUint32(8, isLittle);
  if (stated !== number) throw new Broken(at + 8, 'page number', number, stated);
  if (type > MOST_TYPE) throw new Broken(at + 25, 'type of a page', `up to ${MOST_TYPE}`, type);
  if (metaTypes.has(type)) {
    ledger.account(at + 8, at + HEADER, 'structure', 'meta page', 8);
    accountRest(ledger, page, HEADER, 'meta page');
    return;
  }
  ledger.account(at + 8, at + 12, 'structure', 'page numbers');
  ledger.raw(at + 12, at + 20, 'neighbours');
  ledger.account(at + 20, at + HEADER, 'structure', 'page headers', 6);
  if (pointed.has(type)) accountItems(ledger, page, store);
  else if (type === OVERFLOW || type === INVALID) accountRest(ledger, page, HEADER, 'long values');
  else accountRest(ledger, page, HEADER, 'data');
}

function accountItems(ledger: Ledger, page: Page, { isBig, head }: Store): void {
  const { view, at, bytes } = page;
  const entries = view.getUint16(20, !isBig);
  const lowest = view.getUint16(22, !isBig) || bytes.length;
  const pointersEnd = head + 2 * entries;
  if (pointersEnd > lowest || lowest > bytes.length) {
    throw new Broken(at + 20, 'entries of a page', `room up to ${lowest}`, pointersEnd);
  }
  for (let pointer = head; pointer < pointersEnd; pointer += 2) {
    const item = view.getUint16(pointer, !isBig);
    if (item < lowest || item >= bytes.length) {
      throw new Broken(at + pointer, 'pointer to an item', `${lowest} to ${bytes.length - 1}`, item);
    }
  }
  ledger.account(at + head, at + pointersEnd, 'structure', 'pointers to items', 16);
  if (isZero(bytes, pointersEnd, lowest)) {
    ledger.account(at + pointersEnd, at + lowest, 'padding', 'free room', SLACK_FLOOR);
  } else ledger.raw(at + pointersEnd, at + lowest, 'free room');
  ledger.raw(at + lowest, at + bytes.length, 'keys and values');
}

function accountRest(ledger: Ledger, { at, bytes }: Page, start: number, by: string): void {
  const used = bytes.findLastIndex((byte) => byte !== 0) + 1;
  ledger.raw(at + start, at + Math.max(start, used), by);
  ledger.account(at + Math.max(start, used), at + bytes.length, 'padding', 'rest of a page', SLACK_FLOOR);
}
