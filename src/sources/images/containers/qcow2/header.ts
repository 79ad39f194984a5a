import { Broken } from '../../../../bytes/errors.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { type Qcow2Header, readQcow2Header } from '../../../../formats/disks/qcow2-layout.ts';
import { checkDiskSize } from '../../size-limit.ts';

const DIRTY = 1;
const CORRUPT = 2;
const DATA_FILE = 4;
const COMPRESSION = 8;
const EXTENDED = 16;
const KNOWN = DIRTY | CORRUPT | DATA_FILE | COMPRESSION | EXTENDED;
/** QEMU's own limit for the first table, and for names. */
const MOST_FIRST_LEVEL = 32 << 20;
const MOST_NAME = 1023;
const END = 0;
const BACKING_FORMAT = 0xe2792aca;
const DATA_FILE_NAME = 0x44415441;
const MOST_EXTENSIONS = 64;

export interface Qcow2 extends Qcow2Header {
  readonly isDirty: boolean;
  readonly isCorrupt: boolean;
  readonly hasDataFile: boolean;
  readonly isExtended: boolean;
  readonly compression: 'deflate' | 'zstd';
  readonly backingName: string | null;
  readonly backingFormat: string | null;
  readonly dataFileName: string | null;
}

/** The header and its extensions. @throws Broken when a feature isn't known, or a size can't be */
export function readQcow2(reader: Reader): Qcow2 {
  const header = readQcow2Header(reader);
  checkDiskSize(header.size, 24);
  checkFirstLevel(header, reader.size);
  const features = readFeatures(reader, header.version);
  const extensions = readExtensions(reader, header.version === 2 ? 72 : reader.u32be(100));
  return {
    ...header,
    isDirty: (features & DIRTY) !== 0,
    isCorrupt: (features & CORRUPT) !== 0,
    hasDataFile: (features & DATA_FILE) !== 0,
    isExtended: (features & EXTENDED) !== 0,
    compression: (features & COMPRESSION) === 0 ? 'deflate' : readCompression(reader),
    backingName: readBackingName(reader, header),
    backingFormat: extensions.get(BACKING_FORMAT) ?? null,
    dataFileName: extensions.get(DATA_FILE_NAME) ?? null,
  };
}

function checkFirstLevel({ firstLevel, clusterBits }: Qcow2Header, length: number): void {
  const { at, count } = firstLevel;
  if (8 * count > MOST_FIRST_LEVEL)
    throw new Broken(36, 'first table', `at most ${MOST_FIRST_LEVEL} bytes`, 8 * count);
  if (at % 2 ** clusterBits !== 0) throw new Broken(40, 'first table', 'at a cluster', at);
  if (at + 8 * count > length) throw new Broken(40, 'first table', 'inside the file', at);
}

function readFeatures(reader: Reader, version: number): number {
  if (version === 2) return 0;
  const [high, low] = [reader.u32be(72), reader.u32be(76)];
  if (high !== 0 || (low & ~KNOWN) !== 0) {
    throw new Broken(72, 'incompatible features', 'known ones', `${high.toString(16)} ${low.toString(16)}`);
  }
  return low;
}

function readCompression(reader: Reader): 'deflate' | 'zstd' {
  const type = reader.u8(104);
  if (type > 1) throw new Broken(104, 'compression type', '0 or 1', type);
  return type === 0 ? 'deflate' : 'zstd';
}

function readBackingName(reader: Reader, { backing }: Qcow2Header): string | null {
  if (backing.at === 0 || backing.length === 0) return null;
  if (backing.length > MOST_NAME)
    throw new Broken(16, 'name of the backing file', `up to ${MOST_NAME} bytes`, backing.length);
  return Buffer.from(reader.bytes(backing.at, backing.length, 'name of the backing file')).toString();
}

/** Texts of the header extensions, by type; each is padded to 8 bytes. */
function readExtensions(reader: Reader, start: number): Map<number, string> {
  const extensions = new Map<number, string>();
  for (let i = 0, at = start; i < MOST_EXTENSIONS && at + 8 <= reader.size; i++) {
    const [type, length] = [reader.u32be(at), reader.u32be(at + 4)];
    if (type === END || at + 8 + length > reader.size) break;
    if (length <= MOST_NAME) extensions.set(type, Buffer.from(reader.bytes(at + 8, length)).toString());
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return extensions;
}
