import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyHashes } from '../../../../src/sources/images/verify-hashes.ts';
import { diskBytes, openImageFile, readAll, readByMap, unpackImages } from '../../../support/disk-images.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const fixtures: readonly (readonly [id: string, ...files: string[]])[] = [
  ['raw', 'disk.raw'],
  ['qcow2', 'plain.qcow2'],
  ['qcow2', 'v2.qcow2'],
  ['qcow2', 'deflate.qcow2'],
  ['qcow2', 'zstd.qcow2'],
  ['qcow2', 'extended.qcow2'],
  ['qcow2', 'c512.qcow2'],
  ['vmdk', 'monolithicSparse.vmdk'],
  ['vmdk', 'streamOptimized.vmdk'],
  ['vmdk', 'split.vmdk', 'split-s001.vmdk'],
  ['vhd', 'dynamic.vhd'],
  ['vhd', 'fixed.vhd'],
  ['vhdx', 'dynamic.vhdx'],
  ['vdi', 'dynamic.vdi'],
  ['ewf', 'e-fast.E01'],
  ['ewf', 'e-none.E01', 'e-none.E02', 'e-none.E03'],
  ['ewf', 'smart.s01'],
];

describe('a container', () => {
  it.each(fixtures)('%s: gives the disk that %s was made from, byte for byte', (id, ...names) => {
    const folder = temporaryFolder();
    unpackImages(folder, ...names);
    const container = openImageFile(folder, names[0]!);
    expect(container.id).toBe(id);
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
    expect(container.notices.filter(({ level }) => level === 'wrong')).toEqual([]);
    container.close();
  });

  it.each(fixtures)('%s: says where each byte of %s stands', (_id, ...names) => {
    const folder = temporaryFolder();
    unpackImages(folder, ...names);
    const container = openImageFile(folder, names[0]!);
    expect(readByMap(container).equals(diskBytes())).toBe(true);
    container.close();
  });

  it.each(fixtures)('%s: leaves %s as it was', (_id, ...names) => {
    const folder = temporaryFolder();
    unpackImages(folder, ...names);
    const path = join(folder, names[0]!);
    const [bytes, { mtimeMs }] = [readFileSync(path), statSync(path)];
    const container = openImageFile(folder, names[0]!);
    readAll(container.contents);
    container.close();
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it('reads a flat VMware disk by its descriptor, and its extent alone, whatever a guest wrote into the first sector', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'flat.vmdk', 'disk.raw', 'plain.qcow2');
    copyFileSync(join(folder, 'disk.raw'), join(folder, 'flat-flat.vmdk'));
    copyFileSync(join(folder, 'plain.qcow2'), join(folder, 'guest-flat.vmdk'));
    expect(readAll(openImageFile(folder, 'flat.vmdk').contents).equals(diskBytes())).toBe(true);
    expect(openImageFile(folder, 'flat-flat.vmdk').id).toBe('raw');
    expect(openImageFile(folder, 'guest-flat.vmdk').id).toBe('raw');
  });

  it('puts parts of a raw disk together by their numbers, and leaves a hole where one is missing', () => {
    const folder = temporaryFolder();
    const disk = diskBytes();
    for (let i = 0; i < 5; i++) {
      if (i !== 2) writeFileSync(join(folder, `d.00${i + 1}`), disk.subarray(i * 500_000, (i + 1) * 500_000));
    }
    const container = openImageFile(folder, 'd.001');
    expect(container.contents.size).toBe(disk.length);
    const pieces = [...container.map(0, disk.length)];
    expect(pieces.map(({ kind, start }) => [kind, start])).toEqual([
      ['data', 0],
      ['data', 500_000],
      ['unreadable', 1_000_000],
      ['data', 1_500_000],
      ['data', 2_000_000],
    ]);
    const tail = Buffer.alloc(97_152);
    container.contents.read(tail, 2_000_000);
    expect(tail.equals(disk.subarray(2_000_000))).toBe(true);
    expect(() => container.contents.read(tail, 1_450_000)).toThrow('part 3 is missing');
  });

  it('verifies the hashes that an acquisition stored', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'e-fast.E01', 'plain.qcow2');
    const checks = verifyHashes(openImageFile(folder, 'e-fast.E01'));
    expect(checks.map(({ algorithm, isRight }) => [algorithm, isRight])).toEqual([
      ['md5', true],
      ['sha1', true],
    ]);
    expect(verifyHashes(openImageFile(folder, 'plain.qcow2'))).toEqual([]);
  });

  it('stays readable when more files are in it than may be open at once', () => {
    const folder = temporaryFolder();
    const disk = diskBytes();
    for (let i = 0; i < 200; i++) {
      const name = `d.${String(i + 1).padStart(3, '0')}`;
      writeFileSync(join(folder, name), disk.subarray(i * 10_496, Math.min(disk.length, (i + 1) * 10_496)));
    }
    const container = openImageFile(folder, 'd.001');
    expect(readAll(container.contents).equals(disk)).toBe(true);
    if (existsSync('/proc/self/fd')) expect(container.files).toHaveLength(200);
    container.close();
  });
});
