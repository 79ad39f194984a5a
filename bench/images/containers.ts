import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fromText } from '../../src/sources/folders/path.ts';
import { openContainer } from '../../src/sources/images/open-container.ts';
import { Random } from '../attacks/random.ts';
import type { Part } from './part.ts';
import { median, run, timeOf } from './tools.ts';

const MIB = 1 << 20;
/** Of the disk; half of it is data. */
const SIZE = 1024 * MIB;
const ROUNDS = 5;
const WANTED = 0.8;

const kinds: readonly (readonly [title: string, format: string, ...options: string[]])[] = [
  ['QCOW2', 'qcow2'],
  ['QCOW2, clusters of 4 KiB', 'qcow2', '-o', 'cluster_size=4k'],
  ['QCOW2, deflate', 'qcow2', '-c'],
  ['VMDK, sparse', 'vmdk', '-o', 'subformat=monolithicSparse'],
  ['VMDK, stream-optimised', 'vmdk', '-o', 'subformat=streamOptimized'],
  ['VHD, dynamic', 'vpc', '-o', 'subformat=dynamic,force_size=on'],
  ['VHDX, dynamic', 'vhdx'],
  ['VDI', 'vdi'],
];

/** Reading of whole disks against `qemu-img convert` into its null driver: both read all, neither writes. */
export const containersPart: Part = {
  name: 'containers',
  title: 'whole disks read out of QCOW2, VMDK, VHD, VHDX and VDI, against qemu-img convert',
  needs: ['qemu-img'],
  run(scratch) {
    const disk = join(scratch, 'disk.raw');
    makeDisk(disk);
    const ratios = kinds.map(([title, format, ...options]) => {
      const image = join(scratch, `disk.${format}`);
      run('qemu-img', ['convert', '-f', 'raw', '-O', format, ...options, disk, image]);
      const ratio = compare(title, image, format);
      rmSync(image);
      return { title, ratio };
    });
    return ratios.every(({ title, ratio }) => !/^(QCOW2|VMDK)/.test(title) || ratio >= WANTED);
  },
};

function makeDisk(path: string): void {
  const random = new Random(7);
  const fd = openSync(path, 'w');
  const noise = Buffer.from(random.bytes(MIB));
  const text = Buffer.alloc(MIB, 'what a server keeps: text, records, more text; ');
  for (let at = 0; at < SIZE; at += MIB) {
    const kind = random.below(4);
    if (kind < 2) writeSync(fd, kind === 0 ? noise : text, 0, MIB, at);
  }
  writeSync(fd, text, 0, 512, SIZE - 512);
  closeSync(fd);
}

function compare(title: string, image: string, format: string): number {
  const target = `driver=null-co,size=${SIZE},read-zeroes=on`;
  const pairs = Array.from({ length: ROUNDS }, () => ({
    theirs: timeOf(() =>
      run('qemu-img', ['convert', '-n', '-f', format, '--target-image-opts', image, target]),
    ),
    ours: timeOf(() => readWhole(image)),
  }));
  const ratio = median(pairs.map(({ theirs, ours }) => theirs / ours));
  const [theirs, ours] = [median(pairs.map((pair) => pair.theirs)), median(pairs.map((pair) => pair.ours))];
  console.log(
    `${title}: qemu-img ${theirs.toFixed(0)} ms, ours ${ours.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`,
  );
  return ratio;
}

function readWhole(image: string): void {
  const container = openContainer(fromText(image));
  const buffer = Buffer.alloc(MIB);
  for (let at = 0; at < container.contents.size; at += MIB) container.contents.read(buffer, at);
  container.close();
}
