import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { FileSource } from '../../src/bytes/file-source.ts';
import type { ByteSource } from '../../src/bytes/source.ts';
import { toBuffer } from '../../src/sources/folders/path.ts';
import { displayText } from '../../src/sources/folders/path-text.ts';
import type { FileSystem } from '../../src/sources/images/file-system.ts';
import { fileSystems } from '../../src/sources/images/file-systems/table.ts';
import type { Expected, Tree } from './source-tree.ts';

const buffer = Buffer.alloc(1 << 20);

export function openFileSystem(volume: ByteSource): FileSystem {
  const format = fileSystems.find((candidate) => candidate.recognise(volume));
  if (format === undefined) throw new Error('no file system is recognised');
  return format.open(volume);
}

/** Names, sizes and hashes of all files of an image, as our reader gives them. */
export function ourTree(image: string): Tree {
  const tree = new Map<string, Expected>();
  const file = new FileSource(image);
  for (const entry of openFileSystem(file).entries()) {
    if (entry.kind !== 'file') continue;
    const contents = entry.open();
    tree.set(toBuffer(entry.path).toString('latin1'), { size: contents.size, sha256: hashOf(contents) });
  }
  file.close();
  return tree;
}

export function hashOf(source: ByteSource): string {
  const hash = createHash('sha256');
  eachPiece(source, (piece) => hash.update(piece));
  return hash.digest('hex');
}

/** What `fls -r -p` does: a line for each entry, with its number and path. */
export function listImage(image: string): number {
  const file = new FileSource(image);
  const sink = openSync('/dev/null', 'w');
  let lines: string[] = [];
  let count = 0;
  for (const entry of openFileSystem(file).entries()) {
    count++;
    lines.push(`${entry.kind}\t${entry.id}\t${displayText(entry.path)}\n`);
    if (lines.length < 1000) continue;
    writeSync(sink, lines.join(''));
    lines = [];
  }
  writeSync(sink, lines.join(''));
  closeSync(sink);
  file.close();
  return count;
}

/** What `tsk_recover` does: all files of an image, written to a folder under their names. */
export function extractImage(image: string, target: string): void {
  const file = new FileSource(image);
  for (const entry of openFileSystem(file).entries()) {
    const path = Buffer.concat([Buffer.from(`${target}/`), toBuffer(entry.path)]);
    if (entry.kind === 'folder') mkdirSync(path, { recursive: true });
    if (entry.kind !== 'file') continue;
    const to = openSync(path, 'w');
    eachPiece(entry.open(), (piece) => writeSync(to, piece));
    closeSync(to);
  }
  file.close();
}

function eachPiece(source: ByteSource, take: (piece: Buffer) => void): void {
  for (let at = 0; at < source.size; ) {
    const got = source.read(buffer, at);
    take(buffer.subarray(0, got));
    at += got;
  }
}
