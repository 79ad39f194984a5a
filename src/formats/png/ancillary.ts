import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Chunk } from './chunks.ts';

/** PNG §11.3.3: a keyword has at most 79 bytes. */
const MOST_KEYWORD = 80;

/** Where the compressed part of a chunk's data begins; null where nothing is compressed. */
type FindPacked = (reader: Reader, start: number, end: number) => number | null;

const afterKeyword: FindPacked = (reader, start, end) => {
  const method = endOfText(reader, start, end, MOST_KEYWORD);
  if (reader.u8(method) !== 0) throw new Broken(method, 'compression method', 0, reader.u8(method));
  return method + 1;
};

const afterLanguage: FindPacked = (reader, start, end) => {
  const flag = endOfText(reader, start, end, MOST_KEYWORD);
  if (reader.u8(flag) === 0) return null;
  const translated = endOfText(reader, flag + 2, end, end);
  return endOfText(reader, translated, end, end);
};

/** Chunks that hold a zlib stream of their own. */
const packedChunks: Readonly<Record<string, FindPacked>> = {
  iCCP: afterKeyword,
  zTXt: afterKeyword,
  iTXt: afterLanguage,
};

/** Decodes what is compressed in a chunk that is no image data; what fails is noted. */
export function verifyPackedChunk(reader: Reader, ledger: Ledger, { type, data }: Chunk): void {
  const find = packedChunks[type];
  if (find === undefined) return;
  try {
    const start = find(reader, data.start, data.end);
    if (start !== null) inflateZlib(reader, start, data.end, () => undefined);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const what = `${type}: ${error.what}`;
    const isShort = error instanceof Truncated;
    ledger.broken(
      isShort ? new Broken(data.end, what, 'its end', 'the end of the chunk') : new Broken(error.at, what),
    );
  }
}

/** Offset behind the zero byte that ends a text. */
function endOfText(reader: Reader, start: number, end: number, most: number): number {
  const found = reader.indexOf('\0', start, Math.min(end, start + most));
  if (found < 0) throw new Broken(start, 'text', 'a zero byte at its end', 'none');
  return found + 1;
}
