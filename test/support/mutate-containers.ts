import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Broken, OverBudget, ReadError } from '../../src/bytes/errors.ts';
import type { Container } from '../../src/sources/images/container.ts';
import { readVolumes } from '../../src/sources/images/volumes/read-volumes.ts';
import { imageBytes, openImageFile, unpackImages } from './disk-images.ts';
import { random, randomBytes } from './random.ts';

/** Fixtures whose fields are changed: the file that is opened first, then those beside it. */
export const mutable: readonly (readonly string[])[] = [
  ['plain.qcow2'],
  ['v2.qcow2'],
  ['deflate.qcow2'],
  ['zstd.qcow2'],
  ['extended.qcow2'],
  ['c512.qcow2'],
  ['snap.qcow2'],
  ['child.qcow2', 'plain.qcow2'],
  ['monolithicSparse.vmdk'],
  ['streamOptimized.vmdk'],
  ['split.vmdk', 'split-s001.vmdk'],
  ['child.vmdk', 'monolithicSparse.vmdk'],
  ['dynamic.vhd'],
  ['dynamic.vhdx'],
  ['dynamic.vdi'],
  ['e-fast.E01'],
  ['e-none.E01', 'e-none.E02', 'e-none.E03'],
  ['smart.s01'],
];

const MOST_PIECES = 20_000;
/** Values that break sizes, counts, places and chains. */
const hostile = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff] as const;

/** One fixture in a folder, whose files are changed in place and brought back. */
export class MutableImage {
  readonly name: string;
  readonly #folder: string;
  readonly #files: readonly {
    readonly path: string;
    readonly bytes: Buffer;
    readonly used: readonly number[];
  }[];

  constructor(folder: string, names: readonly string[]) {
    unpackImages(folder, ...names);
    this.name = names[0]!;
    this.#folder = folder;
    this.#files = names.map((name) => {
      const bytes = imageBytes(`containers/${name}`);
      return { path: join(folder, name), bytes, used: structuresOf(bytes) };
    });
  }

  /** Changes one to four fields of one file, reads all that can be read, and brings the file back. */
  tryOne(): void {
    const file = this.#files[Math.floor(random() ** 2 * this.#files.length)]!;
    const fields = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
      mutation(file.bytes, file.used),
    );
    const isCut = random() < 0.1;
    const fd = openSync(file.path, 'r+');
    for (const { at, value } of fields) writeSync(fd, value, 0, value.length, at);
    if (isCut) ftruncateSync(fd, Math.floor(random() * file.bytes.length));
    try {
      this.readEverything();
    } finally {
      if (isCut) writeSync(fd, file.bytes, 0, file.bytes.length, 0);
      for (const { at, value } of fields)
        writeSync(fd, file.bytes, at, Math.min(value.length, file.bytes.length - at), at);
      ftruncateSync(fd, file.bytes.length);
      closeSync(fd);
    }
  }

  /** Whether it could be opened. Errors that aren't typed go through. */
  readEverything(): boolean {
    const container = attempt(() => openImageFile(this.#folder, this.name));
    if (container === null) return false;
    try {
      walkMap(container);
      readSpots(container);
      attempt(() => readVolumes(container.contents, container.sectorSize));
    } finally {
      container.close();
    }
    return true;
  }
}

/** Places in the first 4 KiB, and any others that aren't text or noise: tables, footers, headers. */
function structuresOf(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const isSparse = bytes.subarray(at, at + 64).filter((byte) => byte === 0).length > 8;
    if (bytes.readUIntBE(at, Math.min(4, bytes.length - at)) !== 0 && (at < 4096 || isSparse))
      places.push(at);
  }
  return places;
}

function mutation(bytes: Buffer, used: readonly number[]): { readonly at: number; readonly value: Buffer } {
  const place = random() < 0.3 ? Math.floor(random() * 512) : used[Math.floor(random() * used.length)]!;
  const value = Buffer.alloc([1, 2, 4, 8][Math.floor(random() * 4)]!);
  const chosen = hostile[Math.floor(random() * hostile.length)]!;
  if (random() < 0.3) randomBytes(value.length).copy(value);
  else if (random() < 0.2) bytes.copy(value, 0, used[Math.floor(random() * used.length)]!);
  else if (value.length === 8) value.writeBigUInt64BE(BigInt(chosen) << (random() < 0.5 ? 32n : 0n));
  else value.writeUIntBE(chosen % 2 ** (8 * value.length), 0, value.length);
  if (random() < 0.5) value.reverse();
  return { at: Math.min(place, bytes.length - value.length), value };
}

/** The map must be without gaps, whatever it says. */
function walkMap(container: Container): void {
  let at = 0;
  let pieces = 0;
  for (const { start, end } of container.map(0, container.contents.size)) {
    if (start !== at || end <= start) throw new Error(`piece ${start}–${end} behind ${at}`);
    at = end;
    if (++pieces === MOST_PIECES) return;
  }
  if (at !== container.contents.size) throw new Error(`the map ends at ${at} of ${container.contents.size}`);
}

function readSpots({ contents }: Container): void {
  const into = Buffer.alloc(70_001);
  for (let i = 0; i < 24; i++) {
    attempt(() =>
      contents.read(into, Math.floor((i / 23) * Math.max(0, Math.min(contents.size, 2 ** 40) - 1000))),
    );
  }
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof Broken || error instanceof ReadError || error instanceof OverBudget) return null;
    throw error;
  }
}
