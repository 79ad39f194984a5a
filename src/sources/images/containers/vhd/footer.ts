import { Broken } from '../../../../bytes/errors.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { checkVhdSum, VHD_FIXED, VHD_SECTOR } from '../../../../formats/disks/vhd-layout.ts';

/** Something may have been appended: a tool's padding, a ransom tool's key block. In bytes. */
const SEARCHED_END = 64 << 10;
const COOKIE = 'conectix';

export interface VhdFooter {
  /** Offset in bytes at which it stands. */
  readonly at: number;
  readonly type: number;
  /** Of the disk, in bytes. */
  readonly size: number;
  /** Offset of the dynamic header. */
  readonly dataAt: number;
  readonly creator: string;
  readonly uuid: string;
  readonly isSaved: boolean;
}

/** The footer in the last sector, else its copy in the first, else that of a fixed disk with something behind it. */
export function findFooter(reader: Reader): VhdFooter | null {
  const end = reader.size - VHD_SECTOR;
  return tryFooter(reader, end) ?? tryFooter(reader, 0) ?? searchFooter(reader);
}

function searchFooter(reader: Reader): VhdFooter | null {
  const last = Math.floor((reader.size - VHD_SECTOR) / VHD_SECTOR) * VHD_SECTOR;
  for (let at = last; at > 0 && at > reader.size - SEARCHED_END; at -= VHD_SECTOR) {
    const footer = tryFooter(reader, at);
    // The footer of a fixed disk stands where the disk ends; others may be files on the disk.
    if (footer?.type === VHD_FIXED && footer.size === at) return footer;
  }
  return null;
}

function tryFooter(reader: Reader, at: number): VhdFooter | null {
  if (!reader.has(at, COOKIE) || at + VHD_SECTOR > reader.size) return null;
  try {
    return readFooter(reader, at);
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

function readFooter(reader: Reader, at: number): VhdFooter {
  checkVhdSum(reader, at, VHD_SECTOR, at + 64);
  const type = reader.u32be(at + 60);
  return {
    at,
    type,
    size: reader.u64be(at + 48),
    // All ones for fixed disks, which have no such header.
    dataAt: type === VHD_FIXED ? 0 : reader.u64be(at + 16),
    creator: reader
      .latin1(at + 28, 4)
      .replace(/[^\x20-\x7e]/g, '')
      .trim(),
    uuid: Buffer.from(reader.bytes(at + 68, 16)).toString('hex'),
    isSaved: reader.u8(at + 84) === 1,
  };
}
