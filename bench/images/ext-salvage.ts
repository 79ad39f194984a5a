import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { FileSource } from '../../src/bytes/file-source.ts';
import { type Range, union } from '../../src/bytes/range.ts';
import type { ByteSource } from '../../src/bytes/source.ts';
import { toBuffer } from '../../src/sources/folders/path.ts';
import type { Entry, SalvagedEntry } from '../../src/sources/images/file-system.ts';
import { Damage } from '../../src/sources/images/file-systems/damage.ts';
import { parseDirectoryBlock } from '../../src/sources/images/file-systems/ext/directory-block.ts';
import { extSalvager } from '../../src/sources/images/file-systems/ext/salvage/salvager.ts';
import { HitSource, hitLayouts } from './hit-source.ts';
import { hashOf, openFileSystem } from './our-tree.ts';
import type { Part } from './part.ts';
import { makeSourceTree, type Tree } from './source-tree.ts';
import { run, succeeds } from './tools.ts';

/** Share of the files whose contents and metadata weren't hit that must come back under their names. */
const LEAST = 0.9;
const MiB = 1 << 20;

export const extSalvagePart: Part = {
  name: 'ext-salvage',
  title:
    '20,000 files in hit ext volumes at 1 MiB of their disks: those of which nothing was hit come back, none wrong',
  needs: ['mke2fs'],
  run(scratch) {
    const source = `${scratch}/source`;
    mkdirSync(source);
    const tree = makeSourceTree(source, 20_000, true);
    const image = `${scratch}/image`;
    return [
      fromFolder(image, source, 1100 * MiB, '-t ext4') && judge('ext4 of mke2fs, 1.1 GiB', image, tree),
      fromFolder(image, source, 1100 * MiB, '-t ext3') && judge('ext3 of mke2fs, 1.1 GiB', image, tree),
      !byKernel(image, source, 4096 * MiB, scratch) || judge('ext4 of Linux, 4 GiB', image, tree),
    ].every(Boolean);
  },
};

function makeEmpty(image: string, size: number): void {
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, size);
}

function fromFolder(image: string, source: string, size: number, options: string): boolean {
  makeEmpty(image, size);
  run('mke2fs', ['-q', '-F', '-N', '60000', ...options.split(' '), '-d', source, image]);
  return true;
}

/** Linux spreads folders over the volume, which mke2fs doesn't. False where nothing can be mounted. */
function byKernel(image: string, source: string, size: number, scratch: string): boolean {
  makeEmpty(image, size);
  run('mke2fs', ['-q', '-F', '-t', 'ext4', image]);
  const mount = `${scratch}/mount`;
  mkdirSync(mount);
  if (!succeeds('mount', ['-o', 'loop', image, mount])) {
    console.log('ext4 of Linux: skipped: nothing can be mounted here');
    return false;
  }
  try {
    run('cp', ['-a', `${source}/.`, mount]);
  } finally {
    run('umount', [mount]);
  }
  return true;
}

interface Known {
  readonly path: string;
  readonly entry: Entry;
}

function judge(title: string, image: string, tree: Tree): boolean {
  const volume = new FileSource(image);
  const files = knownFiles(volume);
  const names = blocksOfNames(volume);
  const reached = hitLayouts.map((layout) => {
    const damage = new Damage(union(layout.ranges(volume.size)));
    return report(`${title}, ${layout.name}`, tree, files, names, volume, damage);
  });
  volume.close();
  return reached.every(Boolean);
}

function knownFiles(volume: ByteSource): Known[] {
  const entries = [...openFileSystem(volume).entries()].filter(({ kind }) => kind === 'file');
  return entries.map((entry) => ({ entry, path: textOf(entry) }));
}

/** Where each name stands, by its path. Those in the root count as never hit, which makes the task harder. */
function blocksOfNames(volume: ByteSource): Map<string, Range> {
  const fileSystem = openFileSystem(volume);
  const block = Buffer.alloc(fileSystem.blockSize);
  const places = new Map<string, Range>();
  for (const entry of fileSystem.entries()) {
    if (entry.kind !== 'folder') continue;
    for (const extent of entry.extents()) {
      if (extent.kind !== 'data') continue;
      for (let at = extent.at; at < extent.at + extent.end - extent.start; at += block.length) {
        volume.read(block, at);
        const range = { start: at, end: at + block.length };
        for (const { name } of parseDirectoryBlock(block, 2 ** 32).entries)
          places.set(`${entry.path}/${name}`, range);
      }
    }
  }
  return places;
}

function report(
  title: string,
  tree: Tree,
  files: readonly Known[],
  names: ReadonlyMap<string, Range>,
  volume: ByteSource,
  damage: Damage,
): boolean {
  const start = performance.now();
  const { entries } = extSalvager.salvage(new HitSource(volume, damage.ranges), damage.ranges);
  const salvaged = [...entries].filter(({ kind }) => kind === 'file');
  const seconds = (performance.now() - start) / 1000;
  const { right, wrong, nameless } = check(salvaged, files, tree);
  const whole = files.filter(({ entry }) => isWhole(entry, names.get(entry.path), damage));
  const found = whole.filter(({ path }) => right.has(path)).length;
  const contents = files.filter(({ entry }) => isWhole(entry, undefined, damage)).length;
  const share = whole.length === 0 ? 1 : found / whole.length;
  console.log(
    `${title}: of ${files.length} files nothing was hit of ${whole.length}; found by name ${(100 * share).toFixed(1)} %; ` +
      `contents and inode stand of ${contents}, found ${right.size + nameless}; wrong ${wrong}; ${seconds.toFixed(1)} s`,
  );
  return share >= LEAST && wrong === 0;
}

/** Sorts what claims to be untouched into right, found without a name, and wrong: by the source tree. */
function check(salvaged: readonly SalvagedEntry[], files: readonly Known[], tree: Tree) {
  const paths = new Map(files.map(({ entry, path }) => [entry.id, path]));
  const right = new Set<string>();
  let [wrong, nameless] = [0, 0];
  for (const entry of salvaged) {
    const path = paths.get(entry.id);
    const isNamed = entry.naming === 'none' || (path !== undefined && isNameOf(entry, path));
    if (!isNamed) wrong++;
    if (entry.state !== 'untouched' || !isNamed) continue;
    if (path === undefined || hashOf(entry.open()) !== tree.get(path)?.sha256) wrong++;
    else if (entry.naming === 'none') nameless++;
    else right.add(path);
  }
  return { right, wrong, nameless };
}

function isNameOf(entry: SalvagedEntry, path: string): boolean {
  const claimed = textOf(entry);
  if (entry.naming === 'full') return claimed === path;
  return claimed.slice(claimed.lastIndexOf('/') + 1) === path.slice(path.lastIndexOf('/') + 1);
}

function isWhole(entry: Entry, name: Range | undefined, damage: Damage): boolean {
  const own = name === undefined ? entry.metadata : [...entry.metadata, name];
  return (
    own.every(({ start, end }) => !damage.hits(start, end)) && damage.inFile(entry.extents()).length === 0
  );
}

function textOf(entry: Entry): string {
  return toBuffer(entry.path).toString('latin1');
}
