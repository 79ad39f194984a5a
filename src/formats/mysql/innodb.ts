import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZero, type Page, walkPages } from '../pages.ts';
import { judgeSum, packedSize } from './page-sums.ts';
import { FLAGS_AT, readTablespace, type Tablespace } from './tablespace.ts';

/** Page types of MySQL 8 and MariaDB whose content is encrypted by the server (fil0fil.h). */
const encrypted = new Set([15, 16, 17, 37401]);
const HEADER = 38;

export const innodb: Format = {
  id: 'innodb',
  title: 'InnoDB tablespace',
  extensions: ['ibd'],
  signatures: [
    {
      at: 4,
      hex: '00000000ffffffffffffffff00000000000000000008',
      mask: 'ffffffffffffffffffffffff0000000000000000ffff',
    },
    {
      at: 4,
      hex: '00000000000100000000000100000000000000000008',
      mask: 'ffffffffffff0000ffffffff0000000000000000ffff',
    },
    {
      at: 4,
      hex: '00000000000000000000000000000000000000000008',
      mask: 'ffffffffffffffffffffffff00000000ffffffffffff',
    },
  ],
  spec: 'MySQL internals manual, InnoDB page structure; MariaDB source, buf0buf.cc, fil0fil.h',
  proof: 'each page has a checksum of 32 bits, and its own number; where sums are off, rows stay raw',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    const space = readTablespace(reader.u32be(FLAGS_AT, 'flags of the tablespace'));
    if (space.pageSize < 1024 || space.pageSize > 65536) {
      throw new Broken(FLAGS_AT, 'page size', '1 KiB to 64 KiB', space.pageSize);
    }
    const first = reader.u32be(4);
    walkPages(reader, ledger, space.pageSize, (page) => accountPage(ledger, page, space, first));
  },
};

function accountPage(ledger: Ledger, page: Page, space: Tablespace, first: number): void {
  const { view, at, number } = page;
  const end = at + page.bytes.length;
  const state = judgeSum(page, space);
  const stated = view.getUint32(4);
  if (stated !== first + number) throw new Broken(at + 4, 'page number', first + number, stated);
  if (state === 'contradicts') throw new Broken(at, 'page checksum', 'the sum of the page', 'another');
  const isSealed =
    encrypted.has(view.getUint16(24)) ||
    (space.kind === 'full CRC-32' &&
      number > 0 &&
      view.getUint32(26) > 0 &&
      packedSize(view.getUint16(24)) === null);
  if (isSealed) ledger.protect(at + HEADER, end, 'InnoDB tablespace encryption');
  else if (state === 'holds') accountSummed(ledger, page, space);
  else accountPlain(ledger, page);
}

function accountSummed(ledger: Ledger, { at, bytes, view }: Page, { kind }: Tablespace): void {
  const packed = kind === 'full CRC-32' ? packedSize(view.getUint16(24)) : null;
  const end = packed ?? bytes.length;
  ledger.account(at, at + end, 'checksum', 'pages');
  if (end === bytes.length) return;
  if (!isZero(bytes, end, bytes.length))
    throw new Broken(at + end, 'hole behind a packed page', 'zeros', 'others');
  ledger.account(at + end, at + bytes.length, 'padding', 'hole behind a packed page');
}

/** Without sums, the low half of the LSN stands twice, at both ends of the page. */
function accountPlain(ledger: Ledger, { at, bytes, view }: Page): void {
  const trailer = bytes.length - 4;
  if (view.getUint32(trailer) !== view.getUint32(20)) {
    throw new Broken(at + trailer, 'LSN at the end of a page', view.getUint32(20), view.getUint32(trailer));
  }
  ledger.account(at, at + 8, 'structure', 'page number');
  ledger.account(at + 20, at + 24, 'structure', 'LSN');
  ledger.raw(at + 24, at + trailer, 'rows');
  ledger.account(at + trailer, at + bytes.length, 'structure', 'LSN');
}
