import { crc32c } from '../../src/checks/crc32c.ts';

const MIB = 1 << 20;

/** A differencing VHD on a dynamic one of one block, that has these sectors itself, full of C7 (no tool here makes such). */
export function vhdChild(parent: Buffer, parentName: string, sectors: readonly number[]): Buffer {
  const footer = Buffer.from(parent.subarray(0, 512));
  footer.writeUInt32BE(4, 60);
  footer.fill(0xab, 68, 84);
  footer.writeUInt32BE(vhdSum(footer, 64), 64);
  const header = Buffer.from(parent.subarray(512, 1536));
  const table = Number(header.readBigUInt64BE(16));
  parent.copy(header, 40, 68, 84);
  Buffer.from(parentName, 'utf16le').swap16().copy(header, 64);
  header.writeUInt32BE(vhdSum(header, 36), 36);
  const file = Buffer.alloc(table + 512 + 512 + 2 * MIB);
  footer.copy(file, 0);
  header.copy(file, 512);
  file.fill(0xff, table, table + 512);
  file.writeUInt32BE((table + 512) / 512, table);
  const bitmap = table + 512;
  for (const sector of sectors) {
    file[bitmap + (sector >> 3)]! |= 0x80 >> (sector & 7);
    file.fill(0xc7, bitmap + 512 + sector * 512, bitmap + 512 + (sector + 1) * 512);
  }
  return Buffer.concat([file, footer]);
}

function vhdSum(bytes: Buffer, at: number): number {
  let sum = 0;
  for (const [i, byte] of bytes.entries()) if (i < at || i >= at + 4) sum += byte;
  return ~sum >>> 0;
}

/** The same as a VHDX with blocks of 1 MiB: partial ones, and the bitmap of their chunk. */
export function vhdxChild(parent: Buffer, parentName: string, sectors: readonly number[]): Buffer {
  const { table, metadata } = vhdxRegions(parent);
  const file = Buffer.concat([parent, Buffer.alloc(3 * MIB)]);
  const first = parent.length / MIB;
  file.writeBigUInt64LE((BigInt(first) << 20n) | 7n, table);
  file.writeBigUInt64LE((BigInt(first + 1) << 20n) | 7n, table + 8);
  // Behind the 4,096 blocks of a chunk.
  file.writeBigUInt64LE((BigInt(first + 2) << 20n) | 6n, table + 8 * 4096);
  for (const sector of sectors) {
    file[(first + 2) * MIB + (sector >> 3)]! |= 1 << (sector & 7);
    file.fill(0xc8, first * MIB + sector * 512, first * MIB + (sector + 1) * 512);
  }
  addParent(file, metadata, parentName, parent);
  return file;
}

function addParent(file: Buffer, metadata: number, name: string, parent: Buffer): void {
  const items = metadata + 32;
  const parameters = metadata + file.readUInt32LE(items + 16);
  file.writeUInt32LE(2, parameters + 4);
  const count = file.readUInt16LE(metadata + 10);
  file.writeUInt16LE(count + 1, metadata + 10);
  const entry = items + 32 * count;
  Buffer.from('2d5fd3a80bb34d45abf7d3d84834ab0c', 'hex').copy(file, entry);
  const locator = locatorOf(name, guidText(parent.subarray(currentHeader(parent) + 32)));
  file.writeUInt32LE(0x20000, entry + 16);
  file.writeUInt32LE(locator.length, entry + 20);
  locator.copy(file, metadata + 0x20000);
}

function locatorOf(name: string, linkage: string): Buffer {
  const pairs = [
    ['parent_linkage', `{${linkage}}`],
    ['relative_path', `.\\${name}`],
  ].map((pair) => pair.map((text) => Buffer.from(text, 'utf16le')) as [Buffer, Buffer]);
  const head = Buffer.alloc(20 + 12 * pairs.length);
  head.writeUInt16LE(pairs.length, 18);
  let at = head.length;
  for (const [i, [key, value]] of pairs.entries()) {
    head.writeUInt32LE(at, 20 + 12 * i);
    head.writeUInt32LE(at + key.length, 24 + 12 * i);
    head.writeUInt16LE(key.length, 28 + 12 * i);
    head.writeUInt16LE(value.length, 30 + 12 * i);
    at += key.length + value.length;
  }
  return Buffer.concat([head, ...pairs.flat()]);
}

function guidText(bytes: Buffer): string {
  const hex = (...at: number[]) => at.map((i) => bytes[i]!.toString(16).padStart(2, '0')).join('');
  return [hex(3, 2, 1, 0), hex(5, 4), hex(7, 6), hex(8, 9), hex(10, 11, 12, 13, 14, 15)].join('-');
}

/** Offsets of the block allocation table and of the metadata. */
export function vhdxRegions(file: Buffer): { readonly table: number; readonly metadata: number } {
  const places = [0, 1].map((i) => Number(file.readBigUInt64LE(0x30000 + 16 + 32 * i + 16)));
  const isFirstTable = file.readUInt32BE(0x30000 + 16) === 0x6677c22d;
  return isFirstTable
    ? { table: places[0]!, metadata: places[1]! }
    : { table: places[1]!, metadata: places[0]! };
}

/** The header with the higher sequence number. */
export function currentHeader(file: Buffer): number {
  const [a, b] = [0x10000, 0x20000];
  return file.readBigUInt64LE(a + 8) > file.readBigUInt64LE(b + 8) ? a : b;
}

/**
 * A file whose writer stopped before its last change of the sector at `at` (4 KiB) got there: it's in the log only.
 * The sector in the file is overwritten with `stale`.
 */
export function withLog(file: Buffer, at: number, stale: number): Buffer {
  const copy = Buffer.from(file);
  const header = currentHeader(copy);
  const log = Number(copy.readBigUInt64LE(header + 72));
  const guid = Buffer.alloc(16, 0x5e);
  guid.copy(copy, header + 48);
  writeCrc(copy, header, 4096);
  const entry = Buffer.alloc(8192);
  entry.write('loge', 'latin1');
  entry.writeUInt32LE(8192, 8);
  entry.writeUInt32LE(0, 12);
  entry.writeBigUInt64LE(77n, 16);
  entry.writeUInt32LE(1, 24);
  guid.copy(entry, 32);
  entry.write('desc', 64, 'latin1');
  copy.copy(entry, 68, at + 4092, at + 4096);
  copy.copy(entry, 72, at, at + 8);
  entry.writeBigUInt64LE(BigInt(at), 80);
  entry.writeBigUInt64LE(77n, 88);
  entry.write('data', 4096, 'latin1');
  copy.copy(entry, 4104, at + 8, at + 4092);
  entry.writeUInt32LE(77, 8188);
  writeCrc(entry, 0, 8192);
  entry.copy(copy, log);
  copy.fill(stale, at, at + 4096);
  return copy;
}

function writeCrc(bytes: Buffer, at: number, length: number): void {
  bytes.writeUInt32LE(0, at + 4);
  bytes.writeUInt32LE(crc32c(bytes.subarray(at, at + length)), at + 4);
}
