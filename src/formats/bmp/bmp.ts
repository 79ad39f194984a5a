import type { Format } from '../format.ts';
import type { Place } from '../stored.ts';
import { accountTail, isZeroFilled } from '../tail.ts';
import { accountHeader, accountPixels, accountProfile, readDib } from './dib.ts';

const FILE_HEADER = 14;
const proof =
  'sizes agree and rows fill the file; run lengths stay in the bitmap; uncompressed pixels by contrast';

export const bmp: Format = {
  id: 'bmp',
  title: 'Windows bitmap',
  extensions: ['bmp', 'dib', 'rle', 'bmp2', 'bmp3'],
  // BM, and upper bytes of the pixel offset and of the header size, which no real file needs.
  signatures: [{ at: 0, hex: `424d${'00'.repeat(16)}`, mask: `ffff${'00'.repeat(10)}ffff00ffffff` }],
  spec: 'Microsoft Windows GDI, Bitmap Storage',
  proof,
  texture: 'plain',
  verify(reader, ledger, context): void {
    const place = { reader, ledger, context, start: 0, end: reader.size };
    reader.bytes(0, FILE_HEADER, 'file header');
    reader.expect(0, 'BM', 'BMP signature');
    const [size, pixelsAt] = [reader.u32le(2, 'file size'), reader.u32le(10, 'pixel offset')];
    if (size !== reader.size) ledger.oddity(2, `size field says ${size}`);
    ledger.account(0, FILE_HEADER, 'structure', 'file header', 10);
    accountBitmap(place, FILE_HEADER, pixelsAt);
  },
};

/** A bitmap as the clipboard has it: without file header. */
export const dib: Format = {
  id: 'dib',
  title: 'Device-independent bitmap without file header',
  extensions: ['dib'],
  signatures: [],
  spec: 'Microsoft Windows GDI, BITMAPINFO',
  proof,
  texture: 'plain',
  recognise(head): boolean {
    const view = Buffer.from(head.buffer, head.byteOffset, head.length);
    if (head.length < 40 || ![40, 108, 124].includes(view.readUInt32LE(0))) return false;
    return (
      view.readUInt16LE(12) === 1 && [1, 4, 8, 16, 24, 32].includes(view.readUInt16LE(14)) && head[19] === 0
    );
  },
  verify(reader, ledger, context): void {
    accountBitmap({ reader, ledger, context, start: 0, end: reader.size }, 0, null);
  },
};

function accountBitmap(place: Place, at: number, pixelOffset: number | null): void {
  const { reader, ledger } = place;
  const header = readDib(place, at);
  const isBehind = pixelOffset !== null && pixelOffset >= at + header.headerSize;
  const pixelsAt = isBehind ? pixelOffset : header.coloursEnd;
  if (!isBehind && pixelOffset !== null) ledger.oddity(10, 'pixel offset inside of the header');
  accountHeader(place, header, pixelsAt);
  const pixelsEnd = accountPixels(place, header, pixelsAt);
  accountGap(place, header.coloursEnd, pixelsAt);
  const end = accountProfile(place, header, pixelsEnd);
  accountGap(place, pixelsEnd, end);
  accountTail(reader, ledger, end);
}

function accountGap({ reader, ledger }: Place, start: number, end: number): void {
  for (const gap of ledger.ranges('unaccounted')) {
    if (gap.start < start || gap.end > end || !isZeroFilled(reader, gap.start, gap.end)) continue;
    ledger.account(gap.start, gap.end, 'padding', 'unused space');
  }
}
