import { resolve } from 'node:path';
import glob, { type FileSystemAdapter } from 'fast-glob';
import { Backlog } from './backlog.ts';
import type { WalkEntry } from './entry.ts';
import { FolderReader, type Found, type Surroundings, toEntry } from './folder-reader.ts';
import { HardLinks } from './hard-links.ts';
import { nameOf } from './path.ts';
import { findRoots, type Root, type RootPath } from './roots.ts';
import { type Globs, select } from './selection.ts';

export interface WalkOptions extends Globs {
  /** Also goes into other file systems that are mounted below the roots. */
  readonly crossMounts?: boolean;
  /** Examines a file under each of its names, where hard links give it several, not under the first alone. */
  readonly everyName?: boolean;
  readonly signal?: AbortSignal;
  /** Names read from a folder at a time; for tests. */
  readonly part?: number;
}

/** So many entries may wait for the consumer before the walk does, and a part of a folder more. */
const ROOM = 2048;
/** The walk sees each root as this folder: `fast-glob` must not mistake the root's own path for a pattern. */
const VIRTUAL = resolve('/');

/**
 * Everything under the roots, each file once, in the order of the folders, which is the same as long as they are.
 * Symbolic links are never followed, nothing is opened but folders. Memory doesn't grow with the number of files.
 * @throws MissingRoot before the first entry; the signal's reason when it's aborted
 */
export async function* walk(
  roots: readonly RootPath[],
  options: WalkOptions = {},
): AsyncGenerator<WalkEntry> {
  for await (const entries of walkInBulk(await findRoots(roots), options)) yield* entries;
}

/** The same in arrays, as many entries as there are: a promise for each would cost more than the file. */
export async function* walkInBulk(
  roots: readonly Root[],
  options: WalkOptions = {},
): AsyncGenerator<WalkEntry[]> {
  const { signal, crossMounts = false, everyName = false, part } = options;
  const around: Surroundings = {
    selection: select(options),
    hardLinks: everyName ? null : new HardLinks(),
    crossMounts,
    roots: new Set(hasGlobs(options) ? [] : roots.map(({ real }) => real)),
    ...(part === undefined ? {} : { part }),
  };
  // A file that was named is wanted, whatever else is included.
  const namedFiles = select({ exclude: options.exclude ?? [] });
  for (const root of roots) {
    signal?.throwIfAborted();
    if (root.stats.isDirectory()) yield* walkFolder(root, around, signal);
    else if (namedFiles.wantsFile(nameOf(root.path)))
      yield [toEntry(root.path, root.stats, around.hardLinks)];
  }
}

/**
 * Globs are relative to a root. Where there are some, two overlapping roots may each want what the other doesn't, so
 * both are walked in full: a file may then be found twice, but none is lost.
 */
function hasGlobs({ include = [], exclude = [] }: Globs): boolean {
  return include.length + exclude.length > 0;
}

async function* walkFolder(
  root: Root,
  around: Surroundings,
  signal: AbortSignal | undefined,
): AsyncGenerator<WalkEntry[]> {
  const backlog = new Backlog<WalkEntry>(ROOM);
  const reader = new FolderReader(root, around);
  const stream = startGlob(reader, backlog);
  const abort = () => backlog.fail(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (let entries = await backlog.take(); entries !== null; entries = await backlog.take()) yield entries;
  } finally {
    signal?.removeEventListener('abort', abort);
    (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
    reader.close();
  }
}

/** `fast-glob` walks the folders one by one; it doesn't heed back-pressure, so the reading of folders waits instead. */
function startGlob(reader: FolderReader, backlog: Backlog<WalkEntry>): NodeJS.ReadableStream {
  let listed = 0;
  let passed = 0;
  const readdir = (folder: string, _: unknown, done: (error: null, nodes: Node[]) => void) => {
    backlog.whenRoom(() =>
      setImmediate(() => {
        const nodes = reader
          .read(folder.slice(VIRTUAL.length).replace(/^\/+/, ''))
          .map((found) => new Node(found));
        listed += nodes.length;
        done(null, nodes);
      }),
    );
  };
  const stream = glob.stream('**', {
    ...globbing,
    fs: { readdir } as unknown as Partial<FileSystemAdapter>,
  }) as NodeJS.ReadableStream;
  stream.on('data', ({ dirent }: { dirent: Node }) => {
    passed++;
    if (dirent.entry !== null) backlog.push(dirent.entry);
  });
  stream.once('error', (error) => backlog.fail(error));
  stream.once('end', () => {
    if (listed === passed) backlog.end();
    else backlog.fail(new Error(`the walk lost ${listed - passed} of ${listed} names`));
  });
  return stream;
}

const globbing = {
  cwd: VIRTUAL,
  concurrency: 1,
  dot: true,
  followSymbolicLinks: false,
  objectMode: true,
  onlyFiles: false,
  unique: false,
} as const;

/** What `fast-glob` asks of a directory entry, and what came with it. */
class Node {
  readonly name: string;
  readonly entry: WalkEntry | null;

  constructor({ name, entry }: Found) {
    this.name = name;
    this.entry = entry;
  }

  isDirectory(): boolean {
    return this.entry === null;
  }

  isSymbolicLink(): boolean {
    return false;
  }
}
