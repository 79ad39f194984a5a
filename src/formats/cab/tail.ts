import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { examineStored } from '../stored.ts';
import { accountTail, isZeroFilled } from '../tail.ts';
import type { CabHeader } from './layout.ts';

/** The reserve that signtool leaves in the header: where the signature stands, and its length (Authenticode). */
const SIGNED_RESERVE = 20;

/** Behind the cabinet its Authenticode signature may stand, as the reserve of its header says. */
export function accountCabTail(reader: Reader, ledger: Ledger, context: Context, header: CabHeader): void {
  const { reserve, size } = header;
  if (reserve !== null) accountReserve(reader, ledger, header);
  if (reserve === null || reserve.end - reserve.start !== SIGNED_RESERVE) {
    accountTail(reader, ledger, size);
    return;
  }
  const start = reader.u32le(reserve.start + 4);
  const end = start + reader.u32le(reserve.start + 8);
  if (start !== size || end <= start || end > reader.size) {
    accountTail(reader, ledger, size);
    return;
  }
  examineStored({ reader, ledger, context, start, end }, 'signature.p7b');
  accountTail(reader, ledger, end);
}

function accountReserve(reader: Reader, ledger: Ledger, { reserve }: CabHeader): void {
  if (reserve === null) return;
  const { start, end } = reserve;
  ledger.account(start - 4, start, 'structure', 'lengths of the reserves');
  if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'empty reserve');
  else if (end - start === SIGNED_RESERVE)
    ledger.account(start, end, 'structure', 'place of the signature', 12);
  else ledger.raw(start, end, 'reserve for applications');
}
