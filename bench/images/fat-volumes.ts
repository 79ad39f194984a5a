import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { makeSourceTree, type Tree } from './source-tree.ts';
import { missingTools, run, succeeds } from './tools.ts';

/** Programs that make and fill a FAT volume. */
export const fatMakers = ['mkfs.fat', 'mcopy'];

/** A volume of 1 GiB that holds the folder `source`. */
function makeFat32(source: string, image: string): void {
  makeEmpty(image);
  run('mkfs.fat', ['-F', '32', '-s', '8', image]);
  run('mcopy', ['-s', '-Q', '-i', image, ...readdirSync(source), '::/'], source);
}

/** The same of exFAT; false where nothing can be mounted. */
function makeExfat(source: string, image: string, mount: string): boolean {
  if (missingTools(['mkfs.exfat', 'mount.exfat-fuse', 'losetup']).length > 0) return false;
  makeEmpty(image);
  run('mkfs.exfat', [image]);
  if (!succeeds('losetup', ['--version'])) return false;
  const device = run('losetup', ['-f', '--show', image]).toString().trim();
  try {
    return fill(source, device, mount);
  } finally {
    run('losetup', ['-d', device]);
  }
}

function fill(source: string, device: string, mount: string): boolean {
  mkdirSync(mount, { recursive: true });
  if (!succeeds('mount.exfat-fuse', [device, mount])) return false;
  try {
    run('cp', ['-r', `${source}/.`, mount]);
  } finally {
    run('umount', [mount]);
  }
  return true;
}

function makeEmpty(image: string): void {
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, 1 << 30);
}

/** Has the same 20,000 files looked at in a volume of either kind; exFAT is skipped, and says so, where it can't be made. */
export function checkBoth(
  scratch: string,
  check: (title: 'FAT32' | 'exFAT', image: string, tree: Tree) => boolean,
): boolean {
  const source = `${scratch}/source`;
  mkdirSync(source);
  const tree = makeSourceTree(source, 20_000, false);
  const image = `${scratch}/image`;
  makeFat32(source, image);
  const fat32 = check('FAT32', image, tree);
  if (makeExfat(source, image, `${scratch}/mount`)) return check('exFAT', image, tree) && fat32;
  console.log('exFAT: skipped: needs mkfs.exfat, mount.exfat-fuse, and loop devices');
  return fat32;
}
