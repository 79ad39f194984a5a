import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { ourTree } from './our-tree.ts';
import type { Part } from './part.ts';
import { compareTrees, type Expected, makeSourceTree, readTree, type Tree } from './source-tree.ts';
import { compareSpeed } from './speed.ts';
import { run } from './tools.ts';

/** Layouts of the ext family, by the options of mke2fs that make them. */
const layouts: readonly { readonly name: string; readonly options: string; readonly sleuthKit: boolean }[] = [
  { name: 'ext4', options: '-t ext4', sleuthKit: true },
  {
    name: 'ext4, 1 KiB blocks, 64bit, meta_bg',
    options: '-t ext4 -b 1024 -O 64bit,meta_bg,^resize_inode',
    sleuthKit: true,
  },
  { name: 'ext4, inline data', options: '-t ext4 -O inline_data -I 512', sleuthKit: true },
  { name: 'ext4, bigalloc', options: '-t ext4 -O bigalloc -C 16384', sleuthKit: false },
  { name: 'ext3, 1 KiB blocks', options: '-t ext3 -b 1024', sleuthKit: true },
  { name: 'ext2', options: '-t ext2', sleuthKit: true },
];

export const extPart: Part = {
  name: 'ext',
  title: '20,000 files in ext2, ext3 and ext4: the same as the source, the Sleuth Kit and debugfs; speed',
  needs: ['mke2fs', 'debugfs', 'fls', 'tsk_recover'],
  run(scratch) {
    const source = `${scratch}/source`;
    mkdirSync(source);
    const tree = makeSourceTree(source, 20_000, true);
    return layouts.map((layout, i) => compareLayout(scratch, tree, layout, i)).every(Boolean);
  },
};

function compareLayout(
  scratch: string,
  tree: Tree,
  layout: (typeof layouts)[number],
  index: number,
): boolean {
  const image = `${scratch}/image`;
  writeFileSync(image, '');
  truncateSync(image, 1 << 30);
  run('mke2fs', ['-q', '-F', '-N', '60000', ...layout.options.split(' '), '-d', `${scratch}/source`, image]);
  const ours = ourTree(image);
  compareTrees(`${layout.name}: ours against the source`, tree, ours);
  if (!layout.sleuthKit) console.log('  the Sleuth Kit 4.11 cannot read this layout');
  const theirs = layout.sleuthKit ? compareWithSleuthKit(scratch, image, ours) : new Map<string, Expected>();
  const different = [...tree].filter(([path, { sha256 }]) => ours.get(path)?.sha256 !== sha256);
  // mke2fs 1.47 with inline_data cuts a last block of zeros off: what both readers give is what the image holds.
  const wrong = different.filter(([path]) => theirs.get(path)?.sha256 !== ours.get(path)?.sha256).length;
  if (different.length > wrong)
    console.log(`  ${different.length - wrong} of mke2fs: the Sleuth Kit reads the same as we do`);
  const other = index === 0 ? compareWithDebugfs(scratch, image, ours) : 0;
  const fast = index > 0 || compareSpeed(image, scratch);
  rmSync(image);
  return wrong === 0 && other === 0 && fast;
}

function compareWithDebugfs(scratch: string, image: string, ours: Tree): number {
  const folder = `${scratch}/debugfs`;
  mkdirSync(folder);
  run('debugfs', ['-R', `rdump / ${folder}`, image]);
  const different = compareTrees('  debugfs rdump against ours', readTree(folder), ours);
  rmSync(folder, { recursive: true });
  return different;
}

/** It leaves out empty files, and writes control characters in names as `^`: differences are shown, and don't count. */
function compareWithSleuthKit(scratch: string, image: string, ours: Tree): Tree {
  const folder = `${scratch}/sleuth-kit`;
  mkdirSync(folder);
  run('tsk_recover', ['-a', image, folder]);
  const filled = new Map([...ours].filter(([, { size }]) => size > 0));
  const theirs = readTree(folder);
  compareTrees('  the Sleuth Kit against ours, without empty files', filled, theirs);
  rmSync(folder, { recursive: true });
  return theirs;
}
