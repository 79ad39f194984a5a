import { Broken, OverBudget } from '../../bytes/errors.ts';
import { decodeFax } from '../../checks/fax.ts';
import { LzwLengths } from '../../checks/lzw-lengths.ts';
import { walkPackBits } from '../../checks/pack-bits.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import { verifyImage } from '../jpeg/image.ts';
import type { Tables } from '../jpeg/tables.ts';
import { accountTextOrRaw } from '../short-text.ts';
import type { Place } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';
import type { Chunk, Pixels } from './chunks.ts';

/** What is common to the strips or tiles of an image. */
export interface Coding extends Pixels {
  /** Tables that JPEG tiles leave out. */
  readonly jpegTables: () => Tables;
  /** Whether packed runs lead across rows, as the first strip has it. */
  readonly packing: { crosses: boolean | null };
}

/** Accounts for one strip or tile. @throws Broken, Truncated */
export type AccountChunk = (place: Place, chunk: Chunk, coding: Coding) => void;

/** By the number of the tag Compression (TIFF 6.0 section 8; libtiff's list for the later ones). */
export const compressions: ReadonlyMap<number, AccountChunk> = new Map<number, AccountChunk>([
  [1, accountPixels],
  [2, accountFax],
  [3, accountFax],
  [4, accountFax],
  [5, accountLzw],
  [6, accountJpeg],
  [7, accountJpeg],
  [8, accountDeflate],
  [32773, accountPackBits],
  [32946, accountDeflate],
  [34892, accountJpeg],
]);

/** Bytes behind the last pixel that fill up a strip. */
const MOST_FILLING = 4;

/** For compressions without a decoder here. */
export function accountCoded({ ledger, start, end }: Place, _chunk: Chunk, { compression }: Coding): void {
  ledger.coded(start, end, `pixels of compression ${compression}`);
}

function accountPixels({ ledger, start, end }: Place, { unpacked }: Chunk): void {
  if (end - start < unpacked) throw new Broken(start, 'bytes of a strip', unpacked, end - start);
  ledger.raw(start, end, 'pixels');
}

const MOST_FAX = 64 << 20;
const MOST_FAX_WIDTH = 1 << 20;
/**
 * Of the modes 1 in 64 is none, and runs leave their rows: 884 modes of 3.5 bits, or 387 bytes, let random bits pass
 * with less than 10⁻⁶.
 */
const FAX_FLOOR = 512;

/** Sections 10 and 11: every row ends at the width of the image. */
function accountFax({ reader, ledger, start, end }: Place, { rows, width }: Chunk, coding: Coding): void {
  if (width > MOST_FAX_WIDTH) throw new OverBudget('pixels of one fax row', MOST_FAX_WIDTH);
  if (end - start > MOST_FAX) throw new OverBudget('bytes of one fax strip', MOST_FAX);
  const bytes = Buffer.concat(Array.from(reader.stream(start, end), (part) => Buffer.from(part)));
  const isFlat = (coding.group3Options & 1) === 0;
  const group3 = isFlat ? 'group3' : 'group3-2d';
  const style = coding.compression === 4 ? 'group4' : coding.compression === 2 ? 'modified' : group3;
  const isReversed = coding.fillOrder === 2;
  const taken = decodeFax(bytes, start, rows, width, { coding: style, isReversed }, reader.meter);
  ledger.account(start, start + taken, 'decoder', 'fax rows', FAX_FLOOR);
  checkEnd(start + taken, end);
  accountRest(ledger, reader, start + taken, end);
}

/** Old writers began with the least significant bit and widened codes later (libtiff's "compat" streams). */
function accountLzw({ reader, ledger, start, end }: Place, { unpacked, rowBytes }: Chunk): void {
  const isOld = end - start > 1 && reader.u8(start) === 0 && (reader.u8(start + 1) & 1) === 1;
  const codes = new LzwLengths({ bitOrder: isOld ? 'least' : 'most', early: isOld ? 0 : 1, literalBits: 8 });
  let at = start;
  for (const part of reader.stream(start, end, 'strip')) {
    if (codes.isEnded) break;
    at += codes.take(part, at, Number.POSITIVE_INFINITY);
    reader.meter.produce(part.length);
  }
  const surplus = codes.produced - unpacked;
  if (surplus < 0) throw new Broken(at, 'pixels of a strip', unpacked, codes.produced);
  // Some writers fill up the last strip to the height of the others.
  if (surplus % rowBytes !== 0) throw new Broken(at, 'pixels of a strip', unpacked, codes.produced);
  if (surplus > 0) ledger.oddity(at, 'more rows than the strip has');
  checkEnd(at, end);
  ledger.account(start, at, 'decoder', 'LZW pixels', codes.floor);
  accountRest(ledger, reader, at, end);
}

/** RFC 1950: header, deflate, Adler-32. */
function accountDeflate({ reader, ledger, start, end }: Place, { unpacked }: Chunk): void {
  const { consumed, produced } = inflateZlib(reader, start, end, () => {});
  const after = start + consumed;
  if (produced < unpacked) throw new Broken(after, 'pixels of a strip', unpacked, produced);
  ledger.account(start, after, 'checksum', 'Adler-32 of pixels');
  accountRest(ledger, reader, after, end);
}

/**
 * Random runs give 64 bytes for 34 on average, and end at the end of a row with a chance of about 1 in 50, four times
 * in a row with less than 10⁻⁶: 0.52 × 4 rows, half as much again for chance, and a literal run before. Writers who
 * pack across rows are let through if they begin so, with nothing less than the strip as floor.
 */
function accountPackBits(
  { reader, ledger, start, end }: Place,
  { rows, rowBytes }: Chunk,
  { packing }: Coding,
): void {
  const packed = walkPackBits(reader, { start, end }, rows, rowBytes);
  packing.crosses ??= packed.crossed > 0;
  if (packed.crossed > 0 && !packing.crosses) {
    throw new Broken(start, 'runs within a row', 'all', `${packed.crossed} across`);
  }
  checkEnd(packed.end, end);
  const floor = packing.crosses ? end - start + 1 : 160 + Math.ceil(3.2 * rowBytes);
  ledger.account(start, packed.end, 'decoder', 'packed rows', floor);
  accountRest(ledger, reader, packed.end, end);
}

/** TIFF technical note 2; also lossless JPEG in raw photos. Strips of the older scheme (6) may be bare scans. */
function accountJpeg(place: Place, chunk: Chunk, coding: Coding): void {
  const { reader, ledger, context, start, end } = place;
  if (!reader.has(start, [0xff, 0xd8])) {
    if (coding.compression === 6) accountCoded(place, chunk, coding);
    else accountReplacement(place);
    return;
  }
  const image = verifyImage(reader, ledger, context, { start, end }, coding.jpegTables());
  accountRest(ledger, reader, image.end, end);
}

/** Tools that strip previews for privacy leave a note in their place. */
function accountReplacement({ reader, ledger, start, end }: Place): void {
  if (!accountTextOrRaw(reader, ledger, start, end, 'note instead of a strip')) {
    throw new Broken(start, 'JPEG strip', 'SOI', reader.u16be(start));
  }
  ledger.oddity(start, 'text instead of a JPEG strip');
}

function checkEnd(at: number, end: number): void {
  if (end - at > MOST_FILLING)
    throw new Broken(at, 'pixels of a strip', 'the end of the strip', `${end - at} more`);
}

function accountRest(ledger: Place['ledger'], reader: Place['reader'], at: number, end: number): void {
  if (at < end && isZeroFilled(reader, at, end)) ledger.account(at, end, 'padding', 'after a strip');
}
