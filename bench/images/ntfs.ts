import { mkdirSync, rmSync } from 'node:fs';
import { makeVolume, ntfsMakers } from './ntfs-volume.ts';
import { ourTree } from './our-tree.ts';
import type { Part } from './part.ts';
import { compareTrees, readTree, type Tree } from './source-tree.ts';
import { compareSpeed } from './speed.ts';
import { run, succeeds } from './tools.ts';

interface Layout {
  readonly name: string;
  readonly options: string[];
  readonly files: number;
}

const MiB = 1 << 20;
const layouts: readonly Layout[] = [
  { name: 'NTFS, clusters of 4 KiB', options: ['-c', '4096'], files: 20_000 },
  { name: 'NTFS, clusters of 512 bytes', options: ['-c', '512'], files: 2_000 },
  { name: 'NTFS, clusters of 64 KiB', options: ['-c', '65536'], files: 2_000 },
  { name: 'NTFS, sectors of 4 KiB', options: ['-s', '4096'], files: 2_000 },
];

export const ntfsPart: Part = {
  name: 'ntfs',
  title:
    '20,000 files in NTFS, with streams, packed, sparse and fragmented ones: the same as the source and the Sleuth Kit',
  needs: [...ntfsMakers, 'fls', 'tsk_recover'],
  async run(scratch) {
    if (!succeeds('test', ['-w', '/dev/fuse'])) {
      console.log('skipped: needs FUSE to fill volumes');
      return true;
    }
    let reached = true;
    for (const [i, layout] of layouts.entries())
      reached = (await compareLayout(scratch, layout, i)) && reached;
    return reached;
  },
};

async function compareLayout(
  scratch: string,
  { name, options, files }: Layout,
  index: number,
): Promise<boolean> {
  const image = `${scratch}/image`;
  const tree = await makeVolume(scratch, image, 512 * MiB, options, files);
  const ours = ourTree(image);
  const different = compareTrees(`${name}: ours against the source`, tree, ours);
  compareWithSleuthKit(scratch, image, ours);
  const fast = index > 0 || compareSpeed(image, scratch);
  rmSync(image);
  return different === 0 && fast;
}

/**
 * It leaves out empty files, writes control characters in names as `^`, `-` for the `:` before a stream, and gives deleted
 * names that stand in the slack of an index as if they were there. Differences are shown, and don't count.
 */
function compareWithSleuthKit(scratch: string, image: string, ours: Tree): void {
  const folder = `${scratch}/sleuth-kit`;
  mkdirSync(folder);
  run('tsk_recover', ['-a', image, folder]);
  const filled = new Map([...ours].filter(([, { size }]) => size > 0));
  const theirs = new Map([...readTree(folder)].filter(([path]) => !path.startsWith('$')));
  compareTrees('  the Sleuth Kit against ours, without empty files', filled, theirs);
  rmSync(folder, { recursive: true });
}
