import { examineStored, type Place } from './stored.ts';

/** Examines a text inside the file; zeros behind it, which many writers count in, are padding. */
export function examineTrimmed(place: Place, name: string): void {
  const { reader, ledger, start } = place;
  let { end } = place;
  while (end > start && reader.u8(end - 1) === 0) end--;
  ledger.account(end, place.end, 'padding', 'zeros behind the text');
  examineStored({ ...place, end }, name);
}
