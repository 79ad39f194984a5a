import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

const HEADER = 64;

export const mysqlFrm: Format = {
  id: 'mysql-frm',
  title: 'MySQL table definition',
  extensions: [],
  signatures: [{ at: 0, hex: 'fe010800000000000100', mask: 'fffffc0000000000ffff' }],
  spec: 'MySQL internals manual, FRM file format',
  proof: 'the header says how long the file is; definitions stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const length = reader.u32le(10, 'length');
    if (length < HEADER) throw new Broken(10, 'length', `at least ${HEADER}`, length);
    reader.bytes(length - 1, 1, 'definition');
    ledger.account(0, 16, 'structure', 'header');
    ledger.raw(16, length, 'definition');
    ledger.trailing(length, reader.size);
  },
};

export const myisamIndex: Format = {
  id: 'mysql-myi',
  title: 'MyISAM index',
  extensions: ['myi'],
  signatures: [{ at: 0, hex: 'fefe0701' }],
  spec: 'MySQL source, storage/myisam/mi_open.c',
  proof: 'the header knows the length of the file; keys stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const headerLength = reader.u16be(6, 'header length');
    const stated = reader.u64be(60, 'length of the index');
    if (headerLength < 100 || headerLength > reader.size) {
      throw new Broken(6, 'header length', `100 to ${reader.size}`, headerLength);
    }
    // Servers keep the length in memory while a table is open.
    if (stated > reader.size) reader.bytes(stated - 1, 1, 'index');
    ledger.account(0, 8, 'structure', 'header');
    ledger.raw(8, 60, 'state');
    ledger.account(60, 68, 'structure', 'length of the index', 8);
    ledger.raw(68, reader.size, 'state and keys');
  },
};
