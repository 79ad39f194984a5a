import { Broken } from '../../bytes/errors.ts';
import { accountIptc } from '../iptc.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountExif } from '../tiff/exif.ts';

const SIGNATURES = ['8BIM', 'MeSa', 'PHUT', 'AgHg', 'DCSR'];
/** What stands before the JPEG of a thumbnail resource (Photoshop file format, "Thumbnail resource format"). */
const THUMBNAIL_HEADER = 28;

/** What the data of a resource is, by its number. */
const kinds: ReadonlyMap<number, (place: Place) => void> = new Map<number, (place: Place) => void>([
  [0x03f0, (place) => accountTextOrRaw(place.reader, place.ledger, place.start + 1, place.end, 'caption')],
  [0x0404, accountIptc],
  [0x0409, accountThumbnail],
  [0x040c, accountThumbnail],
  [0x040f, (place) => void examineStored(place, 'profile.icc')],
  [0x0422, accountExif],
  [0x0423, accountExif],
  [0x0424, (place) => void examineStored(place, 'metadata.xmp')],
]);

/** Image resource blocks, which tile [start, end). @throws Broken where they don't */
export function accountResources(place: Place): void {
  const { reader, ledger, start, end } = place;
  for (let at = start; at < end; ) {
    reader.meter.step();
    if (isPadding(place, at)) {
      ledger.account(at, end, 'padding', 'after resources');
      return;
    }
    if (!SIGNATURES.includes(reader.latin1(at, 4, 'resource'))) {
      throw new Broken(at, 'image resource', '8BIM', reader.latin1(at, 4));
    }
    const nameEnd = at + 6 + even(1 + reader.u8(at + 6, 'resource name'));
    const dataAt = nameEnd + 4;
    const dataEnd = dataAt + reader.u32be(nameEnd, 'resource length');
    if (dataEnd > end)
      throw new Broken(nameEnd, 'resource length', `at most ${end - dataAt}`, dataEnd - dataAt);
    ledger.account(at, dataAt, 'structure', 'resource header', 8);
    accountData({ ...place, start: dataAt, end: dataEnd }, reader.u16be(at + 4));
    at = dataAt + even(dataEnd - dataAt);
    if (at <= end && at > dataEnd) ledger.account(dataEnd, at, 'padding', 'resource padding');
  }
}

function accountData(place: Place, id: number): void {
  const account = kinds.get(id);
  if (account !== undefined && place.end > place.start) account(place);
  else place.ledger.raw(place.start, place.end, `image resource ${id}`);
}

function accountThumbnail(place: Place): void {
  const { reader, ledger, start, end } = place;
  const jpegAt = start + THUMBNAIL_HEADER;
  if (jpegAt > end || reader.u32be(start) !== 1) {
    ledger.raw(start, end, 'thumbnail');
    return;
  }
  const jpegEnd = jpegAt + reader.u32be(start + 20);
  if (jpegEnd > end) throw new Broken(start + 20, 'thumbnail length', end - jpegAt, jpegEnd - jpegAt);
  ledger.account(start, jpegAt, 'structure', 'thumbnail header', 16);
  examineStored({ ...place, start: jpegAt, end: jpegEnd }, 'thumbnail.jpg');
}

function isPadding({ reader, end }: Place, at: number): boolean {
  if (end - at >= 12) return false;
  return reader.bytes(at, end - at).every((byte) => byte === 0);
}

function even(length: number): number {
  return length + (length & 1);
}
