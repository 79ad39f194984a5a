import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { FileSource } from '../../src/bytes/file-source.ts';
import type { Range } from '../../src/bytes/range.ts';
import type { ByteSource } from '../../src/bytes/source.ts';
import { parseDirectoryBlock } from '../../src/sources/images/file-systems/ext/directory-block.ts';
import { extSalvager } from '../../src/sources/images/file-systems/ext/salvage/salvager.ts';
import { judgeSalvage } from './judge-salvage.ts';
import { openFileSystem } from './our-tree.ts';
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

function judge(title: string, image: string, tree: Tree): boolean {
  const volume = new FileSource(image);
  const names = blocksOfNames(volume);
  const isReached = judgeSalvage({ title, volume, salvager: extSalvager, tree, names, least: () => LEAST });
  volume.close();
  return isReached;
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
