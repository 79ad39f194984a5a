import { Broken } from '../bytes/errors.ts';
import { overrun } from '../bytes/overrun.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountHeader, accountPixels, accountProfile, readDib, rowBytes } from './bmp/dib.ts';
import type { Context, Format, Signature } from './format.ts';
import { examineStored, type Place } from './stored.ts';
import { accountTail, isZeroFilled } from './tail.ts';

const ENTRY = 16;

/**
 * Zeros, type, a count between 1 and 255 (each has one of eight bits), and upper bytes of small numbers: planes and
 * depth, or the hot spot; the size; the offset.
 */
function signaturesOf(type: string): Signature[] {
  return [1, 2, 4, 8, 16, 32, 64, 128].map((bit) => {
    const count = bit.toString(16).padStart(2, '0');
    const rest = '00'.repeat(17);
    return {
      at: 0,
      hex: `0000${type}00${count}${rest}`,
      mask: `ffffffff${count}ff0000000000fe00fe000000ff000000ff`,
    };
  });
}

export const ico: Format = {
  id: 'ico',
  title: 'Windows icon',
  extensions: ['ico'],
  signatures: signaturesOf('01'),
  spec: 'Microsoft, Icons (ICONDIR)',
  proof:
    'directory and images tile the file; PNG by its checksums, bitmaps by their sizes, pixels by contrast',
  texture: 'plain',
  verify: verifyDirectory,
};

export const cur: Format = {
  ...ico,
  id: 'cur',
  title: 'Windows cursor',
  extensions: ['cur'],
  signatures: signaturesOf('02'),
};

function verifyDirectory(reader: Reader, ledger: Ledger, context: Context): void {
  const count = reader.u16le(4, 'image count');
  const tableEnd = 6 + count * ENTRY;
  if (count === 0 || tableEnd > reader.size) throw new Broken(4, 'image count', 'some', count);
  ledger.account(0, 6, 'structure', 'icon directory');
  let last = tableEnd;
  const offsets = Array.from({ length: count }, (_, i) => reader.u32le(6 + i * ENTRY + 12)).sort(
    (a, b) => a - b,
  );
  for (let at = 6; at < tableEnd; at += ENTRY) {
    reader.meter.step();
    const [size, start] = [reader.u32le(at + 8), reader.u32le(at + 12)];
    const end = start + size;
    if (start < tableEnd) throw new Broken(at + 12, 'image offset', `at least ${tableEnd}`, start);
    if (end > reader.size) throw overrun(reader, reader.size, 'image', end - reader.size);
    ledger.account(at, at + ENTRY, 'structure', 'directory entry', 16);
    const room = offsets.find((offset) => offset > start) ?? reader.size;
    last = Math.max(last, accountImage({ reader, ledger, context, start, end }, room));
  }
  accountTail(reader, ledger, last);
}

/** Returns where it ends. `room`: where the next image begins, as some writers leave pixels out of the size. */
function accountImage(place: Place, room: number): number {
  const { reader, ledger, start, end } = place;
  if (reader.has(start, '\x89PNG')) {
    examineStored(place, 'image.png');
    return end;
  }
  const header = readDib(place, start);
  const halved = { ...header, height: header.height >> 1 };
  accountHeader(place, header, header.coloursEnd);
  const maskAt = accountPixels({ ...place, end: Math.max(room, end) }, halved, header.coloursEnd);
  const maskEnd = maskAt + rowBytes(halved.width, 1) * halved.height;
  if (maskEnd > end && maskAt !== end) ledger.oddity(start, 'size that leaves out pixels');
  const last = Math.max(end, Math.min(maskEnd, room));
  accountMask({ ...place, start: maskAt, end: last }, maskEnd);
  accountProfile({ ...place, end: last }, header, last);
  return last;
}

/** One bit a pixel: which are transparent. Images with an alpha channel may leave it out. */
function accountMask({ reader, ledger, start, end }: Place, maskEnd: number): void {
  if (start < end && maskEnd > end) throw overrun(reader, end, 'mask', maskEnd - end);
  if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'empty mask');
  else ledger.raw(start, end, 'mask');
}
