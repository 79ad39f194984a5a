import { lengthOf } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';
import { type Directory, readDirectory } from './directory.ts';
import { ADJUSTMENT_AT, sumOf } from './sum.ts';
import { verifyTables } from './tables.ts';

const shared = {
  spec: 'OpenType 1.9, Organization of an OpenType Font',
  proof: 'checksum of each table; tables, and zeros that align them, tile the file',
  texture: 'plain',
  verify: verifyFont,
} as const;

export const truetype: Format = {
  ...shared,
  id: 'truetype',
  title: 'TrueType font',
  extensions: ['ttf', 'tte'],
  signatures: [
    { at: 0, hex: '0001000000' },
    { at: 0, hex: '7472756500' },
    { at: 0, hex: '7479703100' },
  ],
};

export const opentype: Format = {
  ...shared,
  id: 'opentype',
  title: 'OpenType font, CFF outlines',
  extensions: ['otf'],
  signatures: [{ at: 0, hex: '4f54544f00' }],
};

function verifyFont(reader: Reader, ledger: Ledger): void {
  const directory = readDirectory(reader, 0);
  const parts = verifyTables(reader, ledger, directory);
  const end = parts.reduce((last, part) => Math.max(last, part.end), directory.end);
  accountGaps(reader, ledger, [directory, ...parts], { start: 0, end });
  const rounded = Math.min(reader.size, end + (-end & 3));
  accountGaps(reader, ledger, [], { start: end, end: rounded });
  if (rounded === reader.size) accountWhole(reader, ledger, directory);
  accountTail(reader, ledger, rounded);
}

const WHOLE = 0xb1b0afba;

/** The font as a whole has a sum, too, which makes up for the bytes of the directory; editors often forget it. */
function accountWhole(reader: Reader, ledger: Ledger, { tables }: Directory): void {
  const head = tables.find(({ tag }) => tag === 'head');
  if (head === undefined || lengthOf(head) < 12 || head.end > reader.size) return;
  if (sumOf(reader, { start: 0, end: reader.size }) === WHOLE) {
    ledger.account(0, reader.size, 'checksum', 'checksum of the font');
  } else ledger.oddity(head.start + ADJUSTMENT_AT, 'checksum of the font is stale');
}
