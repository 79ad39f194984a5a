import type { Format } from '../../format.ts';
import { accountTail } from '../../tail.ts';
import { walkRecords } from './chain.ts';
import { verifyStrings } from './strings.ts';

export const excelBiff: Format = {
  id: 'excel-biff',
  title: 'Excel workbook without compound file',
  extensions: [],
  signatures: [
    { at: 0, hex: '0900040000000000', mask: 'ffffffff00ff00ff' },
    { at: 0, hex: '09020600' },
    { at: 0, hex: '09040600' },
    { at: 0, hex: '090808000005' },
    { at: 0, hex: '090810000006' },
  ],
  spec: 'MS-XLS, section 2.4.21 (BOF)',
  proof: 'the chain of records from BOF to EOF; their data by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    const { end, strings, seal } = walkRecords(reader, ledger);
    const first = 4 + reader.u16le(2);
    ledger.account(0, Math.min(first, end), 'structure', 'BOF record', first);
    let from = 0;
    for (const one of ledger.observations) {
      if (one.kind !== 'broken') continue;
      ledger.raw(from, Math.max(from, one.at), 'records');
      from = one.end ?? end;
    }
    if (seal !== null) ledger.protect(seal.from, Math.max(seal.from, end), seal.scheme, seal.strength);
    else for (const pieces of strings) verifyStrings(reader, ledger, pieces);
    ledger.raw(Math.min(from, end), end, 'records');
    accountTail(reader, ledger, end);
  },
};
