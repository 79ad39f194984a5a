import { Broken } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { accountGaps } from './gaps.ts';
import { accountTextOrRaw } from './short-text.ts';
import { accountSlack } from './slack.ts';
import { examineStored } from './stored.ts';

const LIST = 78;
const ENTRY = 8;
/** Types and creators of PalmDOC, Mobipocket; documents may be under the keys of a shop. */
const BOOK = 'BOOKMOBI';
const ENCRYPTION = 12;
const MOST_SLACK = 1 << 16;

export const palmDatabases: readonly Format[] = [
  palm(
    'mobipocket',
    'Mobipocket and Kindle book',
    ['mobi', 'azw', 'azw3', 'prc'],
    BOOK,
    'MobileRead wiki, MOBI',
  ),
  palm('palmdoc', 'PalmDOC book', ['pdb', 'prc'], 'TEXtREAd', 'MobileRead wiki, PalmDOC'),
];

function palm(id: string, title: string, extensions: readonly string[], type: string, spec: string): Format {
  return {
    id,
    title,
    extensions,
    signatures: [{ at: 60, hex: Buffer.from(type).toString('hex') }],
    spec: `${spec}; Palm File Format Specification, PDB`,
    proof: 'the list of records tiles the file; images by their own formats, other records by contrast',
    texture: 'plain',
    verify: verifyDatabase,
  };
}

function verifyDatabase(reader: Reader, ledger: Ledger, context: Context): void {
  const records = readRecords(reader);
  const listEnd = LIST + ENTRY * records.length;
  accountTextOrRaw(reader, ledger, 0, 32, 'name of the database');
  ledger.raw(32, 60, 'times and numbers');
  ledger.account(60, 68, 'structure', 'type and creator');
  ledger.raw(68, LIST, 'numbers');
  // Offsets ascend: what is overwritten is out of order.
  ledger.account(LIST - 2, listEnd, 'structure', 'list of records', 16);
  accountGaps(reader, ledger, records, { start: listEnd, end: reader.size }, 'room before the records');
  const isProtected = records.length > 0 && isEncrypted(reader, records[0]!);
  for (const [i, record] of records.entries()) {
    reader.meter.step();
    if (isProtected && i > 0) ledger.protect(record.start, record.end, 'Mobipocket book under a key');
    else accountRecord(reader, ledger, context, record);
  }
}

/** The offset of each record, up to where the next begins. */
function readRecords(reader: Reader): Range[] {
  const count = reader.u16be(LIST - 2, 'number of records');
  reader.bytes(LIST, ENTRY * count, 'list of records');
  const starts = Array.from({ length: count }, (_, i) => reader.u32be(LIST + ENTRY * i));
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? reader.size;
    const isInOrder = start >= LIST + ENTRY * count && start <= end && end <= reader.size;
    if (!isInOrder) throw new Broken(LIST + ENTRY * i, 'offset of a record', 'one that ascends', start);
    return { start, end };
  });
}

/** PalmDOC header: two bytes at 12 say how the text is encrypted, in Mobipocket's use of it. */
function isEncrypted(reader: Reader, { start, end }: Range): boolean {
  return reader.has(60, BOOK) && end - start >= ENCRYPTION + 2 && reader.u16be(start + ENCRYPTION) !== 0;
}

const images: Readonly<Record<string, readonly number[]>> = {
  'image.jpg': [0xff, 0xd8, 0xff],
  'image.gif': [0x47, 0x49, 0x46, 0x38],
  'image.png': [0x89, 0x50, 0x4e, 0x47],
};

function accountRecord(reader: Reader, ledger: Ledger, context: Context, { start, end }: Range): void {
  const name = Object.keys(images).find((one) => reader.has(start, images[one]!) && start + 4 < end);
  if (name === undefined) accountRaw(reader, ledger, start, end);
  else examineStored({ reader, ledger, context, start, end }, name);
}

/** Writers leave room behind the first record, for titles that may grow. */
function accountRaw(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const length = Math.min(end - start, MOST_SLACK);
  const tail = reader.bytes(end - length, length, 'record');
  const used = end - length + 1 + tail.findLastIndex((byte) => byte !== 0);
  ledger.raw(start, used, 'record');
  accountSlack(reader, ledger, used, end, 'zeros at the end of a record');
}
