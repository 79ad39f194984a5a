import { mkdirSync, rmSync } from 'node:fs';
import { checkBoth, fatMakers } from './fat-volumes.ts';
import { ourTree } from './our-tree.ts';
import type { Part } from './part.ts';
import { compareTrees, readTree, type Tree } from './source-tree.ts';
import { compareSpeed } from './speed.ts';
import { run } from './tools.ts';

export const fatPart: Part = {
  name: 'fat',
  title: '20,000 files in FAT32 and exFAT: the same as the source and the Sleuth Kit; speed',
  needs: [...fatMakers, 'fls', 'tsk_recover'],
  run: (scratch) => checkBoth(scratch, (title, image, tree) => compareImage(title, scratch, image, tree)),
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
