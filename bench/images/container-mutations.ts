import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MutableImage, mutable } from '../../test/support/mutate-containers.ts';
import type { Part } from './part.ts';

const IMAGES = 7_000;
/** Milliseconds, and bytes of resident memory, for one image. */
const [SLOW, LARGE] = [10_000, 512 << 20];

export const containerMutationsPart: Part = {
  name: 'container-mutations',
  title: `${IMAGES} containers with hostile fields: no error without a type, no gap in a map, no hang, no great memory`,
  needs: [],
  run(scratch) {
    const images = mutable.map((names, i) => {
      const folder = join(scratch, String(i));
      mkdirSync(folder);
      return new MutableImage(folder, names);
    });
    let slowest = 0;
    let largest = 0;
    for (let i = 0; i < IMAGES; i++) {
      const start = performance.now();
      images[i % images.length]!.tryOne();
      slowest = Math.max(slowest, performance.now() - start);
      largest = Math.max(largest, process.memoryUsage.rss());
    }
    console.log(`slowest image ${slowest.toFixed(0)} ms, resident ${largest >> 20} MiB at most`);
    return slowest < SLOW && largest < LARGE;
  },
};
