import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';
import { verifyBin } from './bin.ts';

const BASE = 4096;
const SUMMED = 508;

export const regf: Format = {
  id: 'regf',
  title: 'Windows registry hive',
  extensions: ['regf', 'hiv', 'hve', 'hive'],
  signatures: [{ at: 0, hex: '72656766' }],
  spec: 'M. Suhanov, "Windows registry file format specification", sections 3 and 4',
  proof:
    'sum of the base block; bins tile the hive, cells tile the bins, key cells are checked; value data stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    verifyBaseBlock(reader, ledger);
    const stated = BASE + reader.u32le(40);
    if (stated > reader.size) ledger.broken(new Truncated(reader.size, 'bins', stated - reader.size));
    let at = BASE;
    const end = Math.min(stated, reader.size);
    while (at + 32 <= end) {
      reader.meter.step();
      at = verifyNextBin(reader, ledger, at, end);
    }
    accountTail(reader, ledger, Math.min(reader.size, stated));
  },
};

/** The sum is the XOR of the words before it; 0 and −1 are replaced by 1 and −2. */
function verifyBaseBlock(reader: Reader, ledger: Ledger): void {
  let sum = 0;
  for (let at = 0; at < SUMMED; at += 4) sum = (sum ^ reader.u32le(at)) >>> 0;
  if (sum === 0) sum = 1;
  if (sum === 0xffffffff) sum = 0xfffffffe;
  const stored = reader.u32le(SUMMED);
  if (stored !== sum) throw new Broken(SUMMED, 'sum of the base block', sum, stored);
  ledger.account(0, SUMMED + 4, 'checksum', 'sum of the base block', 1);
  if (isZeroFilled(reader, SUMMED + 4, BASE))
    ledger.account(SUMMED + 4, BASE, 'padding', 'base block', SLACK_FLOOR);
  else ledger.raw(SUMMED + 4, BASE, 'end of the base block');
  if (reader.u32le(4) !== reader.u32le(8))
    ledger.oddity(4, 'sequence numbers differ: a transaction log completes it');
}

/** Gives where the next bin begins; after a lost one, the next page that begins as a bin does. */
function verifyNextBin(reader: Reader, ledger: Ledger, at: number, end: number): number {
  try {
    return verifyBin(reader, ledger, at, end);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    let next = at + 4096;
    while (next < end && !(reader.has(next, 'hbin') && reader.u32le(next + 4) === next - BASE)) {
      reader.meter.step();
      next += 4096;
    }
    ledger.broken(error, Math.min(next, end));
    return next;
  }
}

/** Windows enlarges hives ahead: what is behind the last bin is zeros or old bins. */
function accountTail(reader: Reader, ledger: Ledger, start: number): void {
  if (start >= reader.size) return;
  if (isZeroFilled(reader, start, reader.size))
    ledger.account(start, reader.size, 'padding', 'behind the last bin');
  else if (reader.has(start, 'hbin')) ledger.raw(start, reader.size, 'old bins');
  else ledger.trailing(start, reader.size);
}
