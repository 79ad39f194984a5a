import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Indexes into the data directories (PE Format, "Optional Header Data Directories"). */
export const directory = {
  exports: 0,
  imports: 1,
  resources: 2,
  exceptions: 3,
  certificates: 4,
  relocations: 5,
  debug: 6,
} as const;

export interface Directory {
  /** Relative virtual address; of the certificate table, the offset in the file. */
  readonly address: number;
  /** Bytes. */
  readonly size: number;
}

export interface PeSection extends Range {
  readonly name: string;
  readonly address: number;
  /** Bytes in memory. */
  readonly virtualSize: number;
}

/** Headers of an image (PE Format, "File Headers"). */
export interface Image {
  /** Offset of the signature. */
  readonly peAt: number;
  readonly machine: number;
  /** 64-bit addresses: PE32+. */
  readonly wide: boolean;
  readonly optionalAt: number;
  /** Offset of the field for the checksum of the image. */
  readonly checksumAt: number;
  readonly directoriesAt: number;
  readonly sectionsAt: number;
  readonly headersEnd: number;
  readonly isDriver: boolean;
  readonly symbolsAt: number;
  readonly symbolCount: number;
  readonly directories: readonly Directory[];
  readonly sections: readonly PeSection[];
}

const SECTION = 40;
/** IMAGE_SUBSYSTEM_NATIVE: drivers, whose checksum Windows demands. */
const NATIVE = 1;

/** @throws Broken, Truncated */
export function readImage(reader: Reader): Image {
  const peAt = reader.u32le(60, 'offset of the PE signature');
  reader.expect(peAt, 'PE\0\0', 'PE signature');
  const coffAt = peAt + 4;
  const optionalAt = coffAt + 20;
  const optionalSize = reader.u16le(coffAt + 16);
  const magic = reader.u16le(optionalAt);
  // Stubs in front of archives leave the magic out: programs look for sections only.
  if (magic !== 0x10b && magic !== 0x20b && magic !== 0)
    throw new Broken(optionalAt, 'optional header magic', '10b or 20b', magic);
  const wide = magic === 0x20b;
  const directoriesAt = optionalAt + (wide ? 112 : 96);
  const count = Math.min(
    16,
    reader.u32le(directoriesAt - 4),
    Math.max(0, (optionalAt + optionalSize - directoriesAt) >> 3),
  );
  const sectionsAt = optionalAt + optionalSize;
  const sectionCount = reader.u16le(coffAt + 2);
  checkAlignments(reader, optionalAt);
  return {
    peAt,
    machine: reader.u16le(coffAt),
    wide,
    optionalAt,
    checksumAt: optionalAt + 64,
    directoriesAt,
    sectionsAt,
    headersEnd: sectionsAt + SECTION * sectionCount,
    isDriver: reader.u16le(optionalAt + 68) === NATIVE,
    symbolsAt: reader.u32le(coffAt + 8),
    symbolCount: reader.u32le(coffAt + 12),
    directories: Array.from({ length: count }, (_, i) => ({
      address: reader.u32le(directoriesAt + 8 * i),
      size: reader.u32le(directoriesAt + 8 * i + 4),
    })),
    sections: Array.from({ length: sectionCount }, (_, i) => readSection(reader, sectionsAt + SECTION * i)),
  };
}

function checkAlignments(reader: Reader, optionalAt: number): void {
  for (const at of [optionalAt + 32, optionalAt + 36]) {
    const value = reader.u32le(at);
    // Images that no loader reads, such as stubs of installers, may have zeros.
    if (value !== 0 && (value & (value - 1)) !== 0)
      throw new Broken(at, 'alignment', 'a power of two', value);
  }
}

function readSection(reader: Reader, at: number): PeSection {
  reader.meter.step();
  const size = reader.u32le(at + 16);
  const start = reader.u32le(at + 20);
  return {
    name: reader.latin1(at, 8).replace(/\0.*$/s, ''),
    virtualSize: reader.u32le(at + 8),
    address: reader.u32le(at + 12),
    start: size === 0 ? 0 : start,
    end: size === 0 || start === 0 ? 0 : start + size,
  };
}

/** Sections must lie in the file, in order of their addresses. Gives the contradictions. */
export function* checkSections(reader: Reader, { sections, sectionsAt }: Image): Generator<Broken> {
  let address = 0;
  for (const [i, section] of sections.entries()) {
    const at = sectionsAt + SECTION * i;
    if (section.end > reader.size)
      yield new Truncated(reader.size, `section ${section.name}`, section.end - reader.size);
    if (section.address < address)
      yield new Broken(at + 12, 'address of a section', `at least ${address}`, section.address);
    address = section.address;
  }
}

/** Where the bytes at a relative virtual address stand in the file; −1 if nowhere. */
export function offsetOf({ sections, headersEnd }: Image, address: number): number {
  if (address < headersEnd) return address;
  for (const section of sections) {
    const at = address - section.address;
    if (at >= 0 && at < section.end - section.start) return section.start + at;
  }
  return -1;
}
