import { Broken } from '../../bytes/errors.ts';
import type { Place } from '../stored.ts';
import { tiffHeader } from './ifd.ts';
import { walkDirectories } from './walk.ts';

/** Exif: a TIFF structure whose first directory describes the image around it, the second its thumbnail. */
export function accountExif(place: Place): void {
  const header = tiffHeader(place.reader, place.start, place.end);
  if (header === null) throw new Broken(place.start, 'Exif byte order', 'II or MM');
  place.ledger.account(place.start, place.start + header.length, 'structure', 'Exif header');
  walkDirectories(place, header);
}
