import { Broken, Truncated } from '../bytes/errors.ts';
import { LzwLengths } from '../checks/lzw-lengths.ts';
import type { Format } from './format.ts';
import { accountPalette } from './palette.ts';
import { accountTextOrRaw } from './short-text.ts';
import { examinePieces, examineStored, type Place } from './stored.ts';
import { accountTail } from './tail.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

export const gif: Format = {
  id: 'gif',
  title: 'Graphics Interchange Format',
  extensions: ['gif'],
  signatures: [
    { at: 0, hex: '474946383761' },
    { at: 0, hex: '474946383961' },
  ],
  spec: 'GIF89a Specification, sections 15–27',
  proof:
    'blocks tile the file, LZW codes are legal and give exactly the pixels of each image; palettes stay unproved',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const place = { reader, ledger, context, start: 0, end: reader.size };
    let at = accountScreen(place);
    for (let isEnded = false; !isEnded; ) {
      reader.meter.step();
      if (at >= reader.size) {
        throw new Truncated(reader.size, 'GIF trailer', 1);
      }
      isEnded = reader.u8(at) === TRAILER;
      at = accountBlock(place, at);
    }
    accountTail(reader, ledger, at);
  },
};

/** Header, logical screen descriptor, global colour table (sections 17–19). */
function accountScreen(place: Place): number {
  const { reader, ledger } = place;
  const flags = reader.bytes(0, 13, 'screen descriptor')[10]!;
  ledger.account(0, 13, 'structure', 'GIF header', 10);
  return passPalette(place, 13, flags);
}

function passPalette({ reader, ledger }: Place, at: number, flags: number): number {
  if ((flags & 0x80) === 0) return at;
  const end = at + 3 * 2 ** ((flags & 7) + 1);
  if (end > reader.size) throw new Truncated(reader.size, 'colour table', end - reader.size);
  accountPalette(reader, ledger, at, end, 3);
  return end;
}

function accountBlock(place: Place, at: number): number {
  const introducer = place.reader.u8(at, 'block');
  if (introducer === TRAILER) {
    place.ledger.account(at, at + 1, 'structure', 'trailer');
    return at + 1;
  }
  if (introducer === EXTENSION) return accountExtension(place, at);
  if (introducer === IMAGE) return accountImage(place, at);
  if (introducer === 0) return passZeros(place, at);
  throw new Broken(at, 'GIF block', '21, 2c or 3b', introducer.toString(16));
}

/** Some writers put a terminator too many. */
function passZeros({ reader, ledger }: Place, at: number): number {
  ledger.account(at, at + 1, 'padding', 'terminator');
  if (reader.size > at + 1 && reader.u8(at + 1) === 0) throw new Broken(at + 1, 'GIF block', 'no zeros', 0);
  ledger.oddity(at, 'a terminator too many');
  return at + 1;
}

/** Image descriptor, local colour table, LZW data (sections 20–22). */
function accountImage(place: Place, at: number): number {
  const { reader, ledger } = place;
  const width = reader.u16le(at + 5, 'image descriptor');
  const pixels = width * reader.u16le(at + 7);
  const flags = reader.u8(at + 9, 'image descriptor');
  ledger.account(at, at + 10, 'structure', 'image descriptor', 10);
  const dataAt = passPalette(place, at + 10, flags);
  const literalBits = reader.u8(dataAt, 'LZW code size');
  if (literalBits < 1 || literalBits > 11) throw new Broken(dataAt, 'LZW code size', '1 to 11', literalBits);
  const codes = new LzwLengths({ bitOrder: 'least', early: 0, literalBits });
  const surplus = { start: 0, end: 0 };
  const end = walkSubBlocks(place, dataAt + 1, (bytes, blockAt) => {
    const taken =
      codes.isEnded || codes.produced > pixels + width ? 0 : codes.take(bytes, blockAt, pixels + width + 1);
    if (taken < bytes.length) surplus.start ||= blockAt + taken;
  });
  if (codes.produced < pixels) throw new Broken(end, 'pixels of an image', pixels, codes.produced);
  if (codes.produced > pixels + width) throw new Broken(end, 'pixels of an image', pixels, codes.produced);
  if (codes.produced > pixels) ledger.oddity(end, 'more pixels than the image has');
  if (!codes.isEnded) ledger.oddity(end, 'no end code');
  const provedEnd = surplus.start > 0 && end - surplus.start > 2 ? surplus.start : end;
  ledger.account(dataAt, provedEnd, 'decoder', 'LZW image', codes.floor);
  ledger.account(end - 1, end, 'structure', 'block terminator');
  return end;
}

