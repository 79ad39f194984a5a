import { createHash } from 'node:crypto';
import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountResources } from '../psd/resources.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { examinePieces, examineStored, type Place } from '../stored.ts';
import { accountExif } from '../tiff/exif.ts';
import { accountMultiPicture } from './multi-picture.ts';
import type { Deferred, Segment } from './segment.ts';

/** An ICC profile comes in 255 pieces at most. */
const MOST_PIECES = 1000;

interface Kind {
  readonly application: number;
  readonly prefix: string;
  readonly account: (segment: Segment) => void;
}

/** Application segments by number and what their data begin with. `start` stands after that. */
const kinds: readonly Kind[] = [
  { application: 0, prefix: 'JFIF\0', account: accountJfif },
  { application: 0, prefix: 'JFXX\0', account: accountJfxx },
  { application: 1, prefix: 'Exif\0\0', account: accountExif },
  { application: 1, prefix: 'Exif\0\xff', account: accountExif },
  { application: 1, prefix: 'http://ns.adobe.com/xap/1.0/\0', account: accountXmp },
  { application: 1, prefix: 'http://ns.adobe.com/xmp/extension/\0', account: keepExtendedXmp },
  { application: 2, prefix: 'ICC_PROFILE\0', account: keepIcc },
  { application: 2, prefix: 'MPF\0', account: accountMultiPicture },
  { application: 13, prefix: 'Photoshop 3.0\0', account: accountResources },
  { application: 14, prefix: 'Adobe', account: accountAdobe },
];

/** Accounts for the data of APPn. What contradicts itself in there is noted; the image goes on. */
export function accountSegment(application: number, segment: Segment): void {
  const { reader, ledger, start, end } = segment;
  const kind = kinds.find(
    (known) =>
      known.application === application &&
      start + known.prefix.length <= end &&
      reader.has(start, known.prefix),
  );
  if (kind === undefined) {
    accountTextOrRaw(reader, ledger, start, end, `APP${application}`);
    return;
  }
  const dataAt = start + kind.prefix.length;
  ledger.account(start, dataAt, 'structure', `APP${application} name`);
  try {
    kind.account({ ...segment, start: dataAt });
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(new Broken(error.at, error.what, error.expected, error.actual), end);
  }
}

export function accountComment(reader: Reader, ledger: Ledger, start: number, end: number): void {
  accountTextOrRaw(reader, ledger, start, end, 'comment');
}

/** T.871 section 10.1: version, units, densities, an RGB thumbnail. */
function accountJfif({ reader, ledger, start, end }: Segment): void {
  const units = reader.u8(start + 2, 'JFIF');
  if (reader.u8(start) !== 1 || units > 2) throw new Broken(start, 'JFIF version and units', '1, 0–2', units);
  const thumbnail = 3 * reader.u8(start + 7) * reader.u8(start + 8);
  if (start + 9 + thumbnail > end) throw new Broken(start + 7, 'JFIF thumbnail', end - start - 9, thumbnail);
  ledger.account(start, start + 9, 'structure', 'JFIF', 8);
  ledger.raw(start + 9, end, 'JFIF thumbnail');
}

/** T.871 section 10.2: a thumbnail as JPEG, with a palette, or as RGB. */
function accountJfxx(segment: Segment): void {
  const { reader, ledger, start, end } = segment;
  ledger.account(start, start + 1, 'structure', 'JFXX code');
  if (reader.u8(start, 'JFXX') === 0x10) examineStored({ ...segment, start: start + 1 }, 'thumbnail.jpg');
  else ledger.raw(start + 1, end, 'JFXX thumbnail');
}

function accountXmp(segment: Segment): void {
  examineStored(segment, 'metadata.xmp');
}

function accountAdobe({ reader, ledger, start, end }: Segment): void {
  if (end - start < 7 || reader.u8(start + 6) > 2) throw new Broken(start, 'Adobe segment', 7, end - start);
  ledger.account(start, start + 7, 'structure', 'Adobe', 8);
  ledger.raw(start + 7, end, 'Adobe');
}

/** ICC.1 annex B.4: number of the piece, count of pieces. */
function keepIcc({ reader, ledger, later, start, end }: Segment): void {
  ledger.account(start, start + 2, 'structure', 'ICC piece');
  if (later.icc.length >= MOST_PIECES) throw new OverBudget('pieces of a profile', MOST_PIECES);
  later.icc.push({ number: reader.u8(start, 'ICC piece'), start: start + 2, end });
}

/** XMP part 3, 1.1.3.1: MD5 of the whole, its length, offset of the piece. */
function keepExtendedXmp({ reader, ledger, later, start, end }: Segment): void {
  if (end - start < 40) throw new Broken(start, 'extended XMP', 'at least 40 bytes', end - start);
  const [digest, offset] = [reader.latin1(start, 32), reader.u32be(start + 36)];
  ledger.account(start, start + 40, 'structure', 'extended XMP');
  if (later.extendedXmp.length >= MOST_PIECES) throw new OverBudget('pieces of XMP', MOST_PIECES);
  later.extendedXmp.push({ digest, offset, start: start + 40, end });
}

/** Looks at what the segments brought in pieces. */
export function accountDeferred(place: Omit<Place, 'start' | 'end'>, later: Deferred): void {
  const icc = later.icc.toSorted((a, b) => a.number - b.number);
  examinePieces(place, icc, 'profile.icc');
  for (const digest of new Set(later.extendedXmp.map((piece) => piece.digest))) {
    const pieces = later.extendedXmp.filter((piece) => piece.digest === digest);
    const ordered = pieces.toSorted((a, b) => a.offset - b.offset);
    checkDigest(place, ordered, digest);
    examinePieces(place, ordered, 'extended.xmp');
  }
}

function checkDigest(
  { reader, ledger }: Omit<Place, 'start' | 'end'>,
  pieces: readonly Range[],
  digest: string,
): void {
  const hash = createHash('md5');
  for (const { start, end } of pieces) for (const part of reader.stream(start, end)) hash.update(part);
  const found = hash.digest('hex').toUpperCase();
  if (found === digest.toUpperCase()) {
    for (const { start, end } of pieces) ledger.account(start, end, 'checksum', 'MD5 of extended XMP');
  } else ledger.oddity(pieces[0]!.start, 'the digest of the extended XMP is of something else');
}
