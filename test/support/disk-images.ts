import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { ByteSource } from '../../src/bytes/source.ts';
import { fromText } from '../../src/sources/folders/path.ts';
import type { Container, ContainerOptions, Piece } from '../../src/sources/images/container.ts';
import { openContainer } from '../../src/sources/images/open-container.ts';

const data = fileURLToPath(new URL('../../test/sources/images/data', import.meta.url));

/**
 * A fixture, unpacked: `containers/plain.qcow2`. Those in `containers/` were made by qemu-img 7.2 and ewfacquire
 * 20140813 from `disk.raw`, tables by sfdisk, sgdisk and LVM2 2.03.
 */
export function imageBytes(name: string): Buffer {
  return gunzipSync(readFileSync(join(data, `${name}.gz`)));
}

/** The disk that all containers hold. */
export function diskBytes(): Buffer {
  return imageBytes('containers/disk.raw');
}

/** Writes fixtures into a folder under their own names. */
export function unpackImages(folder: string, ...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(folder, name), imageBytes(`containers/${name}`));
}

export function openImageFile(folder: string, name: string, options?: ContainerOptions): Container {
  return openContainer(fromText(join(folder, name)), options);
}

export function readAll(source: ByteSource): Buffer {
  const bytes = Buffer.alloc(source.size);
  let done = 0;
  // In odd parts, so that parts and blocks don't agree.
  while (done < bytes.length) done += source.read(bytes.subarray(done, done + 70_001), done);
  return bytes;
}

/** The contents as the map says that they are, from the files themselves; packed pieces come from the contents. */
export function readByMap(container: Container): Buffer {
  const files = container.files.map((path) => readFileSync(path));
  const bytes = Buffer.alloc(container.contents.size);
  let at = 0;
  for (const piece of container.map(0, bytes.length)) {
    if (piece.start !== at) throw new Error(`the map has a hole at ${at}`);
    at = piece.end;
    fill(bytes.subarray(piece.start, piece.end), piece, files, container);
  }
  return bytes.subarray(0, at);
}

function fill(into: Buffer, piece: Piece, files: readonly Buffer[], container: Container): void {
  if (piece.kind === 'data') files[piece.file]!.copy(into, 0, piece.at, piece.at + into.length);
  if (piece.kind === 'compressed') container.contents.read(into, piece.start);
  if (piece.kind === 'unreadable') throw new Error(piece.why);
}

/** Kinds and lengths of pieces, for comparison. */
export function shapeOf(container: Container): string[] {
  return Array.from(
    container.map(0, container.contents.size),
    ({ kind, start, end }) => `${kind} ${start}-${end}`,
  );
}
