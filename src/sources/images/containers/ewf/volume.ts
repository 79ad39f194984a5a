import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { expectAdler } from '../../../../formats/ewf/sum.ts';
import { checkDiskSize } from '../../size-limit.ts';

/** Length of the section in SMART's files, which count sectors in 32 bits; EnCase's has 1,052 bytes. */
const SMART = 94;
const MOST_SECTORS_IN_CHUNK = 1 << 16;

/** What was acquired. Sizes in bytes. */
export interface EwfVolume {
  readonly chunkCount: number;
  readonly chunk: number;
  readonly sector: number;
  readonly size: number;
}

/** Section `volume`, `disk` or `data`: the same fields. @throws Broken */
export function readEwfVolume(reader: Reader, { start, end }: Range): EwfVolume {
  expectAdler(reader, start, end - 4);
  const perChunk = reader.u32le(start + 8);
  const sector = reader.u32le(start + 12);
  if (perChunk === 0 || perChunk > MOST_SECTORS_IN_CHUNK) {
    throw new Broken(start + 8, 'sectors in a chunk', `1 to ${MOST_SECTORS_IN_CHUNK}`, perChunk);
  }
  if (![512, 1024, 2048, 4096].includes(sector))
    throw new Broken(start + 12, 'bytes in a sector', '512 to 4096', sector);
  const sectors = end - start <= SMART ? reader.u32le(start + 16) : reader.u64le(start + 16);
  return {
    chunkCount: reader.u32le(start + 4),
    chunk: perChunk * sector,
    sector,
    size: checkDiskSize(sectors * sector, start + 16),
  };
}
