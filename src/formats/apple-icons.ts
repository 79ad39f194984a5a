import { Broken, Truncated } from '../bytes/errors.ts';
import type { Format } from './format.ts';
import { examineStored, type Place } from './stored.ts';
import { accountTail } from './tail.ts';

const HEAD = 8;

/** Elements of packed colours, and the pixels that they make; `it32` has four bytes of zero before. */
const packed: Readonly<Record<string, number>> = { is32: 256, il32: 1024, ih32: 2304, it32: 16384 };
/** Elements whose size is fixed, in bytes: bitmaps and masks. */
const fixed: Readonly<Record<string, number>> = {
  s8mk: 256,
  l8mk: 1024,
  h8mk: 2304,
  t8mk: 16384,
  'ICN#': 256,
  'ics#': 64,
  'ich#': 576,
  icl4: 512,
  ics4: 128,
  ich4: 1152,
  icl8: 1024,
  ics8: 256,
  ich8: 2304,
  ICON: 128,
};

export const icns: Format = {
  id: 'icns',
  title: 'Apple icon image',
  extensions: ['icns'],
  signatures: [{ at: 0, hex: '69636e7300' }],
  spec: 'libicns, Icon Image format',
  proof: 'elements tile the file; PNG and JPEG 2000 images by their own formats, runs of colours end exactly',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const end = reader.u32be(4, 'length of the file');
    if (end > reader.size) throw new Truncated(reader.size, 'icon image', end - reader.size);
    ledger.account(0, HEAD, 'structure', 'header');
    for (let at = HEAD; at < end; ) {
      reader.meter.step();
      const type = reader.latin1(at, 4, 'element');
      const next = at + reader.u32be(at + 4, 'element');
      if (!/^[\x20-\x7e]{4}$/.test(type) || next < at + HEAD || next > end)
        throw new Broken(at, 'element', 'four characters, inside of the file', `${type}, up to ${next}`);
      ledger.account(at, at + HEAD, 'structure', 'head of an element');
      accountElement({ reader, ledger, context, start: at + HEAD, end: next }, type);
      at = next;
    }
    accountTail(reader, ledger, end);
  },
};

function accountElement(place: Place, type: string): void {
  const { reader, ledger, start, end } = place;
  const isImage = reader.has(start, '\x89PNG') || reader.has(start, [0, 0, 0, 12, 0x6a, 0x50]);
  if (isImage) {
    examineStored(place, reader.u8(start) === 0 ? `${type}.jp2` : `${type}.png`);
    return;
  }
  const [pixels, size] = [packed[type], fixed[type]];
  if (pixels !== undefined) walkColours(place, pixels, type === 'it32' ? 4 : 0);
  if (size !== undefined && end - start !== size)
    throw new Broken(start, `size of ${type}`, size, end - start);
  ledger.raw(start, end, `element ${type}`);
}

/** Three channels, each in runs: from 128 on so many bytes less 125 alike, else so many and one as they are. */
function walkColours({ reader, start, end }: Place, pixels: number, skipped: number): void {
  // Without runs the channels are stored as they are.
  if (end - start === 4 * pixels) return;
  let at = start + skipped;
  let made = 0;
  while (made < 3 * pixels && at < end) {
    reader.meter.step();
    const code = reader.u8(at);
    made += code >= 128 ? code - 125 : code + 1;
    at += code >= 128 ? 2 : code + 2;
  }
  if (made !== 3 * pixels || at > end) throw new Broken(at, 'pixels', 3 * pixels, made);
}

export const itunesArtwork: Format = {
  id: 'itunes-artwork',
  title: 'iTunes artwork',
  extensions: ['itc', 'itc2'],
  signatures: [{ at: 4, hex: '6974636800000002' }],
  spec: 'libmagic; ITC file format notes',
  proof: 'boxes tile the file; PNG and JPEG images by their own formats',
  texture: 'packed',
  verify(reader, ledger, context): void {
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      const end = at + reader.u32be(at, 'box');
      if (end < at + HEAD || end > reader.size)
        throw new Broken(at, 'length of a box', 'inside of the file', end);
      const isItem = reader.has(at + 4, 'item');
      ledger.account(at, at + HEAD, 'structure', 'head of a box');
      const image = isItem ? at + reader.u32be(at + HEAD, 'item') : end;
      if (image < at + HEAD || image > end)
        throw new Broken(at + HEAD, 'offset of the image', 'inside of its box', image);
      ledger.raw(at + HEAD, image, 'fields of a box');
      const name = reader.has(image, '\x89PNG')
        ? 'image.png'
        : reader.has(image, [0xff, 0xd8])
          ? 'image.jpg'
          : null;
      if (name === null) ledger.raw(image, end, 'pixels');
      else examineStored({ reader, ledger, context, start: image, end }, name);
      at = end;
    }
  },
};
