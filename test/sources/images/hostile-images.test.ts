import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Broken, OverBudget, ReadError } from '../../../src/bytes/errors.ts';
import type { Entry } from '../../../src/sources/images/file-system.ts';
import { type Image, openImage } from '../../../src/sources/images/open-image.ts';
import { placeExtents } from '../../../src/sources/images/placement.ts';
import { run } from '../../support/cli.ts';
import { buildDisk, buildFat } from '../../support/fat-image.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fixture } from '../../support/ntfs.ts';
import { random } from '../../support/random.ts';
import { parseReport } from '../../support/schema.ts';

vi.setConfig({ testTimeout: 180_000 });

const text = Buffer.from('An honest line of text.\n'.repeat(50));
const fat = buildDisk(buildFat({ 'a.txt': text, 'docs/b.txt': text, 'docs/deep/c.txt': text }));
const ntfs = fixture();
/** Where tables and records stand: [first byte, length]. */
const hot = {
  fat: [
    [446, 66],
    [65536, 64],
    [66048, 64],
    [70656, 512],
    [87040, 2048],
  ],
  ntfs: [
    [0, 96],
    [16384, 120_000],
  ],
} as const;
const values = [0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function mutate(base: Buffer, places: readonly (readonly [number, number])[]): Buffer {
  const image = Buffer.from(base);
  for (let i = 0; i <= random() * 5; i++) {
    const [start, length] = places[Math.floor(random() * places.length)]!;
    const at = start + Math.floor(random() * length);
    if (random() < 0.5) image[at] = Math.floor(random() * 256);
    else image.writeUInt32LE(values[Math.floor(random() * values.length)]!, at);
  }
  return image;
}

/** What a damaged image may cause; anything else is a mistake of ours. */
function expectKnown(error: unknown): void {
  if (!(error instanceof Broken || error instanceof OverBudget || error instanceof ReadError)) throw error;
}

function readEntry(image: Image, volume: Image['volumes'][number], entry: Entry): void {
  if (entry.kind !== 'file' || entry.unreadable !== null) return;
  try {
    placeExtents(image.container, volume.volume, entry.extents(), 100);
    const bytes = Buffer.alloc(65_536);
    entry.open().read(bytes, 0);
  } catch (error) {
    expectKnown(error);
  }
}

function readImage(path: string): void {
  try {
    const image = openImage(path);
    for (const volume of image.volumes) {
      if (volume.content.kind !== 'files') continue;
      for (const entry of volume.content.fileSystem.entries({ deleted: true }))
        readEntry(image, volume, entry);
    }
    image.close();
  } catch (error) {
    expectKnown(error);
  }
}

describe('a mutated image', () => {
  it.each([
    ['FAT', fat, hot.fat, 120],
    ['NTFS', ntfs, hot.ntfs, 60],
  ] as const)('of %s is read without a failure and without end', (_, base, places, count) => {
    const path = join(temporaryFolder(), 'disk.img');
    for (let i = 0; i < count; i++) {
      writeFileSync(path, mutate(base, places));
      const started = performance.now();
      readImage(path);
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });

  it('gives a valid report through the command, and copies only into the folder', () => {
    for (let i = 0; i < 3; i++) {
      const evidence = temporaryFolder();
      const place = temporaryFolder();
      writeFileSync(join(evidence, 'disk.img'), mutate(fat, hot.fat));
      const { code, stdout } = run('scan', '--json', '-w', '1', join(evidence, 'disk.img'));
      expect([0, 1, 3]).toContain(code);
      expect(parseReport(stdout).at(-1)).toMatchObject({ type: 'end', interrupted: false });
      run('salvage', '--whole', join(evidence, 'disk.img'), '--to', join(place, 'out'));
      expect(readdirSync(place)).toEqual(['out']);
      expect(readdirSync(evidence)).toEqual(['disk.img']);
    }
  });
});
