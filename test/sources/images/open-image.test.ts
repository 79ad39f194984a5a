import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BufferSource, type ByteSource } from '../../../src/bytes/source.ts';
import type { Container, Piece } from '../../../src/sources/images/container.ts';
import type { FileSystem } from '../../../src/sources/images/file-system.ts';
import { openImage, type VolumeContent } from '../../../src/sources/images/open-image.ts';
import { placeExtents } from '../../../src/sources/images/placement.ts';
import { measureSpace } from '../../../src/sources/images/space.ts';
import { findLostVolumes } from '../../../src/sources/images/volumes/lost-volumes.ts';
import { buildDisk, buildFat } from '../../support/fat-image.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fixture } from '../../support/ntfs.ts';
import { randomBytes } from '../../support/random.ts';

function write(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'disk.img');
  writeFileSync(path, bytes);
  return path;
}

function fileSystemOf(content: VolumeContent): FileSystem {
  if (content.kind !== 'files') throw new Error(`the volume is ${content.kind}`);
  return content.fileSystem;
}

function readAll(source: ByteSource): Buffer {
  const bytes = Buffer.alloc(source.size);
  source.read(bytes, 0);
  return bytes;
}

const hello = Buffer.from('hello\n');
const large = Buffer.alloc(3000, 'large ');

describe('an opened image', () => {
  it('leads from volumes and file systems to the bytes of each file', () => {
    const image = openImage(
      write(buildDisk(buildFat({ 'a.txt': hello, 'docs/b.txt': large }), buildFat({ c: hello }))),
    );
    expect(image.volumes.map(({ volume }) => volume.name)).toEqual(['p1', 'p2']);
    const entries = [...fileSystemOf(image.volumes[0]!.content).entries()];
    expect(entries.map(({ path, kind, size }) => [path, kind, size])).toEqual([
      ['a.txt', 'file', 6],
      ['docs', 'folder', 0],
      ['docs/b.txt', 'file', 3000],
    ]);
    expect(readAll(entries[2]!.open())).toEqual(large);
    image.close();
  });

  it('says where the bytes of a file stand in the image', () => {
    const disk = buildDisk(buildFat({ 'a.txt': hello, 'b.txt': large }));
    const image = openImage(write(disk));
    const { volume, content } = image.volumes[0]!;
    const [, entry] = [...fileSystemOf(content).entries()];
    const { extents, leftOut } = placeExtents(image.container, volume, entry!.extents(), 10);
    expect(leftOut).toBe(0);
    expect(extents).toEqual([{ start: 0, end: 3000, disk: extents[0]!.disk, file: 0, at: extents[0]!.disk }]);
    expect(disk.subarray(extents[0]!.disk, extents[0]!.disk! + 3000)).toEqual(large);
    image.close();
  });

  it('tells what fills the space that no file uses', () => {
    const volume = buildFat({ 'a.txt': hello });
    const free = volume.length - 200 * 4096;
    randomBytes(100 * 4096).copy(volume, free);
    const image = openImage(write(volume));
    const [{ source, content }] = image.volumes as [(typeof image.volumes)[number]];
    const shares = measureSpace(source, fileSystemOf(content).unallocated(), () => {});
    expect(shares.random / (100 * 4096)).toBeGreaterThan(0.98);
    expect(shares.random + shares.zero + shares.other).toBe(shares.bytes);
    expect(shares.zero).toBeGreaterThan(volume.length / 4);
    image.close();
  });

  it('is one volume of nothing known for a file of anything else', () => {
    const image = openImage(write(Buffer.alloc(100_000, 'text ')));
    expect(image.volumes.map(({ content }) => content.kind)).toEqual(['unknown']);
    image.close();
  });
});

/** A container of 64-byte chunks, compressed to 40 bytes each, that begin at byte 1000 of its file. */
function chunked(): Container {
  return {
    id: 'test',
    title: 'test',
    files: [],
    contents: new BufferSource(new Uint8Array(640)),
    sectorSize: 512,
    facts: new Map(),
    notices: [],
    protection: null,
    hashes: [],
    *map(start: number, end: number): Iterable<Piece> {
      for (let at = start; at < end; ) {
        const chunk = Math.floor(at / 64);
        const stop = Math.min(end, 64 * (chunk + 1));
        yield { kind: 'compressed', start: at, end: stop, file: 0, at: 1000 + 40 * chunk, stored: 40 };
        at = stop;
      }
    },
    close: () => {},
  };
}

describe('the place of a file', () => {
  const whole = { name: '', type: '', label: null, start: 0, end: 640, parts: [{ start: 0, end: 640 }] };

  it('is one run where compressed chunks follow each other', () => {
    const extents = [{ kind: 'data', start: 0, end: 200, at: 10 }] as const;
    expect(placeExtents(chunked(), whole, extents, 10).extents).toEqual([
      { start: 0, end: 200, disk: 10, file: 0, at: 1000, stored: 160 },
    ]);
  });

  it('follows a volume whose parts stand apart, and counts what it leaves out', () => {
    const parts = [
      { start: 512, end: 576 },
      { start: 0, end: 64 },
    ];
    const extents = [
      { kind: 'data', start: 0, end: 128, at: 0 },
      { kind: 'zero', start: 128, end: 200 },
    ] as const;
    expect(placeExtents(chunked(), { ...whole, parts }, extents, 2)).toEqual({
      extents: [
        { start: 0, end: 64, disk: 512, file: 0, at: 1320, stored: 40 },
        { start: 64, end: 128, disk: 0, file: 0, at: 1000, stored: 40 },
      ],
      leftOut: 1,
    });
  });
});

describe('volumes of a disk whose partition table is lost', () => {
  const volume = fixture();
  const START = 1 << 20;
  const disk = Buffer.concat([Buffer.alloc(START), volume, Buffer.alloc(START)]);

  function found(damage: { start: number; end: number }[]) {
    const hit = Buffer.from(disk);
    for (const { start, end } of damage) randomBytes(end - start).copy(hit, start);
    return findLostVolumes(new BufferSource(hit), damage, () => {}).map(({ name, start, end }) => [
      name,
      start,
      end,
    ]);
  }

  it('are found by the boot sector', () => {
    expect(found([{ start: 0, end: 4096 }])).toEqual([['v1', START, START + volume.length]]);
  });

  it('are found by its copy in the last sector', () => {
    expect(found([{ start: 0, end: START + 4096 }])).toEqual([['v1', START, START + volume.length]]);
  });

  it('are not believed where nothing confirms them', () => {
    const boot = Buffer.concat([Buffer.alloc(START), volume.subarray(0, 512), Buffer.alloc(START - 512)]);
    expect(findLostVolumes(new BufferSource(boot), [], () => {})).toEqual([]);
    expect(findLostVolumes(new BufferSource(randomBytes(1 << 20)), [], () => {})).toEqual([]);
  });
});
