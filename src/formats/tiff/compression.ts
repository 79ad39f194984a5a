import { Broken } from '../../bytes/errors.ts';
import { adler32 } from '../../checks/adler32.ts';
import { inflate } from '../../checks/inflate.ts';
import { LzwLengths } from '../../checks/lzw-lengths.ts';
import { walkPackBits } from '../../checks/pack-bits.ts';
import { verifyImage } from '../jpeg/image.ts';
import type { Tables } from '../jpeg/tables.ts';
import { accountText } from '../short-text.ts';
import type { Place } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';
import type { Chunk, Pixels } from './chunks.ts';

/** What is common to the strips or tiles of an image. */
export interface Coding extends Pixels {
  /** Tables that JPEG tiles leave out. */
  readonly jpegTables: () => Tables;
}

/** Accounts for one strip or tile. @throws Broken, Truncated */
export type AccountChunk = (place: Place, chunk: Chunk, coding: Coding) => void;

/** By the number of the tag Compression (TIFF 6.0 section 8; libtiff's list for the later ones). */
export const compressions: ReadonlyMap<number, AccountChunk> = new Map<number, AccountChunk>([
  [1, accountPixels],
  [5, accountLzw],
  [6, accountJpeg],
  [7, accountJpeg],
  [8, accountDeflate],
  [32773, accountPackBits],
  [32946, accountDeflate],
  [34892, accountJpeg],
]);

/** For compressions without a decoder here. */
export function accountCoded({ ledger, start, end }: Place, _chunk: Chunk, { compression }: Coding): void {
  ledger.coded(start, end, `pixels of compression ${compression}`);
}

function accountPixels({ ledger, start, end }: Place, { unpacked }: Chunk): void {
  if (end - start < unpacked) throw new Broken(start, 'bytes of a strip', unpacked, end - start);
  ledger.raw(start, end, 'pixels');
}

/** Old writers began with the least significant bit and widened codes later (libtiff's "compat" streams). */
function accountLzw({ reader, ledger, start, end }: Place, { unpacked }: Chunk): void {
  const isOld = end - start > 1 && reader.u8(start) === 0 && (reader.u8(start + 1) & 1) === 1;
  const codes = new LzwLengths({ bitOrder: isOld ? 'least' : 'most', early: isOld ? 0 : 1, literalBits: 8 });
  let at = start;
  for (const part of reader.stream(start, end, 'strip')) {
    if (codes.isEnded || codes.produced > unpacked) break;
    at += codes.take(part, at, unpacked + 1);
    reader.meter.produce(part.length);
  }
  if (codes.produced < unpacked) throw new Broken(at, 'pixels of a strip', unpacked, codes.produced);
  if (codes.produced > unpacked) ledger.oddity(at, 'more pixels than the strip has');
  ledger.account(start, at, 'decoder', 'LZW pixels', codes.floor);
  accountRest(ledger, reader, at, end);
}

/** RFC 1950: header, deflate, Adler-32. */
function accountDeflate({ reader, ledger, start, end }: Place, { unpacked }: Chunk): void {
  const header = reader.u16be(start, 'zlib header');
  if (header % 31 !== 0 || ((header >> 8) & 15) !== 8)
    throw new Broken(start, 'zlib header', 'deflate', header);
  let sum = 1;
  const { consumed, produced } = inflate(reader, start + 2, end, (output) => {
    sum = adler32(output, sum);
  });
  const sumAt = start + 2 + consumed;
  const stored = reader.u32be(sumAt, 'Adler-32');
  if (stored !== sum) throw new Broken(sumAt, 'Adler-32', stored, sum);
  if (produced < unpacked) throw new Broken(sumAt, 'pixels of a strip', unpacked, produced);
  ledger.account(start, sumAt + 4, 'checksum', 'Adler-32 of pixels');
  accountRest(ledger, reader, sumAt + 4, end);
}

/**
 * Random runs end at the end of a row with a chance of about 1 in 40, so that five rows are one in 10⁸. Writers who
 * pack across rows are let through, with nothing less than the strip as floor.
 */
function accountPackBits({ reader, ledger, start, end }: Place, { rows, rowBytes }: Chunk): void {
  const packed = walkPackBits(reader, { start, end }, rows, rowBytes);
  const isStyle = packed.crossed * 2 > rows;
  if (packed.crossed > 0 && !isStyle)
    throw new Broken(start, 'runs within a row', 'all', `${packed.crossed} across`);
  const floor = isStyle ? end - start + 1 : 5 * packed.longest;
  ledger.account(start, packed.end, 'decoder', 'packed rows', Math.max(16, floor));
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
  if (!accountText(reader, ledger, start, end, 'note instead of a strip')) {
    throw new Broken(start, 'JPEG strip', 'SOI', reader.u16be(start));
  }
  ledger.oddity(start, 'text instead of a JPEG strip');
}

function accountRest(ledger: Place['ledger'], reader: Place['reader'], at: number, end: number): void {
  if (at < end && isZeroFilled(reader, at, end)) ledger.account(at, end, 'padding', 'after a strip');
}
