import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { ourTree } from './our-tree.ts';
import type { Part } from './part.ts';
import { compareTrees, makeSourceTree, readTree, type Tree } from './source-tree.ts';
import { compareSpeed } from './speed.ts';
import { missingTools, run, succeeds } from './tools.ts';

export const fatPart: Part = {
  name: 'fat',
  title: '20,000 files in FAT32 and exFAT: the same as the source and the Sleuth Kit; speed',
  needs: ['mkfs.fat', 'mcopy', 'fls', 'tsk_recover'],
  run(scratch) {
    const source = `${scratch}/source`;
    mkdirSync(source);
    const tree = makeSourceTree(source, 20_000, false);
    const image = `${scratch}/image`;
    makeFat32(source, image);
    const fat32 = compareImage('FAT32', scratch, image, tree);
    if (!makeExfat(source, image, `${scratch}/mount`)) {
      console.log('exFAT: skipped: needs mkfs.exfat, mount.exfat-fuse, and loop devices');
      return fat32;
    }
    return compareImage('exFAT', scratch, image, tree) && fat32;
  },
};

function makeEmpty(image: string): void {
  writeFileSync(image, '');
  truncateSync(image, 1 << 30);
}

function makeFat32(source: string, image: string): void {
  makeEmpty(image);
  run('mkfs.fat', ['-F', '32', '-s', '8', image]);
  run('mcopy', ['-s', '-Q', '-i', image, ...readdirSync(source), '::/'], source);
}

function makeExfat(source: string, image: string, mount: string): boolean {
  if (missingTools(['mkfs.exfat', 'mount.exfat-fuse', 'losetup']).length > 0) return false;
  makeEmpty(image);
  run('mkfs.exfat', [image]);
  if (!succeeds('losetup', ['--version'])) return false;
  const device = run('losetup', ['-f', '--show', image]).toString().trim();
  try {
    mkdirSync(mount, { recursive: true });
    if (!succeeds('mount.exfat-fuse', [device, mount])) return false;
    try {
      run('cp', ['-r', `${source}/.`, mount]);
    } finally {
      run('umount', [mount]);
    }
    return true;
  } finally {
    run('losetup', ['-d', device]);
  }
}

function compareImage(title: string, scratch: string, image: string, tree: Tree): boolean {
  const ours = ourTree(image);
  const different = compareTrees(`${title}: ours against the source`, tree, ours);
  const folder = `${scratch}/sleuth-kit`;
  mkdirSync(folder);
  run('tsk_recover', ['-a', image, folder]);
  const filled = new Map([...ours].filter(([, { size }]) => size > 0));
  compareTrees('  the Sleuth Kit against ours, without empty files', filled, readTree(folder));
  rmSync(folder, { recursive: true });
  return compareSpeed(image, scratch) && different === 0;
}
