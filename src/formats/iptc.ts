import { Broken } from '../bytes/errors.ts';
import { accountTextOrRaw } from './short-text.ts';
import type { Place } from './stored.ts';
import { isZeroFilled } from './tail.ts';

const TAG = 0x1c;

/** Records of the Information Interchange Model (IPTC-NAA IIM 4.2, section 1.5): tag, record, data set, length. */
export function accountIptc(place: Place): void {
  const { reader, ledger, start, end } = place;
  for (let at = start; at < end; ) {
    reader.meter.step();
    if (reader.u8(at) === 0 && isZeroFilled(reader, at, end)) {
      ledger.account(at, end, 'padding', 'after IPTC records');
      return;
    }
    const dataAt = at + 5;
    if (reader.u8(at) !== TAG || dataAt > end)
      throw new Broken(at, 'IPTC record', '1c', reader.u8(at).toString(16));
    const length = reader.u16be(at + 3);
    if (length >= 0x8000 || dataAt + length > end)
      throw new Broken(at + 3, 'IPTC length', end - dataAt, length);
    ledger.account(at, dataAt, 'structure', 'IPTC record');
    accountTextOrRaw(reader, ledger, dataAt, dataAt + length, 'IPTC data');
    at = dataAt + length;
  }
}
