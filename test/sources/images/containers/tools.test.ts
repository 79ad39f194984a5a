import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyHashes } from '../../../../src/sources/images/verify-hashes.ts';
import { openImageFile, readAll, readByMap } from '../../../support/disk-images.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { random, randomBytes } from '../../../support/random.ts';

const hasQemu = spawnSync('qemu-img', ['--version']).status === 0;
const hasEwf = spawnSync('ewfacquire', ['-V']).status === 0;
if (!hasQemu) console.warn('qemu-img not found: tests against it are skipped');
if (!hasEwf) console.warn('ewfacquire not found: tests against it are skipped');

const SIZE = 9 << 20;

/** A disk of holes, text and noise in odd places. */
function randomDisk(): Buffer {
  const disk = Buffer.alloc(SIZE);
  for (let i = 0; i < 25; i++) {
    const at = Math.floor((random() * (SIZE - 300_000)) / 512) * 512;
    const length = Math.floor(random() * 200_000);
    if (i % 2 === 0) disk.fill(`part ${i} of a disk `, at, at + length);
    else randomBytes(length).copy(disk, at);
  }
  return disk;
}

const conversions: readonly (readonly [format: string, options: string, name: string])[] = [
  ['qcow2', '', 'd.qcow2'],
  ['qcow2', 'cluster_size=2M', 'd.qcow2'],
  ['qcow2', 'cluster_size=4k', 'd.qcow2'],
  ['qcow2', 'extended_l2=on,cluster_size=64k', 'd.qcow2'],
  ['qcow2', 'preallocation=metadata', 'd.qcow2'],
  ['qcow2', 'data_file=d.data', 'd.qcow2'],
  ['vmdk', 'subformat=monolithicSparse', 'd.vmdk'],
  ['vmdk', 'subformat=streamOptimized', 'd.vmdk'],
  ['vmdk', 'subformat=twoGbMaxExtentSparse', 'd.vmdk'],
  ['vmdk', 'subformat=twoGbMaxExtentFlat', 'd.vmdk'],
  ['vmdk', 'subformat=monolithicFlat', 'd.vmdk'],
  ['vpc', 'subformat=dynamic,force_size=on', 'd.vhd'],
  ['vpc', 'subformat=fixed,force_size=on', 'd.vhd'],
  ['vhdx', 'subformat=dynamic', 'd.vhdx'],
  ['vhdx', 'subformat=fixed', 'd.vhdx'],
  ['vdi', 'static=on', 'd.vdi'],
];

describe.skipIf(!hasQemu)('what qemu-img writes', () => {
  it.each(conversions)('%s %s: is read as the disk that it was made from', (format, options, name) => {
    const folder = temporaryFolder();
    const disk = randomDisk();
    writeFileSync(join(folder, 'disk.raw'), disk);
    const chosen = options === '' ? [] : ['-o', options];
    const made = spawnSync('qemu-img', ['convert', '-f', 'raw', '-O', format, ...chosen, 'disk.raw', name], {
      cwd: folder,
    });
    if (made.status !== 0) return;
    const container = openImageFile(folder, name);
    expect(readAll(container.contents).equals(disk)).toBe(true);
    expect(readByMap(container).equals(disk)).toBe(true);
    container.close();
  });
});

describe.skipIf(!hasEwf)('what ewfacquire writes', () => {
  it.each(['encase1', 'encase2', 'encase3', 'encase5', 'encase6', 'linen6', 'ftk', 'smart', 'ewf'])(
    '%s: is read as the disk that it was made from, and its hashes are right',
    (format) => {
      const folder = temporaryFolder();
      const disk = randomDisk();
      writeFileSync(join(folder, 'disk.raw'), disk);
      const fixed = [
        '-u',
        '-q',
        '-C',
        '1',
        '-D',
        'd',
        '-e',
        'e',
        '-E',
        '1',
        '-N',
        'n',
        '-m',
        'fixed',
        '-M',
        'physical',
      ];
      const own = ['-c', 'fast', '-d', 'sha1', '-S', '1048576', '-f', format, '-t', 'image', 'disk.raw'];
      expect(spawnSync('ewfacquire', [...fixed, ...own], { cwd: folder }).status).toBe(0);
      const name = { smart: 'image.s01', ewf: 'image.e01' }[format] ?? 'image.E01';
      const container = openImageFile(folder, name);
      expect(container.notices).toEqual([]);
      expect(readAll(container.contents).equals(disk)).toBe(true);
      const checks = verifyHashes(container);
      expect(checks.length).toBeGreaterThan(0);
      expect(checks.every(({ isRight }) => isRight)).toBe(true);
      container.close();
    },
  );
});
