import { mkdirSync, rmSync } from 'node:fs';
import { fatMakers, makeExfat, makeFat32 } from './fat-volumes.ts';
import { ourTree } from './our-tree.ts';
import type { Part } from './part.ts';
import { compareTrees, makeSourceTree, readTree, type Tree } from './source-tree.ts';
import { compareSpeed } from './speed.ts';
import { run } from './tools.ts';

export const fatPart: Part = {
  name: 'fat',
  title: '20,000 files in FAT32 and exFAT: the same as the source and the Sleuth Kit; speed',
  needs: [...fatMakers, 'fls', 'tsk_recover'],
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
