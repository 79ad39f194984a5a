import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';

const SIGNATURE = 4;
const HEADER = 16;
const END = 6;
/** Types of records: from the common block to the descriptions of structures. */
const types = new Set([0, 1, 2, 3, 6, 10, 12, 13, 14, 15, 16, 17, 19, 20]);

export const idlSave: Format = {
  id: 'idl-save',
  title: 'IDL variables',
  extensions: ['sav'],
  signatures: [
    { at: 0, hex: '535200040000' },
    { at: 0, hex: '535200060000' },
  ],
  spec: 'IDL Save/Restore documentation (C. Markwardt), "Record structure"',
  proof: 'records lead from one to the next up to the last; their data by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    reader.expect(0, 'SR', 'IDL magic');
    const isPacked = reader.u8(3, 'IDL version') === 6;
    ledger.account(0, SIGNATURE, 'structure', 'IDL magic');
    let at = SIGNATURE;
    for (let type = -1; type !== END; ) {
      reader.meter.step();
      type = reader.u32be(at, 'record');
      if (!types.has(type)) throw new Broken(at, 'type of a record', 'a known one', type);
      ledger.account(at, at + 8, 'structure', 'header of a record', 8);
      at = type === END ? accountEnd(reader, ledger, at) : accountRecord(reader, ledger, at, isPacked);
    }
    accountTail(reader, ledger, at);
  },
};

/** Type, where the next record begins (in two parts), four bytes that are not used; then the data. */
function accountRecord(reader: Reader, ledger: Ledger, at: number, isPacked: boolean): number {
  const next = reader.u32be(at + 4) + reader.u32be(at + 8) * 2 ** 32;
  if (next < at + HEADER || next > reader.size)
    throw new Broken(at + 4, 'next record', `${at + HEADER} to ${reader.size}`, next);
  ledger.account(at + 8, at + HEADER, 'structure', 'header of a record', 8);
  if (isPacked) ledger.coded(at + HEADER, next, 'packed record');
  else ledger.raw(at + HEADER, next, 'record');
  return next;
}

function accountEnd(reader: Reader, ledger: Ledger, at: number): number {
  const end = Math.min(at + HEADER, reader.size);
  ledger.raw(at + 8, end, 'last record');
  return end;
}
