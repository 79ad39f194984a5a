import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Random } from '../attacks/random.ts';
import { type Expected, makeSourceTree, type Tree } from './source-tree.ts';
import { run } from './tools.ts';

/** Programs that make and fill a volume. */
export const ntfsMakers = ['mkntfs', 'ntfs-3g', 'umount', 'setfattr'];

const MiB = 1 << 20;
/** FILE_ATTRIBUTE_COMPRESSED with DIRECTORY, little-endian: files made in such a folder are compressed. */
const COMPRESSED = '0x10080000';
const oddNames = [
  'sp ace',
  '日本語',
  'ümläut',
  '😀',
  '...',
  '-rf',
  'new\nline',
  'back\\slash',
  'tab\t',
  '\x01',
  'co:lon',
];
const MOUNTING = 'permissions,streams_interface=xattr,compression,big_writes';

/** Makes a volume with at least `files` files, and gives what they have to read as. */
export async function makeVolume(
  scratch: string,
  image: string,
  size: number,
  options: string[],
  files: number,
): Promise<Tree> {
  writeFileSync(image, '');
  truncateSync(image, size);
  run('mkntfs', ['-F', '-Q', '-q', '-p', '0', '-H', '16', '-S', '63', ...options, image]);
  const mounted = `${scratch}/mounted`;
  mkdirSync(mounted, { recursive: true });
  const unmount = await mount(image, mounted);
  try {
    return new Map([...makeSourceTree(mounted, files, false), ...addFeatures(mounted)]);
  } finally {
    await unmount();
  }
}

/** Unmounting waits for the end of the program: what it holds in memory is written last. */
async function mount(image: string, folder: string): Promise<() => Promise<void>> {
  const before = statSync(folder).dev;
  const program = spawn('ntfs-3g', ['-o', `no_detach,${MOUNTING}`, image, folder], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  while (statSync(folder).dev === before) {
    if (program.exitCode !== null) throw new Error('ntfs-3g cannot mount the volume');
    await setTimeout(50);
  }
  return async () => {
    run('umount', [folder]);
    await ended;
  };
}

/** What only some file systems have: streams, packed files, holes, links, fragments, odd names. */
function addFeatures(root: string): Tree {
  const tree = new Map<string, Expected>();
  const put = (path: string, bytes: Uint8Array): void => {
    writeFileSync(`${root}/${path}`, bytes);
    expectBytes(tree, path, bytes);
  };
  for (const name of oddNames) put(name, Buffer.from(name));
  addStreams(root, tree, put);
  addPacked(root, put);
  addHoles(root, tree);
  put('link', Buffer.from('one file of many names'));
  for (let i = 0; i < 60; i++) {
    linkSync(`${root}/link`, `${root}/${'another name '.repeat(6)}${i}`);
    tree.set(`${'another name '.repeat(6)}${i}`, tree.get('link')!);
  }
  addFragments(root, put);
  return tree;
}

function expectBytes(tree: Map<string, Expected>, path: string, bytes: Uint8Array): void {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  tree.set(Buffer.from(path).toString('latin1'), { size: bytes.length, sha256 });
}

function addStreams(
  root: string,
  tree: Map<string, Expected>,
  put: (path: string, bytes: Uint8Array) => void,
): void {
  put('streams', Buffer.from('contents'));
  for (const [name, length] of [
    ['small', 20],
    ['large', 50_000],
  ] as const) {
    const bytes = new Random(length).bytes(length);
    run('setfattr', [
      '-n',
      `user.${name}`,
      '-v',
      `0s${Buffer.from(bytes).toString('base64')}`,
      `${root}/streams`,
    ]);
    expectBytes(tree, `streams:${name}`, bytes);
  }
}

function addPacked(root: string, put: (path: string, bytes: Uint8Array) => void): void {
  mkdirSync(`${root}/packed`);
  run('setfattr', ['-n', 'system.ntfs_attrib', '-v', COMPRESSED, `${root}/packed`]);
  const random = new Random(3);
  const text = Buffer.from('some text that packs well, over and over\n'.repeat(8000));
  for (let i = 0; i < 200; i++) {
    const parts = [text.subarray(0, random.below(text.length)), random.bytes(random.below(70_000))];
    put(`packed/${i}`, Buffer.concat([...parts, Buffer.alloc(random.below(200_000)), parts[0]!]));
  }
}

function addHoles(root: string, tree: Map<string, Expected>): void {
  const bytes = Buffer.alloc(20 * MiB);
  const handle = openSync(`${root}/sparse`, 'w');
  for (let at = 0; at < bytes.length; at += 64_000) {
    bytes.write(`piece at ${at}`, at);
    writeSync(handle, bytes, at, 20, at);
  }
  ftruncateSync(handle, bytes.length);
  closeSync(handle);
  expectBytes(tree, 'sparse', bytes);
}

/** Fills the volume, frees every other of many small files, and writes one that has to take their places. */
function addFragments(root: string, put: (path: string, bytes: Uint8Array) => void): void {
  const random = new Random(11);
  mkdirSync(`${root}/small`);
  for (let i = 0; i < 1500; i++) put(`small/kept ${i}`, random.bytes(4096));
  for (let i = 0; i < 1500; i++) writeFileSync(`${root}/small/freed ${i}`, random.bytes(4096));
  fill(`${root}/filler`, root);
  for (let i = 0; i < 1500; i += 2) rmSync(`${root}/small/freed ${i}`);
  put('fragments', random.bytes(2_500_000));
  rmSync(`${root}/filler`);
  for (let i = 1; i < 1500; i += 2) rmSync(`${root}/small/freed ${i}`);
}

function fill(path: string, root: string): void {
  const handle = openSync(path, 'w');
  const piece = Buffer.alloc(MiB, 'filler');
  for (let left = freeBytes(root) - 2 * MiB; left > 0; left -= piece.length) {
    writeSync(handle, piece, 0, Math.min(left, piece.length));
  }
  closeSync(handle);
}

function freeBytes(root: string): number {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize;
}
