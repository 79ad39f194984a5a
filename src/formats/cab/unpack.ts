import zlib from 'node:zlib';
import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Pieces } from '../../checks/pieces.ts';
import type { CabBlock } from './blocks.ts';

/** MS-MCI §2: a block unpacks to at most 32 KiB, and may reach back as far. */
const WINDOW = 32_768;

/** What the blocks of a folder unpack to, one behind the other. */
export type UnpackFolder = (reader: Reader, blocks: readonly CabBlock[]) => Pieces;

/** Unpackers by method (MS-CAB §2.2 typeCompress); Quantum and LZX are missing. */
export const unpackers: readonly (UnpackFolder | undefined)[] = [copyBlocks, unpackMsZip];

function* copyBlocks(reader: Reader, blocks: readonly CabBlock[]): Pieces<void> {
  for (const { at, start, end, size } of blocks) {
    reader.meter.step();
    if (end - start !== size) throw new Broken(at, 'length of a stored block', size, end - start);
    reader.meter.produce(size);
    yield reader.copy(start, size, 'data block');
  }
}

/** Each block is a deflate stream behind `CK` that goes on with the window of the one before (MS-MCI §2). */
function* unpackMsZip(reader: Reader, blocks: readonly CabBlock[]): Pieces<void> {
  let window: Buffer = Buffer.alloc(0);
  for (const block of blocks) {
    reader.meter.step();
    const output = inflateBlock(reader, block, window);
    reader.meter.produce(output.length);
    window = Buffer.concat([window, output]).subarray(-WINDOW);
    yield output;
  }
}

function inflateBlock(reader: Reader, { start, end, size }: CabBlock, window: Buffer): Buffer {
  reader.expect(start, 'CK', 'MSZIP signature');
  const packed = reader.bytes(start + 2, end - start - 2, 'data block');
  let output: Buffer;
  try {
    const most = Math.max(1, Math.min(size, WINDOW));
    output = zlib.inflateRawSync(packed, {
      ...(window.length > 0 ? { dictionary: window } : {}),
      maxOutputLength: most,
    });
  } catch (error) {
    throw new Broken(
      start,
      'MSZIP block',
      'a deflate stream',
      error instanceof Error ? error.message : 'none',
    );
  }
  if (output.length !== size) throw new Broken(start, 'size of an MSZIP block', size, output.length);
  return output;
}
