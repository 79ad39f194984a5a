/** What a compound file for tests is made of (MS-CFB). */
export interface CompoundPlan {
  /** 512 (version 3) or 4096 (version 4). */
  readonly sectorSize?: 512 | 4096;
  /** Each stream goes into whole sectors of its own: at least 4,096 bytes, so that none belongs into the mini stream. */
  readonly streams: Readonly<Record<string, Uint8Array>>;
  /** Whether the sectors of a stream stand in descending order. */
  readonly isReversed?: boolean;
}

const END = 0xfffffffe;
const FREE = 0xffffffff;
const FAT = 0xfffffffd;

/** Sector 0 is the FAT, the directory follows, then the streams. */
export function buildCompound({ sectorSize = 512, streams, isReversed = false }: CompoundPlan): Buffer {
  const names = Object.keys(streams);
  const directorySectors = Math.ceil(((names.length + 1) * 128) / sectorSize);
  const fat: number[] = [FAT];
  const starts: number[] = [];
  chain(fat, directorySectors, false);
  for (const name of names)
    starts.push(chain(fat, Math.ceil(streams[name]!.length / sectorSize), isReversed));
  const file = Buffer.alloc((fat.length + 1) * sectorSize);
  writeHeader(file, sectorSize);
  for (let i = 0; i < sectorSize / 4; i++) file.writeUInt32LE(fat[i] ?? FREE, sectorSize + 4 * i);
  const directoryAt = 2 * sectorSize;
  for (let i = 0; i < (directorySectors * sectorSize) / 128; i++) {
    for (const link of [68, 72, 76]) file.writeUInt32LE(FREE, directoryAt + 128 * i + link);
  }
  writeEntry(file, directoryAt, 'Root Entry', 5, END, 0);
  file.writeUInt32LE(names.length > 0 ? 1 : FREE, directoryAt + 76);
  for (const [i, name] of names.entries()) {
    const at = directoryAt + 128 * (i + 1);
    writeEntry(file, at, name, 2, starts[i]!, streams[name]!.length);
    if (i + 1 < names.length) file.writeUInt32LE(i + 2, at + 72);
    writeStream(file, streams[name]!, starts[i]!, fat, sectorSize);
  }
  return file;
}

function chain(fat: number[], count: number, isReversed: boolean): number {
  const first = fat.length;
  for (let i = 0; i < count; i++) {
    if (isReversed) fat.push(i === 0 ? END : first + i - 1);
    else fat.push(i === count - 1 ? END : first + i + 1);
  }
  return isReversed ? first + count - 1 : first;
}

function writeHeader(file: Buffer, sectorSize: number): void {
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  const isLarge = sectorSize === 4096;
  file.writeUInt16LE(0x3e, 24);
  file.writeUInt16LE(isLarge ? 4 : 3, 26);
  file.writeUInt16LE(0xfffe, 28);
  file.writeUInt16LE(isLarge ? 12 : 9, 30);
  file.writeUInt16LE(6, 32);
  file.writeUInt32LE(1, 44);
  file.writeUInt32LE(1, 48);
  file.writeUInt32LE(4096, 56);
  file.writeUInt32LE(END, 60);
  file.writeUInt32LE(END, 68);
  for (let i = 0; i < 109; i++) file.writeUInt32LE(i === 0 ? 0 : FREE, 76 + 4 * i);
}

function writeEntry(file: Buffer, at: number, name: string, kind: number, start: number, size: number): void {
  file.write(name, at, 'utf16le');
  file.writeUInt16LE(2 * name.length + 2, at + 64);
  file[at + 66] = kind;
  file[at + 67] = 1;
  file.writeUInt32LE(start, at + 116);
  file.writeUInt32LE(size, at + 120);
}

function writeStream(
  file: Buffer,
  bytes: Uint8Array,
  start: number,
  fat: readonly number[],
  size: number,
): void {
  for (let sector = start, at = 0; at < bytes.length; sector = fat[sector]!, at += size) {
    file.set(bytes.subarray(at, at + size), (sector + 1) * size);
  }
}
