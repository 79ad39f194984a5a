import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../../../src/bytes/range.ts';
import { union } from '../../../../src/bytes/range.ts';
import { BufferSource } from '../../../../src/bytes/source.ts';
import { findImageDamage } from '../../../../src/sources/images/damage/damage.ts';
import { findDamage } from '../../../../src/sources/images/damage/find-damage.ts';
import { openImageFile, unpackImages } from '../../../support/disk-images.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { random, randomBytes, randomFill } from '../../../support/random.ts';

const MIB = 1 << 20;
const SIZE = 96 * MIB;

/** A disk of files on a grid of 4 KiB: a third compressed, the others text and records; boot code, room at the end. */
function plainDisk(compressedShare: number): Buffer {
  const disk = Buffer.alloc(SIZE);
  disk.write('boot code of a disk', 'latin1');
  for (let at = 64 * 1024; at < SIZE - 4 * MIB; ) {
    const length = Math.floor(4096 + random() ** 4 * 3_000_000);
    if (random() < compressedShare) packed.copy(disk, at, 0, length);
    else disk.fill(`a line of file ${at}, which is text\n`, at, at + length);
    at += Math.ceil(length / 4096) * 4096;
  }
  return disk;
}

/** Deflated words: random to the tests, as archives and pictures are. */
function packedBytes(): Buffer {
  const words = Array.from(
    { length: 900_000 },
    () => ['alpha', 'beta', 'gamma', 'delta'][Math.floor(random() * 4)]! + Math.floor(random() * 1e6),
  );
  return deflateRawSync(words.join(' '));
}

const packed = packedBytes();

function hit(disk: Buffer, ranges: readonly Range[]): Buffer {
  const copy = Buffer.from(disk);
  for (const { start, end } of ranges) randomFill(copy, start, end - start);
  return copy;
}

function stripes(period: number, on: number, first = 0): Range[] {
  const ranges: Range[] = [];
  for (let start = first; start < SIZE; start += period)
    ranges.push({ start, end: Math.min(SIZE, start + on) });
  return ranges;
}

const attacks: readonly (readonly [what: string, ranges: readonly Range[]])[] = [
  ['1 MiB of each 10 MiB', stripes(10 * MIB, MIB)],
  ['every other MiB', stripes(2 * MIB, MIB)],
  ['1 MiB of each 5 MiB, from 4 MiB on', stripes(5 * MIB, MIB, 4 * MIB)],
  ['64 KiB of each MiB', stripes(MIB, 64 * 1024)],
  ['150 KiB of each 3 MiB and a sector, off the grid', stripes(3 * MIB + 512, 300 * 512, 1536)],
  ['the first MiB', [{ start: 0, end: MIB }]],
  ['the first tenth', [{ start: 0, end: Math.floor(SIZE / 10 / 512) * 512 }]],
  [
    'the first 4 MiB, then 1 MiB of each 10 MiB',
    [{ start: 0, end: 4 * MIB }, ...stripes(10 * MIB, MIB, 13 * MIB)],
  ],
  ['1 MiB of each 10 MiB, and the last MiB', [...stripes(10 * MIB, MIB), { start: SIZE - MIB, end: SIZE }]],
  ['everything', [{ start: 0, end: SIZE }]],
];

describe('damage that nobody told of', () => {
  const disk = plainDisk(0.33);

  it('is none in a disk that nobody touched, whatever share of it is compressed', () => {
    for (const share of [0.1, 0.5, 0.9]) {
      const map = findDamage(new BufferSource(plainDisk(share)));
      expect(map.patterns).toEqual([]);
      expect(map.damaged).toEqual([]);
    }
  }, 120_000);

  it.each(attacks)('is found to the sector: %s', (_what, ranges) => {
    const map = findDamage(new BufferSource(hit(disk, ranges)));
    // A compressed file right behind a head, or right before a tail, can't be told from it.
    const exact = union(ranges);
    if (map.patterns.every(({ kind }) => kind === 'periodic' || kind === 'whole'))
      expect(map.damaged).toEqual(exact);
    else {
      expect(map.damaged.length).toBe(exact.length);
      for (const [i, { start, end }] of exact.entries()) {
        expect(map.damaged[i]!.start).toBeLessThanOrEqual(start);
        expect(map.damaged[i]!.end).toBeGreaterThanOrEqual(end);
      }
    }
  });

  it('is a suspicion only where just the end is random', () => {
    const map = findDamage(new BufferSource(hit(disk, [{ start: SIZE - 2 * MIB, end: SIZE }])));
    expect(map.damaged).toEqual([]);
    expect(map.suspect).toEqual([{ start: SIZE - 2 * MIB, end: SIZE }]);
  });

  it('is none where three chunks of a backup happen to lie at equal distances', () => {
    const map = findDamage(
      new BufferSource(
        hit(
          Buffer.from(disk).fill(0, MIB),
          [10, 20, 30].map((n) => ({ start: n * MIB, end: (n + 1) * MIB })),
        ),
      ),
    );
    expect(map.damaged).toEqual([]);
  });

  it('is none in disks of any size that hold nothing, noise, or too little', () => {
    for (const size of [0, 1, 511, 512, 4095, 5000, 100_000]) {
      expect(findDamage(new BufferSource(Buffer.alloc(size))).damaged).toEqual([]);
    }
    expect(findDamage(new BufferSource(randomBytes(100_000))).patterns).toEqual([{ kind: 'whole' }]);
  });
});

describe('damage of an image', () => {
  it('is brought to the disk by the map of its container', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'fixed.vhd', 'dynamic.vhd');
    const path = join(folder, 'dynamic.vhd');
    const bytes = readFileSync(path);
    const table = Number(bytes.readBigUInt64BE(512 + 16));
    const data = bytes.readUInt32BE(table) * 512 + 512;
    const ranges: Range[] = [];
    for (let start = data + 65_536; start + 32_768 < bytes.length - 512; start += 131_072)
      ranges.push({ start, end: start + 32_768 });
    for (const { start, end } of ranges) randomFill(bytes, start, end - start);
    writeFileSync(path, bytes);
    const container = openImageFile(folder, 'dynamic.vhd');
    const damage = findImageDamage(container);
    expect(damage.files[0]?.map.damaged).toEqual(ranges);
    expect(damage.damaged).toEqual(
      ranges.map(({ start, end }) => ({ start: start - data, end: end - data })),
    );
    expect(findImageDamage(openImageFile(folder, 'fixed.vhd')).damaged).toEqual([]);
  });
});
