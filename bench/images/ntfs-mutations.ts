import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { mutate, readEverything, salvageEverything } from '../../test/support/mutate-ntfs.ts';
import { Random } from '../attacks/random.ts';
import type { Part } from './part.ts';

const IMAGES = 5_000;
const FIXTURE = 'test/sources/images/data/ntfs.img.gz';
const [MFT, RECORDS] = [16 * 1024, 147];
/** Milliseconds, and bytes of resident memory, for one image. */
const [SLOW, LARGE] = [10_000, 512 << 20];

export const ntfsMutationsPart: Part = {
  name: 'ntfs-mutations',
  title: `${IMAGES} mutated NTFS volumes, read and salvaged: no error without a type, no hang, no great memory`,
  needs: [],
  run() {
    const genuine = gunzipSync(readFileSync(`${process.env.BENCH_ROOT}/${FIXTURE}`));
    const random = new Random(99);
    const chance = (): number => random.below(2 ** 30) / 2 ** 30;
    let slowest = 0;
    let largest = 0;
    let entries = 0;
    for (let i = 0; i < IMAGES; i++) {
      const image = Buffer.from(genuine);
      for (let n = 0; n <= i % 6; n++) mutate(image, chance, MFT, RECORDS);
      const start = performance.now();
      entries += readEverything(image);
      if (i % 4 === 0) salvageEverything(image);
      slowest = Math.max(slowest, performance.now() - start);
      largest = Math.max(largest, process.memoryUsage.rss());
    }
    console.log(
      `${entries} entries; slowest image ${slowest.toFixed(0)} ms, resident ${largest >> 20} MiB at most`,
    );
    return slowest < SLOW && largest < LARGE;
  },
};
