import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZero, type Page, walkPages } from '../pages.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { jetProtection } from './jet-header.ts';

/** Where the parts of a data page stand, by version. In bytes. */
interface Layout {
  readonly pageSize: number;
  readonly rowsAt: number;
}

const jet3: Layout = { pageSize: 2048, rowsAt: 8 };
const jet4: Layout = { pageSize: 4096, rowsAt: 12 };
const MAGIC = 20;
const names = new Set(['\0\x01\0\0Standard Jet DB\0', '\0\x01\0\0Standard ACE DB\0']);
const HEADER_STRUCTURE = 24;
const DATA = 1;
const DEFINITION = 2;
const INDEX = 3;
const INDEX_LEAF = 4;
/** Shorter than in any version, in bytes. */
const INDEX_HEADER = 16;
/** Data, definition, index nodes and leaves, map of pages, and what version 4 adds. */
const types = new Set([1, 2, 3, 4, 5, 8, 9, 10, 11]);
const OFFSET = 0x1fff;
/** Type, free room, owner. */
const HEADER = 8;
/** LVAL */
const LONG_VALUES = 0x4c41564c;

const about = {
  spec: 'mdbtools, HACKING.md; Jackcess source',
  proof:
    'each page begins with its type, data pages have rows that lie one behind the other, free room is zero; rows stay raw',
  texture: 'plain',
  verify: verifyJet,
} as const;

export const access: Format = {
  ...about,
  id: 'access',
  title: 'Microsoft Access, Jet 3 and 4',
  extensions: ['mdb', 'mde', 'mda', 'mdw'],
  signatures: [{ at: 0, hex: '000100005374616e64617264204a657420444200' }],
};

export const accdb: Format = {
  ...about,
  id: 'accdb',
  title: 'Microsoft Access, ACE',
  extensions: ['accdb', 'accde', 'accda'],
  signatures: [{ at: 0, hex: '000100005374616e646172642041434520444200' }],
};

function verifyJet(reader: Reader, ledger: Ledger): void {
  const name = reader.latin1(0, MAGIC, 'header');
  if (!names.has(name)) throw new Broken(0, 'header', 'Standard Jet DB or ACE DB', 'other bytes');
  const layout = reader.u8(20, 'version') === 0 ? jet3 : jet4;
  reader.bytes(0, layout.pageSize, 'header page');
  const scheme = jetProtection(reader, layout.pageSize, types);
  ledger.account(0, HEADER_STRUCTURE, 'structure', 'header');
  ledger.raw(HEADER_STRUCTURE, layout.pageSize, 'header page');
  if (scheme !== null) {
    ledger.protect(layout.pageSize, reader.size, scheme);
    return;
  }
  const count = Math.floor(reader.size / layout.pageSize);
  walkPages(reader, ledger, layout.pageSize, (page) => accountPage(ledger, page, layout, count), 1);
}

function accountPage(ledger: Ledger, page: Page, layout: Layout, count: number): void {
  const { at, bytes } = page;
  const type = bytes[0]!;
  // A page that was given back keeps its content, and loses its type.
  if (type === 0 && isZero(bytes, 0, 4)) {
    // A hole that begins before the page would look alike: what it left of the page isn't taken for free.
    if (isZero(bytes, 0, INDEX_HEADER)) return;
    ledger.account(at, at + 4, 'structure', 'free pages', 4);
    accountRest(ledger, page, 4);
    return;
  }
  if (!types.has(type) || bytes[1]! > 1)
    throw new Broken(at, 'type of a page', '1 to 11, and 1', `${type} ${bytes[1]}`);
  if (type > INDEX_LEAF) {
    ledger.account(at, at + 2, 'structure', 'types of pages', 4);
    accountRest(ledger, page, 2);
    return;
  }
  accountOwner(ledger, page, count);
  if (type === DATA) {
    accountRows(ledger, page, layout);
    return;
  }
  accountRest(ledger, page, HEADER);
  if (type === INDEX || type === INDEX_LEAF || (type === DEFINITION && layout === jet4))
    accountEnd(ledger, page);
}

/** The table that a page belongs to, or the next page of a definition; pages of long values have letters there. */
function accountOwner(ledger: Ledger, { at, view }: Page, count: number): void {
  const owner = view.getUint32(4, true);
  if (owner >= count && owner !== LONG_VALUES)
    throw new Broken(at + 4, 'page that a page refers to', `less than ${count}`, owner);
  ledger.account(at, at + HEADER, 'structure', 'headers of pages', HEADER);
}

/** These pages tell how many bytes at their end are free. Where entries were taken out, traces of them may stand there. */
function accountEnd(ledger: Ledger, { at, bytes, view }: Page): void {
  const start = bytes.length - view.getUint16(2, true);
  if (start >= INDEX_HEADER && isZero(bytes, start, bytes.length))
    ledger.account(at + start, at + bytes.length, 'padding', 'free room', SLACK_FLOOR);
}

/** Offsets of rows descend from the end of the page; upper bits say that a row is deleted, or stands elsewhere. */
function accountRows(ledger: Ledger, { at, bytes, view }: Page, { rowsAt }: Layout): void {
  const rows = view.getUint16(rowsAt, true);
  const pointersEnd = rowsAt + 2 + 2 * rows;
  let before = bytes.length;
  for (let pointer = rowsAt + 2; pointer < Math.min(pointersEnd, bytes.length); pointer += 2) {
    const start = view.getUint16(pointer, true) & OFFSET;
    if (start > before || start < pointersEnd) {
      throw new Broken(at + pointer, 'offset of a row', `${pointersEnd} to ${before}`, start);
    }
    before = start;
  }
  if (pointersEnd > before) throw new Broken(at + rowsAt, 'rows of a page', `up to ${before}`, pointersEnd);
  ledger.raw(at + HEADER, at + rowsAt, 'owner of a page');
  ledger.account(at + rowsAt, at + pointersEnd, 'structure', 'offsets of rows', 16);
  const by = 'free room';
  if (isZero(bytes, pointersEnd, before))
    ledger.account(at + pointersEnd, at + before, 'padding', by, SLACK_FLOOR);
  else ledger.raw(at + pointersEnd, at + before, by);
  ledger.raw(at + before, at + bytes.length, 'rows');
}

function accountRest(ledger: Ledger, { at, bytes }: Page, start: number): void {
  ledger.raw(at + start, at + bytes.length, 'definitions and indexes');
}
