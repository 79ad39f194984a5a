import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BufferSource } from '../../src/bytes/source.ts';
import { type Area, mutateVolume, readVolume } from '../../test/support/mutate-volume.ts';
import { openFileSystem } from './our-tree.ts';
import type { Part } from './part.ts';

/** Fixtures, and how many mutated copies of each are read. */
const shares = {
  ext2: 1500,
  ext4: 1500,
  'ext4-inline': 1000,
  'ext4-journal': 500,
  fat12: 1000,
  fat16: 1000,
  exfat: 1500,
};
/** Milliseconds, and bytes of resident memory, for one image. */
const [SLOW, LARGE] = [10_000, 512 << 20];

export const fileSystemMutationsPart: Part = {
  name: 'file-system-mutations',
  title:
    '8,000 mutated ext, FAT and exFAT volumes, read and salvaged: no error without a type, no hang, no great memory',
  needs: [],
  run() {
    let [slowest, largest, errors] = [0, 0, 0];
    for (const [name, images] of Object.entries(shares)) {
      const genuine = unpack(name);
      const areas = structuresOf(genuine);
      for (let i = 0; i < images; i++) {
        const image = Buffer.from(genuine);
        for (let n = 0; n <= i % 6; n++) mutateVolume(image, areas);
        const start = performance.now();
        if (!reads(name, i, image)) errors++;
        slowest = Math.max(slowest, performance.now() - start);
        largest = Math.max(largest, process.memoryUsage.rss());
      }
    }
    console.log(
      `errors without a type ${errors}; slowest image ${slowest.toFixed(0)} ms, resident ${largest >> 20} MiB at most`,
    );
    return errors === 0 && slowest < SLOW && largest < LARGE;
  },
};

function reads(name: string, index: number, image: Buffer): boolean {
  try {
    readVolume(image);
    return true;
  } catch (error) {
    console.log(`${name} ${index}: ${(error as Error).stack?.split('\n').slice(0, 4).join(' | ')}`);
    return false;
  }
}

function unpack(name: string): Buffer {
  return gunzipSync(readFileSync(`${process.env.BENCH_ROOT}/test/sources/images/data/${name}.img.gz`));
}

/** The first 4 KiB, in which headers and tables begin, and all that entries call their metadata; folders' first entries. */
function structuresOf(genuine: Buffer): Area[] {
  const entries = [...openFileSystem(new BufferSource(genuine)).entries()];
  const folders = entries.filter(({ kind }) => kind === 'folder').flatMap((entry) => entry.extents());
  const heads = folders.flatMap((extent) =>
    extent.kind === 'data' ? [{ start: extent.at, end: extent.at + 256 }] : [],
  );
  const headers = Array.from({ length: 20 }, () => ({ start: 0, end: 4096 }));
  return [...headers, ...heads, ...entries.flatMap(({ metadata }) => metadata)];
}
