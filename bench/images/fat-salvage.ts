import { FileSource } from '../../src/bytes/file-source.ts';
import type { Salvager } from '../../src/sources/images/file-system.ts';
import { exfatSalvager } from '../../src/sources/images/file-systems/exfat/salvage/salvager.ts';
import { fatSalvager } from '../../src/sources/images/file-systems/fat/salvage/salvager.ts';
import { checkBoth, fatMakers } from './fat-volumes.ts';
import { judgeSalvage } from './judge-salvage.ts';
import type { Part } from './part.ts';
import type { Tree } from './source-tree.ts';

/** Both keep their tables, and both boot sectors, at the start of the volume: where that is hit, nothing is found. */
const LEAST = 0.9;
const least = (layout: string) => (layout.startsWith('the first') ? 0 : LEAST);

export const fatSalvagePart: Part = {
  name: 'fat-salvage',
  title: '20,000 files in hit FAT32 and exFAT volumes: those of which nothing was hit come back, none wrong',
  needs: fatMakers,
  run: (scratch) =>
    checkBoth(scratch, (title, image, tree) =>
      judge(title, image, tree, title === 'FAT32' ? fatSalvager : exfatSalvager),
    ),
};

function judge(title: string, image: string, tree: Tree, salvager: Salvager): boolean {
  const volume = new FileSource(image);
  const isReached = judgeSalvage({ title, volume, salvager, tree, names: new Map(), least });
  volume.close();
  return isReached;
}
