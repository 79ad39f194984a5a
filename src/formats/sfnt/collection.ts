import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';
import { readDirectory } from './directory.ts';
import { verifyTables } from './tables.ts';

const HEADER = 12;
const MOST_FONTS = 4096;

export const fontCollection: Format = {
  id: 'font-collection',
  title: 'TrueType and OpenType collection',
  extensions: ['ttc', 'otc'],
  signatures: [
    { at: 0, hex: '747463660001' },
    { at: 0, hex: '747463660002' },
  ],
  spec: 'OpenType 1.9, Font Collections',
  proof: 'checksum of each table; directories and tables tile the file',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const count = reader.u32be(8, 'number of fonts');
    if (count === 0 || count > MOST_FONTS) throw new Broken(8, 'number of fonts', '1 to 4096', count);
    const headerEnd = HEADER + 4 * count + accountSignature(reader, ledger, HEADER + 4 * count);
    ledger.account(0, HEADER + 4 * count, 'structure', 'header of a collection', 8);
    const parts: Range[] = [{ start: 0, end: headerEnd }, ...signatureOf(reader, ledger, headerEnd)];
    for (let i = 0; i < count; i++) {
      const directory = readDirectory(reader, reader.u32be(HEADER + 4 * i));
      parts.push(directory, ...verifyTables(reader, ledger, directory));
    }
    const end = parts.reduce((last, part) => Math.max(last, part.end), 0);
    accountGaps(reader, ledger, parts, { start: 0, end });
    accountGaps(reader, ledger, [], { start: end, end: Math.min(reader.size, end + (-end & 3)) });
    accountTail(reader, ledger, Math.min(reader.size, end + (-end & 3)));
  },
};

/** Version 2 tells where a signature of the collection stands; mostly it's zeros. Gives the fields' length. */
function accountSignature(reader: Reader, ledger: Ledger, at: number): number {
  if (reader.u16be(4) !== 2) return 0;
  const isNone = reader.u32be(at) === 0 && reader.u32be(at + 4) === 0 && reader.u32be(at + 8) === 0;
  if (isNone || reader.has(at, 'DSIG')) ledger.account(at, at + 12, 'structure', 'signature fields', 12);
  return 12;
}

function signatureOf(reader: Reader, ledger: Ledger, headerEnd: number): Range[] {
  if (reader.u16be(4) !== 2 || !reader.has(headerEnd - 12, 'DSIG')) return [];
  const start = reader.u32be(headerEnd - 4);
  const end = start + reader.u32be(headerEnd - 8);
  if (end > reader.size)
    throw new Broken(headerEnd - 8, 'signature of the collection', 'inside the file', end);
  ledger.coded(start, end, 'signature of the collection');
  return [{ start, end }];
}
