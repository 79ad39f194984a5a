import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format, KnownFormat } from './format.ts';
import { type RecordLayout, walkRecords } from './record-chain.ts';
import { examineStored } from './stored.ts';
import { accountTail } from './tail.ts';

const BEGINNING = 0x0000;
/** Microsoft Works begins with another code than its model. */
const WORKS_BEGINNING = 0x00ff;
const END = 0x0001;
/** Code, length and the version that the signatures name. */
const SIGNED = 6;
/** Codes up to Quattro Pro for Windows, and those of Works, 0x5400 on. */
const LAST_CODE = 0x047f;
const WORKS_CODES = 0x54;
/** A formula and a picture's frame are the longest records. */
const LONGEST = 0x2000;

/** Code and length of two bytes each, then the data (Lotus Worksheet File Format, "Record structure"). */
const layout: RecordLayout = {
  unit: 1,
  read(reader, at, end) {
    if (at + 4 > end) return null;
    const [code, length] = [reader.u16le(at), reader.u16le(at + 2)];
    const isKnown = code > BEGINNING && (code <= LAST_CODE || code >> 8 === WORKS_CODES);
    if (!isKnown || length > LONGEST || at + 4 + length > end) return null;
    return { size: 4 + length, isLast: code === END && length === 0 };
  },
};

const PROOF = 'the chain of records ends in the last one; their data by contrast';

export const lotus123 = worksheet({
  id: 'lotus-123',
  title: 'Lotus 1-2-3 worksheet',
  extensions: ['wk1', 'wks', 'wke', 'wrk', 'wr1'],
  signatures: [
    { at: 0, hex: '000002000604' },
    { at: 0, hex: '000002000404' },
    { at: 0, hex: '000002000504' },
    { at: 0, hex: 'ff0002000404' },
  ],
  spec: 'Lotus Worksheet File Format, BOF record',
});

export const lotus123Release3 = worksheet({
  id: 'lotus-123-3',
  title: 'Lotus 1-2-3 worksheet, release 3 and later',
  extensions: ['wk3', 'wk4', '123'],
  signatures: [{ at: 0, hex: '00001a0000100400', mask: 'ffffffff00ffffff' }],
  spec: 'Lotus Worksheet File Format, BOF record',
});

export const quattro = worksheet({
  id: 'quattro',
  title: 'Quattro Pro spreadsheet',
  extensions: ['wq1', 'wq2', 'wb1', 'wb2'],
  signatures: [
    { at: 0, hex: '000002002051' },
    { at: 0, hex: '000002002151' },
    { at: 0, hex: '000002000110' },
    { at: 0, hex: '000002000210' },
  ],
  spec: 'libwps source, Quattro.cpp',
});

function worksheet(format: KnownFormat): Format {
  return { ...format, proof: PROOF, texture: 'plain', verify: verifyWorksheet };
}

const PROPERTIES = 'FM3 Property';

function verifyWorksheet(reader: Reader, ledger: Ledger, context: Context): void {
  let end = verifyStream(reader, ledger, 0);
  // The formatting of 1-2-3 releases 4 and later is a stream of records of its own, with properties behind it.
  if (beginsStream(reader, end)) {
    end = verifyStream(reader, ledger, end);
    if (reader.indexOf(PROPERTIES, end) >= 0) ledger.raw(end, reader.size, 'properties');
  } else if (reader.has(end, STORAGE_MARK)) verifyStorage(reader, ledger, context, end);
  else accountTail(reader, ledger, end);
}

function beginsStream(reader: Reader, at: number): boolean {
  return at + 4 <= reader.size && reader.u16le(at) === BEGINNING && reader.u16le(at + 2) > 0;
}

function verifyStream(reader: Reader, ledger: Ledger, start: number): number {
  reader.bytes(start, SIGNED, 'first record');
  const code = reader.u16le(start);
  const first = Math.min(start + 4 + reader.u16le(start + 2), reader.size);
  if (code !== BEGINNING && code !== WORKS_BEGINNING)
    throw new Broken(start, 'first record', BEGINNING, code);
  ledger.raw(start, first, 'records');
  ledger.account(start, start + SIGNED, 'structure', 'first record');
  return walkRecords(reader, ledger, { start: first, end: reader.size }, layout);
}

/** Quattro Pro 6 puts a name and, with it, a compound file of embedded objects behind the records. */
const STORAGE_MARK = [0, 0, 0, 0, 0, 0, 0x34, 0x12, 0x17, 0, 0, 0];
const STORAGE_NAME = 'QPW$ExtendedStorage$6.0';
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];
const MOST_BEFORE = 64;

function verifyStorage(reader: Reader, ledger: Ledger, context: Context, start: number): void {
  const named = start + STORAGE_MARK.length;
  reader.expect(named, STORAGE_NAME, 'name of the storage');
  const behind = named + STORAGE_NAME.length;
  const found = reader.indexOf(
    Uint8Array.from(COMPOUND),
    behind,
    Math.min(behind + MOST_BEFORE, reader.size),
  );
  const end = found < 0 ? reader.size : found;
  ledger.account(start, behind, 'structure', 'storage of objects');
  if (end - behind > MOST_BEFORE) ledger.trailing(behind, end);
  else ledger.account(behind, end, 'structure', 'storage of objects', MOST_BEFORE);
  if (found >= 0) examineStored({ reader, ledger, context, start: found, end: reader.size }, 'embedded.qpw');
}
