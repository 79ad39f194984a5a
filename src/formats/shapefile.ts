import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';

const HEADER = 100;
const kinds = new Set([0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31]);

export const shapefile: Format = {
  id: 'shapefile',
  title: 'ESRI shapefile',
  extensions: ['shp'],
  signatures: [{ at: 0, hex: `0000270a${'00'.repeat(20)}` }],
  spec: 'ESRI Shapefile Technical Description',
  proof: 'records follow each other by number and length to the end; coordinates by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const end = 2 * reader.u32be(24, 'length of the file');
    const kind = reader.u32le(32, 'kind of shapes');
    if (reader.u32le(28) !== 1000 || !kinds.has(kind))
      throw new Broken(28, 'version and kind of shapes', '1000 and a known one', kind);
    if (end > reader.size) throw new Truncated(reader.size, 'shapefile', end - reader.size);
    ledger.account(0, 36, 'structure', 'header', 8);
    ledger.raw(36, HEADER, 'bounds');
    const isIndex = isIndexOf(reader, end);
    for (let at = HEADER; at < end; ) {
      reader.meter.step();
      at = isIndex ? accountEntry(reader, ledger, at, end) : accountRecord(reader, ledger, at, end, kind);
    }
    accountTail(reader, ledger, end);
  },
};

/** Entries of the index have 8 bytes, and the first shape stands behind the header of its file. */
function isIndexOf(reader: Reader, end: number): boolean {
  return (end - HEADER) % 8 === 0 && end > HEADER && reader.u32be(HEADER) === HEADER / 2;
}

/** Shapes stand in any order, though mostly one behind the other. */
function accountEntry(reader: Reader, ledger: Ledger, at: number, end: number): number {
  const offset = reader.u32be(at);
  if (offset < HEADER / 2 || reader.u32be(at + 4) > 2 ** 29)
    throw new Broken(at, 'place of a shape', 'at least 50', offset);
  const next = offset + reader.u32be(at + 4) + 4;
  if (at + 8 < end && reader.u32be(at + 8) !== next) ledger.raw(at, at + 8, 'places of shapes');
  else ledger.account(at, at + 8, 'structure', 'places of shapes', 16);
  return at + 8;
}

function accountRecord(reader: Reader, ledger: Ledger, at: number, last: number, kind: number): number {
  const end = at + 8 + 2 * reader.u32be(at + 4, 'length of a record');
  if (end > last || end < at + 12) throw new Broken(at + 4, 'length of a record', `up to ${last}`, end);
  const own = reader.u32le(at + 8, 'kind of a shape');
  if (own !== kind && own !== 0) throw new Broken(at + 8, 'kind of a shape', kind, own);
  ledger.account(at, at + 12, 'structure', 'records', 16);
  ledger.raw(at + 12, end, 'coordinates');
  return end;
}
