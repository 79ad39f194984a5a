import { accountTextOrRaw } from '../../short-text.ts';
import { accountUtf16 } from '../../utf16-text.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';

const HEADER = 28;
const UNICODE_MARKER = 0x71b239f4;

/** \1CompObj: the names of the type in ANSI, and again in Unicode (MS-OLEDS §2.3.8). */
export function verifyCompObj(part: Part): void {
  const { stream } = part;
  const { reader, ledger, size } = stream;
  if (size < HEADER) {
    accountRest(part);
    return;
  }
  ledger.account(0, HEADER, 'structure', 'CompObj header', HEADER);
  let at = HEADER;
  // User type, clipboard format, ProgID.
  for (let i = 0; i < 3 && at + 4 <= size; i++) {
    const length = reader.u32le(at);
    const isFormat = i === 1 && length >= 0xfffffffe;
    const end = at + 4 + (isFormat ? 4 : length);
    if (end > size) {
      accountRest(part);
      return;
    }
    ledger.account(at, at + 4, 'structure', 'CompObj', 8);
    if (isFormat) ledger.account(at + 4, end, 'structure', 'CompObj', 8);
    else accountTextOrRaw(reader, ledger, at + 4, end, 'CompObj text');
    at = end;
  }
  if (at + 4 <= size && reader.u32le(at) === UNICODE_MARKER) {
    ledger.account(at, at + 4, 'structure', 'CompObj', 4);
    accountUtf16(reader, ledger, at + 4, size, 'CompObj text');
  }
  accountRest(part);
}
