import zlib from 'node:zlib';
import { Broken } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { drain } from '../../checks/pieces.ts';
import { decodeZstdFrame } from '../../checks/zstd.ts';

/**
 * Unpacks one block of an image. Bytes behind the stream's end are padding, and ignored.
 * @param most bytes that it may unpack to
 * @throws Broken, Truncated, OverBudget
 */
export type UnpackBlock = (packed: Uint8Array, most: number) => Uint8Array;

/** RFC 1950; compares the Adler-32 of the block. */
export const unpackZlib: UnpackBlock = (packed, most) =>
  callZlib(() => zlib.inflateSync(packed, { maxOutputLength: most, chunkSize: chunkFor(most) }));

/** RFC 1951. */
export const unpackDeflate: UnpackBlock = (packed, most) =>
  callZlib(() => zlib.inflateRawSync(packed, { maxOutputLength: most, chunkSize: chunkFor(most) }));

/** RFC 8878, one frame or several. */
export const unpackZstd: UnpackBlock = (packed, most) => {
  const output = new Uint8Array(most);
  const reader = new Reader(new BufferSource(packed));
  let done = 0;
  for (let at = 0; done < most && at < packed.length; ) {
    const frame = drain(decodeZstdFrame({ reader, start: at, end: packed.length }), (piece) => {
      if (done + piece.length > most)
        throw new Broken(at, 'size of a packed block', most, done + piece.length);
      output.set(piece, done);
      done += piece.length;
    });
    at += frame?.consumed ?? packed.length;
  }
  return output.subarray(0, done);
};

/**
 * The whole output at once, with a byte to spare: where a chunk fills up, Node makes another and joins them, which
 * takes five times as long.
 */
function chunkFor(most: number): number {
  return Math.max(64, Math.min(most + 1, 1 << 21));
}

function callZlib(inflate: () => Buffer): Uint8Array {
  try {
    return inflate();
  } catch (error) {
    throw new Broken(
      0,
      'packed block',
      'a whole stream',
      (error as NodeJS.ErrnoException).code ?? String(error),
    );
  }
}
