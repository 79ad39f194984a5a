import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BufferSource, type ByteSource } from '../../src/bytes/source.ts';
import { displayText } from '../../src/sources/folders/path-text.ts';
import type { Entry, FileSystem } from '../../src/sources/images/file-system.ts';
import { fileSystems } from '../../src/sources/images/file-systems/table.ts';

const data = new URL('../sources/images/data/', import.meta.url);

/** An image of test/sources/images/data, unpacked; yours to change. */
export function unpackImage(name: string): Buffer {
  return gunzipSync(readFileSync(new URL(`${name}.img.gz`, data)));
}

/** Lines `SHA-256 size path` as another tool gave them, sorted. */
export function expectedLines(name: string): string[] {
  return readFileSync(new URL(`${name}.expected.txt`, data), 'utf8')
    .trimEnd()
    .split('\n')
    .sort();
}

export function openVolume(bytes: Uint8Array | ByteSource): FileSystem {
  const volume = bytes instanceof Uint8Array ? new BufferSource(bytes) : bytes;
  const format = fileSystems.find((candidate) => candidate.recognise(volume));
  if (format === undefined) throw new Error('no file system is recognised');
  return format.open(volume);
}

/** Lines as those of `expectedLines`, as our reader gives them. */
export function linesOf(entries: Iterable<Entry>): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    if (entry.kind === 'file') lines.push(`${hashOf(entry)} ${entry.size} ${displayText(entry.path)}`);
  }
  return lines.sort();
}

export function bytesOf(entry: Entry): Buffer {
  const source = entry.open();
  const bytes = Buffer.alloc(source.size);
  source.read(bytes, 0);
  return bytes;
}

function hashOf(entry: Entry): string {
  return createHash('sha256').update(bytesOf(entry)).digest('hex');
}

/** The entry of that path. */
export function findEntry(entries: Iterable<Entry>, path: string): Entry {
  for (const entry of entries) if (displayText(entry.path) === path) return entry;
  throw new Error(`there is no ${path}`);
}
