import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountSlack } from '../slack.ts';
import { SECTOR } from './descriptors.ts';

const SPECIFICATION = 'EL TORITO SPECIFICATION';

/** The catalogue of boot images, whose first entry's words add up to zero (El Torito 1.0 §2.0). */
export function accountBootCatalogue(reader: Reader, ledger: Ledger): void {
  const at = 17 * SECTOR;
  if (!reader.has(at + 7, SPECIFICATION)) return;
  ledger.account(at + 7, at + 7 + SPECIFICATION.length, 'structure', 'boot record');
  accountSlack(reader, ledger, at + 7 + SPECIFICATION.length, at + 71, 'unused field');
  accountSlack(reader, ledger, at + 75, at + SECTOR, 'unused field');
  const start = reader.u32le(at + 71) * SECTOR;
  if (start + SECTOR > reader.size || start < at) return;
  let sum = 0;
  for (let i = 0; i < 32; i += 2) sum += reader.u16le(start + i);
  if (sum % 65_536 !== 0 || !reader.has(start + 30, '\x55\xaa')) return;
  ledger.account(start, start + 32, 'structure', 'validation entry', 32);
  accountSlack(reader, ledger, start + 32, start + SECTOR, 'entries of the boot catalogue');
}
