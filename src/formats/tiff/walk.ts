import { Broken } from '../../bytes/errors.ts';
import { examineStored, type Place } from '../stored.ts';
import { type Ifd, integers, isInteger, readIfd, type TiffHeader } from './ifd.ts';
import { directories, tags } from './tags.ts';
import { accountValues, type Grammars } from './values.ts';

/** A directory notices 24 random bytes: two types of tags (17 of 65,536 values) stand in them. */
const DIRECTORY_FLOOR = 24;
const MOST_DIRECTORIES = 10_000;

export interface Visitor {
  /** Accounts for the image that a directory describes. */
  readonly image: (ifd: Ifd) => void;
  /** Grammars of values besides those that every TIFF structure may have. */
  readonly grammars: Grammars;
}

const noVisitor: Visitor = { image: () => {}, grammars: new Map() };

/** Visits every directory once, whatever leads to it. */
export function walkDirectories(place: Place, header: TiffHeader, visitor: Visitor = noVisitor): void {
  const pending = [header.first];
  const seen = new Set<number>();
  while (pending.length > 0) {
    place.reader.meter.step();
    const offset = pending.pop()!;
    if (offset === 0) continue;
    if (seen.has(offset)) {
      place.ledger.oddity(header.base + offset, 'directory linked twice');
      continue;
    }
    if (seen.size >= MOST_DIRECTORIES) throw new Broken(header.base, 'directories', MOST_DIRECTORIES, 'more');
    seen.add(offset);
    pending.push(...visitDirectory(place, header, offset, visitor));
  }
}

/** Returns the offsets of the directories that this one leads to. */
function visitDirectory(place: Place, header: TiffHeader, offset: number, visitor: Visitor): number[] {
  try {
    const ifd = readIfd(place.reader, header, header.base + offset);
    place.ledger.account(ifd.start, ifd.end, 'structure', 'image file directory', DIRECTORY_FLOOR);
    for (const problem of ifd.problems) place.ledger.broken(problem);
    for (const entry of ifd.entries) noteBroken(place, () => accountValues(place, entry, visitor.grammars));
    noteBroken(place, () => accountThumbnail(place, header, ifd));
    noteBroken(place, () => visitor.image(ifd));
    return [ifd.next, ...subdirectories(place, header, ifd)];
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    place.ledger.broken(error);
    return [];
  }
}

function subdirectories({ reader }: Place, header: TiffHeader, { entries }: Ifd): number[] {
  const leading = entries.filter((entry) => directories.includes(entry.tag) && isInteger(entry));
  return leading.flatMap((entry) => integers(reader, header, entry));
}

/** JPEGInterchangeFormat: of a thumbnail all of it (Exif 2.32, 4.5.5). */
function accountThumbnail(place: Place, header: TiffHeader, { entries }: Ifd): void {
  const [offset] = integers(
    place.reader,
    header,
    entries.find(({ tag }) => tag === tags.thumbnailOffset),
  );
  const [length] = integers(
    place.reader,
    header,
    entries.find(({ tag }) => tag === tags.thumbnailLength),
  );
  if (!offset || !length) return;
  const start = header.base + offset;
  if (start + length > header.limit)
    throw new Broken(start, 'thumbnail', `within ${header.limit}`, start + length);
  examineStored({ ...place, start, end: start + length }, 'thumbnail.jpg');
}

function noteBroken({ ledger }: Place, account: () => void): void {
  try {
    account();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error);
  }
}
