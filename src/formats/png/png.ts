import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { verifyPackedChunk } from './ancillary.ts';
import { Animation } from './animation.ts';
import { type Chunk, walkChunks } from './chunks.ts';
import { rawStream, verifyImageData, zlibStream } from './image-data.ts';
import { type ImageHeader, readImageHeader } from './image-header.ts';
import { ChunkOrder } from './order.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export const png: Format = {
  id: 'png',
  title: 'Portable Network Graphics',
  extensions: ['png', 'apng'],
  signatures: [{ at: 0, hex: '89504e470d0a1a0a' }],
  spec: 'W3C PNG (Third Edition), section 5',
  proof: 'CRC-32 of every chunk; the image data decode to exactly its rows, Adler-32 included',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    verifySignature(reader, ledger);
    const order = new ChunkOrder(ledger);
    const animation = new Animation(reader, ledger);
    const image: ImageParts = { header: null, isApple: false, data: [], end: null };
    for (const chunk of walkChunks(reader, ledger, SIGNATURE.length)) {
      order.take(chunk);
      if (chunk.type === 'IEND') image.end = chunk.end;
      if (!chunk.isIntact) continue;
      takeChunk(reader, ledger, image, chunk);
      animation.take(chunk);
    }
    verifyPixels(reader, ledger, image, animation);
    if (image.end !== null) accountTail(reader, ledger, image.end);
  },
};

/** What the chunks tell of the image. */
interface ImageParts {
  header: ImageHeader | null;
  /** Whether Apple's CgBI stands first: then image data are raw deflate. */
  isApple: boolean;
  readonly data: Range[];
  end: number | null;
}

function verifySignature(reader: Reader, ledger: Ledger): void {
  try {
    reader.expect(0, SIGNATURE, 'signature');
    ledger.account(0, SIGNATURE.length, 'structure', 'signature');
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, SIGNATURE.length);
  }
}

function takeChunk(reader: Reader, ledger: Ledger, image: ImageParts, chunk: Chunk): void {
  if (chunk.type === 'IDAT') image.data.push(chunk.data);
  else if (chunk.type === 'CgBI') image.isApple = true;
  else if (chunk.type === 'IHDR') takeHeader(reader, ledger, image, chunk);
  else verifyPackedChunk(reader, ledger, chunk);
}

function takeHeader(reader: Reader, ledger: Ledger, image: ImageParts, chunk: Chunk): void {
  const first = image.isApple ? SIGNATURE.length + 16 : SIGNATURE.length;
  if (chunk.start !== first) ledger.oddity(chunk.start, 'IHDR is not the first chunk');
  try {
    image.header = readImageHeader(reader, chunk.data);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, chunk.end);
  }
}

/** Decoding tells something new only of chunks that are all as they were written. */
function verifyPixels(reader: Reader, ledger: Ledger, image: ImageParts, animation: Animation): void {
  const { header, data, end } = image;
  if (end === null || ledger.observations.some(({ kind }) => kind === 'broken' || kind === 'truncated'))
    return;
  if (header === null) {
    ledger.broken(new Broken(SIGNATURE.length, 'IHDR', 'a header', 'none'));
    return;
  }
  if (data.length === 0) {
    ledger.broken(new Broken(end - 12, 'IDAT', 'image data', 'none'));
    return;
  }
  const decode = image.isApple ? rawStream : zlibStream;
  verifyImageData(reader, ledger, header, header, data, decode);
  for (const { extent, parts } of animation.frames) {
    if (parts.length > 0) verifyImageData(reader, ledger, header, extent, parts, decode);
  }
}
