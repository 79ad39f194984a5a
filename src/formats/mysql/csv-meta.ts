import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

const SIZE = 35;

export const mysqlCsvMeta: Format = {
  id: 'mysql-csm',
  title: 'MySQL metadata of a CSV table',
  extensions: ['csm'],
  signatures: [{ at: 0, hex: 'fe01' }],
  spec: 'MySQL source, storage/csv/ha_tina.cc, write_meta_file',
  proof:
    'magic, version, three fields that are always zero, and the mark of an unfinished write; the number of rows stays unproved',
  texture: 'plain',
  recognise: (head, size) => size === SIZE && head[0] === 0xfe && head[1] === 1,
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.size !== SIZE) throw new Broken(0, 'length of the file', SIZE, reader.size);
    reader.expect(0, '\xfe\x01', 'magic and version');
    reader.expect(10, new Uint8Array(24), 'fields not in use');
    const mark = reader.u8(34);
    if (mark > 1) throw new Broken(34, 'mark of an unfinished write', '0 or 1', mark);
    ledger.account(0, 2, 'structure', 'magic and version', 2);
    ledger.account(10, SIZE, 'padding', 'fields not in use');
  },
};