/** Calls `take` with each sub-block's data; returns where the terminator ends (section 15). */
function walkSubBlocks(
  { reader }: Place,
  start: number,
  take: (bytes: Uint8Array, at: number) => void,
): number {
  for (let at = start; ; ) {
    reader.meter.step();
    const length = reader.u8(at, 'sub-block');
    if (length === 0) return at + 1;
    take(reader.bytes(at + 1, length, 'sub-block'), at + 1);
    at += 1 + length;
  }
}

const GRAPHIC_CONTROL = 0xf9;
const COMMENT = 0xfe;
const PLAIN_TEXT = 0x01;
const APPLICATION = 0xff;
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [GRAPHIC_CONTROL, 4],
  [PLAIN_TEXT, 12],
  [APPLICATION, 11],
]);

/** Sections 23–26. */
function accountExtension(place: Place, at: number): number {
  const { reader, ledger } = place;
  const label = reader.u8(at + 1, 'extension');
  ledger.account(at, at + 2, 'structure', 'extension');
  const size = fixedSizes.get(label);
  if (size === undefined) return accountTexts(place, at + 2, label);
  if (reader.u8(at + 2) !== size) throw new Broken(at + 2, 'extension length', size, reader.u8(at + 2));
  const dataAt = at + 3 + size;
  reader.bytes(at, 3 + size, 'extension header');
  ledger.account(at + 2, dataAt, 'structure', 'extension header', size);
  if (label === APPLICATION) return accountApplication(place, at + 3, dataAt);
  return accountTexts(place, dataAt, label);
}

/** Comments and texts: sub-blocks of text, each with its length before. */
function accountTexts(place: Place, start: number, label: number): number {
  const { reader, ledger } = place;
  const end = walkSubBlocks(place, start, (bytes, at) => {
    ledger.account(at - 1, at, 'structure', 'sub-block length');
    const what = label === COMMENT ? 'comment' : `extension ${label.toString(16)}`;
    accountTextOrRaw(reader, ledger, at, at + bytes.length, what);
  });
  ledger.account(end - 1, end, 'structure', 'block terminator');
  return end;
}

/** What ends the XMP packet so that readers of sub-blocks get over it (XMP part 3, 1.1.2). */
const XMP_TRAILER = 258;

function accountApplication(place: Place, nameAt: number, start: number): number {
  const { reader, ledger } = place;
  const name = reader.latin1(nameAt, 11);
  const pieces: { start: number; end: number }[] = [];
  const end = walkSubBlocks(place, start, (bytes, at) => {
    if (pieces.length < MOST_PIECES) pieces.push({ start: at, end: at + bytes.length });
  });
  if (name === 'XMP DataXMP' && end - start > XMP_TRAILER) {
    examineStored({ ...place, start, end: end - XMP_TRAILER }, 'metadata.xmp');
    ledger.account(end - XMP_TRAILER, end, 'structure', 'XMP trailer', 8);
    return end;
  }
  if (name === 'ICCRGBG1012') examinePieces(place, pieces, 'profile.icc');
  for (const piece of pieces) {
    ledger.account(piece.start - 1, piece.start, 'structure', 'sub-block length');
    if (name !== 'ICCRGBG1012') accountTextOrRaw(reader, ledger, piece.start, piece.end, name);
  }
  ledger.account(end - 1, end, 'structure', 'block terminator');
  return end;
}

const MOST_PIECES = 100_000;
