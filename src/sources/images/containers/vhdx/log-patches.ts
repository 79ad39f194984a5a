import { Broken } from '../../../../bytes/errors.ts';
import { LOG_SECTOR, type LogEntry } from './log-entries.ts';

const HEADER = 64;
const DESCRIPTOR = 32;
/** Sectors that a log may change, 64 MiB. */
const MOST_PATCHES = 1 << 14;
const ZEROS = new Uint8Array(LOG_SECTOR);

/** The sectors of the file that the entries change, by index; later entries win. @throws Broken */
export function collectPatches(entries: readonly LogEntry[]): Map<number, Uint8Array> {
  const patches = new Map<number, Uint8Array>();
  for (const entry of entries) addEntry(patches, entry);
  return patches;
}

/** Descriptors follow the header; the sectors of data follow them, in the same order ([MS-VHDX] §2.3.1). */
function addEntry(patches: Map<number, Uint8Array>, { at, bytes, sequence }: LogEntry): void {
  const count = bytes.readUInt32LE(24);
  let data = Math.ceil((HEADER + DESCRIPTOR * count) / LOG_SECTOR) * LOG_SECTOR;
  if (data > bytes.length) throw new Broken(at + 24, 'number of descriptors', 'fewer', count);
  for (let i = 0; i < count; i++) {
    const descriptor = bytes.subarray(HEADER + DESCRIPTOR * i, HEADER + DESCRIPTOR * (i + 1));
    if (descriptor.toString('latin1', 0, 4) === 'zero') addZeros(patches, descriptor, at);
    else {
      addSector(patches, descriptor, readSector(bytes, data, sequence), at);
      data += LOG_SECTOR;
    }
  }
}

function addZeros(patches: Map<number, Uint8Array>, descriptor: Buffer, at: number): void {
  const first = sectorOf(descriptor, at);
  const count = Math.ceil(Number(descriptor.readBigUInt64LE(8)) / LOG_SECTOR);
  if (count > MOST_PATCHES)
    throw new Broken(at, 'zeros of the log', `at most ${MOST_PATCHES} sectors`, count);
  for (let i = 0; i < count; i++) addPatch(patches, first + i, ZEROS, at);
}

/** The first 8 and the last 4 bytes of the sector stand in its descriptor. */
function addSector(patches: Map<number, Uint8Array>, descriptor: Buffer, sector: Buffer, at: number): void {
  if (descriptor.toString('latin1', 0, 4) !== 'desc')
    throw new Broken(at, 'descriptor of the log', 'desc', '?');
  const page = new Uint8Array(sector);
  page.set(descriptor.subarray(8, 16), 0);
  page.set(descriptor.subarray(4, 8), LOG_SECTOR - 4);
  addPatch(patches, sectorOf(descriptor, at), page, at);
}

function addPatch(patches: Map<number, Uint8Array>, index: number, page: Uint8Array, at: number): void {
  patches.set(index, page);
  if (patches.size > MOST_PATCHES) {
    throw new Broken(at, 'log', `at most ${MOST_PATCHES} sectors`, patches.size);
  }
}

function sectorOf(descriptor: Buffer, at: number): number {
  const offset = Number(descriptor.readBigUInt64LE(16));
  if (offset % LOG_SECTOR !== 0 || offset > Number.MAX_SAFE_INTEGER) {
    throw new Broken(at, 'place that the log changes', 'a multiple of 4096', offset);
  }
  return offset / LOG_SECTOR;
}

/** Torn sectors show by halves of the sequence number at both ends. */
function readSector(bytes: Buffer, at: number, sequence: bigint): Buffer {
  const sector = bytes.subarray(at, at + LOG_SECTOR);
  const isWhole =
    sector.length === LOG_SECTOR &&
    sector.toString('latin1', 0, 4) === 'data' &&
    sector.readUInt32LE(4) === Number(sequence >> 32n) &&
    sector.readUInt32LE(LOG_SECTOR - 4) === Number(sequence & 0xffffffffn);
  if (!isWhole) throw new Broken(at, 'sector of the log', `whole, of entry ${sequence}`, 'torn');
  return sector;
}
