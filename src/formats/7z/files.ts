import type { HeaderBytes } from './header-bytes.ts';
import { expectInside, ids, type Substream } from './streams.ts';

export interface ArchivedFile {
  /** With `/` between folders. */
  readonly name: string;
  /** False for folders and empty files. */
  readonly hasStream: boolean;
}

/** A file's part of what a folder unpacks to, with the file's name. */
export interface NamedStream extends Substream {
  readonly name: string;
}

/** 7zFormat.txt, FilesInfo. @throws Broken, Truncated */
export function readFiles(header: HeaderBytes): ArchivedFile[] {
  const count = header.count('number of files');
  let names: string[] = [];
  let empty: boolean[] = [];
  for (let id = header.byte(); id !== ids.end; id = header.byte()) {
    const size = header.number('size of a property');
    if (size > header.left) throw header.broken('size of a property', `at most ${header.left}`, size);
    const end = header.at + size;
    if (id === ids.emptyStream) empty = header.bits(count);
    else if (id === ids.names) names = readNames(header, count, end);
    if (header.at > end) throw header.broken('size of a property', size);
    header.take(end - header.at);
  }
  return Array.from({ length: count }, (_, i) => ({ name: names[i] ?? '', hasStream: empty[i] !== true }));
}

/** UTF-16LE, each with a zero at its end. */
function readNames(header: HeaderBytes, count: number, end: number): string[] {
  expectInside(header);
  const text = Buffer.from(header.take(end - header.at, 'names')).toString('utf16le');
  const names = text.split('\0');
  if (names.length !== count + 1 || names.at(-1) !== '')
    throw header.broken('names', count, names.length - 1);
  return names.slice(0, -1);
}
