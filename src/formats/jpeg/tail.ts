import { Broken } from '../../bytes/errors.ts';
import { accountPhotoMechanic } from '../photo-mechanic.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { examineStored, type Place } from '../stored.ts';

/** What cameras, phones and programs put behind the image; each returns where its tail ends, null where it's none. */
type Tail = (place: Place) => number | null;

const tails: readonly Tail[] = [
  accountFiller,
  accountMovie,
  accountSamsung,
  accountCanon,
  accountPhotoMechanic,
];

/** Accounts for a tail at `start`; returns where it ends, or null where nothing known stands. */
export function accountTail(place: Place): number | null {
  for (const tail of tails) {
    const end = tail(place);
    if (end !== null) return end;
  }
  return null;
}

/** Zeros, ones, or the line ends of a transfer as text. */
function accountFiller({ reader, ledger, start, end }: Place): number | null {
  const filler = reader.u8(start);
  let at = start;
  if (filler === 0 || filler === 0xff) while (at < end && reader.u8(at) === filler) at++;
  else while (at < end && [0x0a, 0x0d, 0x1a, 0x20].includes(reader.u8(at))) at++;
  if (at === start || (filler === 0xff && at < end)) return null;
  ledger.account(start, at, 'padding', 'after the image');
  ledger.oddity(start, 'padding after the image');
  return at;
}

/** The video of a motion photo stands right behind the image, up to the end. */
function accountMovie(place: Place): number | null {
  if (!place.reader.has(place.start + 4, 'ftyp')) return null;
  examineStored(place, 'motion.mp4');
  return place.end;
}

const SAMSUNG_END = 'SEFT';
const SAMSUNG_ENTRY = 12;

/** Samsung's trailer: blocks, then a directory that points back to them, its length, and SEFT. */
function accountSamsung(place: Place): number | null {
  const { reader, ledger, start, end } = place;
  if (end - start < 20 || !reader.has(end - 4, SAMSUNG_END)) return null;
  const directoryAt = end - 8 - reader.u32le(end - 8);
  if (directoryAt < start || !reader.has(directoryAt, 'SEFH')) return null;
  const count = reader.u32le(directoryAt + 8);
  if (directoryAt + 12 + count * SAMSUNG_ENTRY > end - 8)
    throw new Broken(directoryAt + 8, 'SEFH count', 'fewer', count);
  ledger.account(directoryAt, end, 'structure', 'Samsung directory', 16);
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const entryAt = directoryAt + 12 + i * SAMSUNG_ENTRY;
    const blockAt = directoryAt - reader.u32le(entryAt + 4);
    const blockEnd = blockAt + reader.u32le(entryAt + 8);
    if (blockAt < start || blockEnd > directoryAt)
      throw new Broken(entryAt, 'Samsung block', 'in the trailer', blockAt);
    accountSamsungBlock({ ...place, start: blockAt, end: blockEnd }, reader.u16le(entryAt + 2));
  }
  return end;
}

function accountSamsungBlock(place: Place, type: number): void {
  const { reader, ledger, start, end } = place;
  const nameAt = start + 8;
  const dataAt = nameAt + reader.u32le(start + 4, 'Samsung block');
  if (reader.u16le(start + 2) !== type || dataAt > end) throw new Broken(start, 'Samsung block', type);
  ledger.account(start, nameAt, 'structure', 'Samsung block');
  const isText = accountTextOrRaw(reader, ledger, nameAt, dataAt, 'name of a Samsung block');
  const name = isText ? reader.latin1(nameAt, Math.min(dataAt - nameAt, 100)) : 'block';
  const isFile = reader.has(dataAt + 4, 'ftyp') || reader.has(dataAt, [0xff, 0xd8]);
  if (isFile) examineStored({ ...place, start: dataAt, end }, name);
  else accountTextOrRaw(reader, ledger, dataAt, end, 'data of a Samsung block');
}

const CANON = 'CANON OPTIONAL DATA\0';
const CANON_HEADER = 28;
const CANON_FOOTER = 64;

/** Canon's recipe data (VRD): header, data, footer; the header says how much stands between. */
function accountCanon({ reader, ledger, start, end }: Place): number | null {
  if (end - start < CANON_HEADER + CANON_FOOTER || !reader.has(start, CANON)) return null;
  const footerAt = start + CANON_HEADER + reader.u32be(start + 24);
  if (footerAt + CANON_FOOTER > end || !reader.has(footerAt, CANON)) {
    throw new Broken(start + 24, 'length of Canon data', 'a footer behind', footerAt);
  }
  ledger.account(start, start + CANON_HEADER, 'structure', 'Canon data', 8);
  ledger.raw(start + CANON_HEADER, footerAt, 'Canon data');
  ledger.account(footerAt, footerAt + CANON.length, 'structure', 'Canon data');
  ledger.raw(footerAt + CANON.length, footerAt + CANON_FOOTER, 'Canon data');
  return footerAt + CANON_FOOTER;
}
