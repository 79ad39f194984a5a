import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { type Page, walkPages } from '../pages.ts';
import { accountTail } from '../tail.ts';

/** Aria's pages are of this size, in every server that was configured by default. In bytes. */
const PAGE = 8192;
/** What stands instead of a sum where pages have none: MARIA_NO_CRC_BITMAP_PAGE, MARIA_NO_CRC_NORMAL_PAGE. */
const NO_SUM = 0xfffffffe;

export const ariaControl: Format = {
  id: 'mysql-aria-control',
  title: 'Aria control file',
  extensions: [],
  signatures: [
    { at: 0, hex: 'fefe0c01' },
    { at: 0, hex: 'fefe0c02' },
  ],
  spec: 'MariaDB source, storage/maria/ma_control_file.c',
  proof: 'a CRC-32 over the part that stays and another over the part that changes',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const fixed = reader.u16le(20, 'control file');
    const varying = reader.u16le(22, 'control file');
    if (fixed < 26 || fixed > 512 || varying < 8 || varying > 512) {
      throw new Broken(20, 'sizes of the parts', '26 to 512', `${fixed}, ${varying}`);
    }
    compare(reader, ledger, { start: 0, end: fixed - 4, sumAt: fixed - 4 });
    compare(reader, ledger, { start: fixed + 4, end: fixed + varying, sumAt: fixed });
    accountTail(reader, ledger, fixed + varying);
  },
};

function compare(reader: Reader, ledger: Ledger, part: { start: number; end: number; sumAt: number }): void {
  const { start, end, sumAt } = part;
  const sum = crc32(reader.bytes(start, end - start, 'control file'));
  const stored = reader.u32le(sumAt, 'control file');
  if (stored !== sum) throw new Broken(sumAt, 'CRC-32 of the control file', stored, sum);
  ledger.account(Math.min(start, sumAt), Math.max(end, sumAt + 4), 'checksum', 'control file');
}

export const ariaData: Format = {
  id: 'mysql-aria-data',
  title: 'Aria table',
  extensions: ['mad'],
  signatures: [],
  spec: 'MariaDB source, storage/maria/ma_pagecrc.c',
  proof: 'each page has a CRC-32 that begins with its number',
  texture: 'plain',
  recognise: () => false,
  verify(reader: Reader, ledger: Ledger): void {
    walkPages(reader, ledger, PAGE, (page) => accountAriaPage(ledger, page));
  },
};

export const ariaIndex: Format = {
  id: 'mysql-aria-index',
  title: 'Aria index',
  extensions: ['mai'],
  signatures: [
    { at: 0, hex: 'fefe0903' },
    { at: 0, hex: 'fefe0901' },
    { at: 0, hex: 'fefe0902' },
  ],
  spec: 'MariaDB source, storage/maria/ma_open.c, ma_pagecrc.c',
  proof: 'the header says how long it is; pages of keys have a CRC-32 each',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, '\xfe\xfe\x09', 'magic');
    reader.bytes(0, 24, 'header');
    ledger.account(0, 8, 'structure', 'header');
    const page = Math.min(PAGE, reader.size);
    const used = Math.min(
      page,
      Math.max(reader.u16be(6, 'header length'), lastUsed(reader.bytes(0, page)) + 1),
    );
    ledger.raw(8, used, 'definition');
    ledger.account(used, page, 'padding', 'rest of the header', 512);
    if (reader.size > PAGE) walkPages(reader, ledger, PAGE, (one) => accountAriaPage(ledger, one), 1);
  },
};

function lastUsed(bytes: Uint8Array): number {
  return bytes.findLastIndex((byte) => byte !== 0);
}

function accountAriaPage(ledger: Ledger, { bytes, view, at, number }: Page): void {
  const sumAt = bytes.length - 4;
  const stored = view.getUint32(sumAt, true);
  const sum = crc32(bytes.subarray(0, sumAt), number);
  if (stored === sum) {
    ledger.account(at, at + bytes.length, 'checksum', 'pages');
    return;
  }
  if (stored < NO_SUM) throw new Broken(at + sumAt, 'CRC-32 of a page', stored, sum);
  ledger.raw(at, at + sumAt, 'rows');
  ledger.account(at + sumAt, at + bytes.length, 'structure', 'no sum');
}
