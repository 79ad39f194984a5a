import { Broken } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import { accountPalette } from '../palette.ts';
import { examineStored, type Place } from '../stored.ts';
import { rleFloor, walkRle } from './rle.ts';

/** A device-independent bitmap's header (BITMAPCOREHEADER to BITMAPV5HEADER, OS/2 2.x). */
export interface Dib {
  readonly at: number;
  readonly headerSize: number;
  readonly width: number;
  /** Rows; of icons those of the mask, too. */
  readonly height: number;
  readonly bits: number;
  readonly compression: number;
  /** Where colour masks and palette end, and the pixels may begin. */
  readonly coloursEnd: number;
  /** Bytes of the pixels as the header has them, 0 where it does not say. */
  readonly imageSize: number;
}

const CORE = 12;
const INFO = 40;
const V5 = 124;
/** OS/2 2.x lets a header end after any of its fields. */
const OS2_SHORTEST = 16;
const depths = [0, 1, 2, 4, 8, 16, 24, 32];
/** BI_BITFIELDS, BI_ALPHABITFIELDS: bytes of masks behind a header of 40 bytes. */
const masks: ReadonlyMap<number, number> = new Map([
  [3, 12],
  [6, 16],
]);

/** @throws Broken, Truncated */
export function readDib({ reader }: Place, at: number): Dib {
  const headerSize = reader.u32le(at, 'bitmap header size');
  if (headerSize !== CORE && (headerSize < OS2_SHORTEST || headerSize > V5)) {
    throw new Broken(at, 'bitmap header size', '12, or 16 to 124', headerSize);
  }
  const isCore = headerSize === CORE;
  const width = isCore ? reader.u16le(at + 4) : reader.u32le(at + 4) | 0;
  const height = isCore ? reader.u16le(at + 6) : Math.abs(reader.u32le(at + 8) | 0);
  const planesAt = at + (isCore ? 8 : 12);
  const [planes, bits] = [reader.u16le(planesAt, 'planes'), reader.u16le(planesAt + 2, 'bits a pixel')];
  if (planes !== 1 || !depths.includes(bits))
    throw new Broken(planesAt, 'planes and depth', 'one plane', planes);
  if (width <= 0) throw new Broken(at + 4, 'bitmap width', 'a positive number', width);
  const hasMore = headerSize >= INFO;
  const compression = hasMore ? reader.u32le(at + 16) : 0;
  const imageSize = hasMore ? reader.u32le(at + 20) : 0;
  const used = hasMore ? reader.u32le(at + 32) : 0;
  if (used > 0xffff) throw new Broken(at + 32, 'colours used', 'at most 65535', used);
  const colours = used || (bits > 0 && bits <= 8 ? 2 ** bits : 0);
  const masksEnd = at + headerSize + (headerSize === INFO ? (masks.get(compression) ?? 0) : 0);
  const coloursEnd = masksEnd + colours * (isCore ? 3 : 4);
  return { at, headerSize, width, height, bits, compression, coloursEnd, imageSize };
}

export function accountHeader(
  { reader, ledger }: Place,
  { at, headerSize, coloursEnd }: Dib,
  pixelsAt: number,
): void {
  const end = Math.min(coloursEnd, pixelsAt, reader.size);
  ledger.account(at, Math.min(at + headerSize, reader.size), 'structure', 'bitmap header', 24);
  const coloursAt = Math.min(at + headerSize, end);
  accountPalette(reader, ledger, coloursAt, end, headerSize === CORE ? 3 : 4);
}

/** Bytes of uncompressed rows, each filled up to 32 bits. */
export function rowBytes(width: number, bits: number): number {
  return 4 * Math.ceil((width * bits) / 32);
}

/** Accounts for pixels from `start`, and returns where they end. */
export function accountPixels(place: Place, dib: Dib, start: number): number {
  const { reader, ledger, end } = place;
  const { width, height, bits, compression, imageSize } = dib;
  if (compression === 1 || compression === 2) {
    const rleEnd = walkRle(reader, { start, end }, width, height, bits);
    ledger.account(start, rleEnd, 'decoder', 'runs of pixels', rleFloor(width));
    return rleEnd;
  }
  if (compression === 4 || compression === 5) {
    const memberEnd = imageSize === 0 ? end : start + imageSize;
    if (memberEnd > end) throw overrun(reader, end, 'embedded image', memberEnd - end);
    examineStored({ ...place, start, end: memberEnd }, compression === 4 ? 'pixels.jpg' : 'pixels.png');
    return memberEnd;
  }
  const pixelsEnd = start + rowBytes(width, bits) * height;
  if (pixelsEnd > end) throw overrun(reader, end, 'pixels', pixelsEnd - end);
  ledger.raw(start, pixelsEnd, 'pixels');
  return pixelsEnd;
}

/** An ICC profile, where BITMAPV5HEADER says; returns its end, or `end` where there's none. */
export function accountProfile(place: Place, { at, headerSize }: Dib, end: number): number {
  const { reader } = place;
  if (headerSize !== V5) return end;
  const [offset, size] = [reader.u32le(at + 112), reader.u32le(at + 116)];
  if (offset === 0 || size === 0) return end;
  const start = at + offset;
  if (start + size > place.end) throw overrun(reader, place.end, 'colour profile', start + size - place.end);
  examineStored({ ...place, start, end: start + size }, 'profile.icc');
  return Math.max(end, start + size);
}
