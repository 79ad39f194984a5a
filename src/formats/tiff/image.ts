import { Broken, Truncated } from '../../bytes/errors.ts';
import { verifyImage } from '../jpeg/image.ts';
import { noTables, type Tables } from '../jpeg/tables.ts';
import type { Place } from '../stored.ts';
import { type Chunk, readPixels } from './chunks.ts';
import { accountCoded, compressions } from './compression.ts';
import type { Ifd, TiffHeader } from './ifd.ts';
import { tags } from './tags.ts';

/** Accounts for the strips or tiles of the image that a directory describes; what breaks in one leaves the others. */
export function accountImage(place: Place, header: TiffHeader, ifd: Ifd): void {
  const pixels = readPixels(place.reader, header, ifd);
  if (pixels === null) return;
  const coding = { ...pixels, jpegTables: readJpegTables(place, ifd), packing: { crosses: null } };
  const account = compressions.get(pixels.compression) ?? accountCoded;
  for (const chunk of pixels.chunks) {
    place.reader.meter.step();
    // Sparse files leave tiles out (GDAL): no offset, no length.
    if (chunk.start === header.base || chunk.end <= chunk.start) continue;
    try {
      checkPlace(chunk, header.limit);
      account({ ...place, start: chunk.start, end: chunk.end }, chunk, coding);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      place.ledger.broken(error, error instanceof Truncated ? undefined : chunk.end);
    }
  }
}

function checkPlace({ start, end }: Chunk, limit: number): void {
  if (start > limit) throw new Broken(start, 'offset of a strip', `below ${limit}`, start);
  if (end > limit) throw new Truncated(limit, 'strip', end - limit);
}

/** The tag JPEGTables holds a JPEG stream of tables alone, for all tiles. */
function readJpegTables({ reader, ledger, context }: Place, { entries }: Ifd): () => Tables {
  const entry = entries.find(({ tag }) => tag === tags.jpegTables);
  const tables = noTables();
  if (entry !== undefined) {
    verifyImage(reader, ledger, context, { start: entry.at, end: entry.at + entry.size }, tables);
  }
  return () => ({ ...tables, dc: [...tables.dc], ac: [...tables.ac], quantisers: [...tables.quantisers] });
}
