import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Header of a VirtualBox disk, version 1 (VDICore.h). Offsets and sizes in bytes. */
export interface VdiHeader {
  /** 1 dynamic, 2 fixed, 3 undo, 4 differencing. */
  readonly type: number;
  readonly mapAt: number;
  readonly dataAt: number;
  /** Of a block's contents. */
  readonly block: number;
  /** Before the contents of each block. */
  readonly extra: number;
  /** Number of blocks, and of entries of the map. */
  readonly count: number;
}

/** Entries of the map that name no block: one of zeros, and one that was never written. */
export const VDI_ZERO = 0xfffffffe;
export const VDI_ABSENT = 0xffffffff;

/** @throws Broken, Truncated */
export function readVdiHeader(reader: Reader): VdiHeader {
  if (reader.u16le(70) !== 1) throw new Broken(68, 'version', '1.x', reader.u16le(70));
  const header: VdiHeader = {
    type: reader.u32le(76),
    mapAt: reader.u32le(340),
    dataAt: reader.u32le(344),
    block: reader.u32le(376),
    extra: reader.u32le(380),
    count: reader.u32le(384),
  };
  const { mapAt, dataAt, block, count } = header;
  if (block === 0 || mapAt + 4 * count > dataAt) {
    throw new Broken(340, 'places of map and data', 'one behind the other', `${mapAt}, ${dataAt}`);
  }
  return header;
}
