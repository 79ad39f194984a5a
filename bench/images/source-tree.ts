import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { Random } from '../attacks/random.ts';

/** What a file of the tree has to read as. */
export interface Expected {
  readonly size: number;
  readonly sha256: string;
}

/** Names are bytes, as Latin-1 strings; folders and links aren't listed. */
export type Tree = ReadonlyMap<string, Expected>;

const MiB = 1 << 20;
const oddNames = [
  'sp ace',
  '\xff\xfe bytes',
  '\xe2\x80\xa8',
  'caf\xe9',
  '...',
  '-rf',
  'new\nline',
  'back\\slash',
  'tab\t',
  '\x01\x02',
  'L'.repeat(255),
];
const edges = [0, 1, 59, 60, 61, 160, 511, 512, 1023, 1024, 1025, 4095, 4096, 4097, 65535, 65536];

/** A tree of `files` files from 0 bytes to 64 MiB: mostly small, some sparse, deep, with odd names where `odd`. */
export function makeSourceTree(root: string, files: number, odd: boolean): Tree {
  const random = new Random(7);
  const tree = new Map<string, Expected>();
  const put = (path: string, bytes: Uint8Array) => {
    writeFileSync(Buffer.from(`${root}/${path}`, 'latin1'), bytes);
    tree.set(path, { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  };
  for (let folder = 0; folder < files / 50; folder++) {
    const path = `group ${folder % 12}/folder-${folder}`;
    mkdirSync(`${root}/${path}`, { recursive: true });
    for (let i = 0; i < 50; i++) put(`${path}/file-${folder * 50 + i}.dat`, random.bytes(sizeFrom(random)));
  }
  for (const size of [MiB, 5 * MiB, 64 * MiB]) put(`large-${size}.bin`, random.bytes(size));
  const deep = Array(40).fill('deep').join('/');
  mkdirSync(`${root}/${deep}`, { recursive: true });
  put(`${deep}/file.txt`, Buffer.from('deep down'));
  if (odd) addOddFiles(root, put);
  return tree;
}

function sizeFrom(random: Random): number {
  if (random.below(4) === 0) return edges[random.below(edges.length)]!;
  return Math.floor(2 ** (random.below(1600) / 100));
}

function addOddFiles(root: string, put: (path: string, bytes: Uint8Array) => void): void {
  for (const name of oddNames) put(name, Buffer.from(name, 'latin1'));
  symlinkSync('file/elsewhere', `${root}/link`);
  symlinkSync('x'.repeat(400), `${root}/long-link`);
  const sparse = Buffer.alloc(20 * MiB);
  sparse.write('middle', 9 * MiB);
  sparse.write('end', sparse.length - 3);
  put('sparse', sparse);
  const handle = openSync(`${root}/sparse`, 'w');
  writeSync(handle, 'middle', 9 * MiB);
  writeSync(handle, 'end', sparse.length - 3);
  ftruncateSync(handle, sparse.length);
  closeSync(handle);
}

/** The files below a folder, as another tool extracted them. */
export function readTree(root: string): Tree {
  const tree = new Map<string, Expected>();
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of readdirSync(Buffer.from(`${root}/${folder}`, 'latin1'), {
      encoding: 'latin1',
      withFileTypes: true,
    })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      if (!entry.isFile()) continue;
      const bytes = readFileSync(Buffer.from(`${root}/${path}`, 'latin1'));
      tree.set(path, { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    }
  }
  return tree;
}

/** Prints where `found` isn't what's expected; gives how many differ. */
export function compareTrees(title: string, expected: Tree, found: Tree): number {
  const different = [...expected].filter(([path, { sha256, size }]) => {
    const other = found.get(path);
    return other === undefined || other.sha256 !== sha256 || other.size !== size;
  });
  const more = [...found.keys()].filter((path) => !expected.has(path));
  console.log(
    `${title}: ${expected.size} files, ${expected.size - different.length} the same, ${different.length} not, ${more.length} more`,
  );
  for (const [path] of different.slice(0, 5))
    console.log(`  not the same: ${JSON.stringify(path.slice(0, 80))}`);
  for (const path of more.slice(0, 5)) console.log(`  more: ${JSON.stringify(path.slice(0, 80))}`);
  return different.length + more.length;
}
