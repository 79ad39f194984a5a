import { accountIptc } from './iptc.ts';
import type { Place } from './stored.ts';

const SIGNATURE = 'cbipcbbl';

/** Photo Mechanic appends IPTC-like records, their length, and eight letters; null where that isn't what stands there. */
export function accountPhotoMechanic(place: Place): number | null {
  const { reader, ledger, start, end } = place;
  const lengthAt = end - SIGNATURE.length - 4;
  if (lengthAt < start || !reader.has(end - SIGNATURE.length, SIGNATURE)) return null;
  if (lengthAt - reader.u32be(lengthAt) !== start) return null;
  accountIptc({ ...place, end: lengthAt });
  ledger.account(lengthAt, end, 'structure', 'Photo Mechanic trailer');
  return end;
}
