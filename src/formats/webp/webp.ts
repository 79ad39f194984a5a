import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { accountExif } from '../tiff/exif.ts';
import { accountAlpha, accountLossless, accountLossy } from './image-data.ts';

const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;
const ANMF_HEADER = 16;

interface Size {
  readonly width: number;
  readonly height: number;
}

export const webp: Format = {
  id: 'webp',
  title: 'WebP image',
  extensions: ['webp'],
  signatures: [{ at: 0, hex: '524946460000000057454250', mask: 'ffffffff00000000ffffffff' }],
  spec: 'RFC 9649; RFC 6386 (VP8)',
  proof:
    'chunks tile the file; lossless images are decoded to their last pixel, yet no decoder proves their bits',
  texture: 'dense',
  verify(reader, ledger, context): void {
    const end = 8 + reader.u32le(4, 'RIFF size');
    if (end > reader.size) throw new Truncated(reader.size, 'RIFF', end - reader.size);
    ledger.account(0, RIFF_HEADER, 'structure', 'RIFF header');
    const place = { reader, ledger, context, start: RIFF_HEADER, end };
    const types = accountChunks(place, readCanvas(place));
    if (!types.some((type) => images.includes(type)))
      throw new Broken(RIFF_HEADER, 'image chunk', 'one', 'none');
    accountTail(reader, ledger, end);
  },
};

const images = ['VP8 ', 'VP8L', 'ANMF'];

/** VP8X, which comes first where it comes at all: flags, canvas size less one (section 2.7). */
function readCanvas({ reader, start, end }: Place): Size {
  if (start + 18 > end || !reader.has(start, 'VP8X')) return { width: 0, height: 0 };
  const u24 = (at: number) => reader.u16le(at) | (reader.u8(at + 2) << 16);
  return { width: u24(start + 12) + 1, height: u24(start + 15) + 1 };
}

/** Chunks of a file or of a frame; returns their types. */
function accountChunks(place: Place, size: Size): string[] {
  const { reader, ledger, start, end } = place;
  const types: string[] = [];
  for (let at = start; at + CHUNK_HEADER <= end; ) {
    reader.meter.step();
    const type = reader.latin1(at, 4, 'chunk');
    const dataAt = at + CHUNK_HEADER;
    const dataEnd = dataAt + reader.u32le(at + 4);
    if (dataEnd > end) throw new Broken(at + 4, 'chunk length', `at most ${end - dataAt}`, dataEnd - dataAt);
    ledger.account(at, dataAt, 'structure', 'chunk header');
    accountChunk({ ...place, start: dataAt, end: dataEnd }, type, size);
    if (types.length < 1000) types.push(type);
    at = padChunk(place, dataEnd);
  }
  return types;
}

/** Chunks of an odd length are followed by a zero; the last one by nothing, as some writers have it. */
function padChunk({ reader, ledger, end }: Place, at: number): number {
  if ((at & 1) === 0 || at >= end) return at;
  if (reader.u8(at) !== 0) throw new Broken(at, 'chunk padding', 0, reader.u8(at));
  ledger.account(at, at + 1, 'padding', 'chunk padding');
  return at + 1;
}

type AccountChunk = (place: Place, size: Size) => void;

const chunks: ReadonlyMap<string, AccountChunk> = new Map<string, AccountChunk>([
  ['VP8 ', accountLossy],
  ['VP8L', accountLossless],
  ['ALPH', (place, { width, height }) => accountAlpha(place, width, height)],
  ['ANMF', accountFrame],
  ['VP8X', (place) => accountFixed(place, 10)],
  ['ANIM', (place) => accountFixed(place, 6)],
  ['ICCP', (place) => void examineStored(place, 'profile.icc')],
  ['EXIF', accountMetadata],
  ['XMP ', (place) => void examineStored(place, 'metadata.xmp')],
]);

function accountChunk(place: Place, type: string, size: Size): void {
  const account = chunks.get(type);
  if (account === undefined) {
    if (!/^[ -~]{4}$/.test(type)) throw new Broken(place.start - CHUNK_HEADER, 'chunk type', 'letters', type);
    place.ledger.raw(place.start, place.end, `chunk ${type}`);
    return;
  }
  try {
    account(place, size);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    place.ledger.broken(error, place.end);
  }
}

function accountFixed({ ledger, start, end }: Place, length: number): void {
  if (end - start !== length) throw new Broken(start - 4, 'chunk length', length, end - start);
  ledger.account(start, end, 'structure', 'chunk of fixed length', 8);
}

/** Section 2.7.1.1: place, size less one, duration, flags; then the frame's own chunks. */
function accountFrame(place: Place): void {
  const { reader, ledger, start, end } = place;
  if (end - start < ANMF_HEADER)
    throw new Broken(start - 4, 'frame length', `at least ${ANMF_HEADER}`, end - start);
  const u24 = (at: number) => reader.u16le(at) | (reader.u8(at + 2) << 16);
  ledger.account(start, start + ANMF_HEADER, 'structure', 'frame header', 12);
  accountChunks(
    { ...place, start: start + ANMF_HEADER },
    { width: u24(start + 6) + 1, height: u24(start + 9) + 1 },
  );
}

/** Some writers keep the six bytes that introduce Exif in JPEG. */
function accountMetadata(place: Place): void {
  const { reader, ledger, start } = place;
  const hasName = reader.has(start, 'Exif\0\0');
  if (hasName) ledger.account(start, start + 6, 'structure', 'Exif name');
  accountExif(hasName ? { ...place, start: start + 6 } : place);
}
