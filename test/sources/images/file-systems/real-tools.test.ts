import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileSource } from '../../../../src/bytes/file-source.ts';
import { linesOf, openVolume } from '../../../support/image-fixtures.ts';
import { randomBytes } from '../../../support/random.ts';

const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const isHere = (tool: string) => path.split(':').some((folder) => existsSync(join(folder, tool)));
const env = { ...process.env, PATH: path, MTOOLS_SKIP_CHECK: '1' };

function run(tool: string, args: readonly string[], cwd?: string): void {
  const result = spawnSync(tool, args, { cwd, env });
  if (result.status !== 0) throw new Error(`${tool}: ${result.stderr}`);
}

const extLayouts = [
  ['ext4', '-t ext4'],
  ['ext4 with blocks of 1 KiB and meta_bg', '-t ext4 -b 1024 -O meta_bg,^resize_inode'],
  ['ext4 with blocks of 64 KiB', '-t ext4 -b 65536'],
  ['ext4 with bigalloc', '-t ext4 -O bigalloc -C 16384'],
  ['ext4 without checksums', '-t ext4 -O ^metadata_csum,uninit_bg'],
  ['ext4 with a checksum seed and sparse_super2', '-t ext4 -O metadata_csum_seed,sparse_super2'],
  ['ext3', '-t ext3'],
  ['ext2 with blocks of 1 KiB', '-t ext2 -b 1024'],
] as const;

describe('file systems that real tools make', () => {
  let folder = '';
  let expected: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'unscathed-images-'));
    expected = makeTree(join(folder, 'tree')).sort();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!isHere('mke2fs')).each(extLayouts)('reads %s of mke2fs', (_, options) => {
    const image = emptyImage(join(folder, 'ext.img'));
    run('mke2fs', ['-q', '-F', '-N', '4096', ...options.split(' '), '-d', join(folder, 'tree'), image]);
    expect(read(image)).toEqual(expected);
  });

  it.skipIf(!isHere('mkfs.fat') || !isHere('mcopy')).each(['16', '32'])(
    'reads FAT%s of mkfs.fat and mcopy',
    (bits) => {
      const image = emptyImage(join(folder, 'fat.img'));
      run('mkfs.fat', ['-F', bits, ...(bits === '16' ? ['-s', '16'] : []), image]);
      run(
        'mcopy',
        ['-s', '-Q', '-i', image, ...readdirSync(join(folder, 'tree')), '::/'],
        join(folder, 'tree'),
      );
      expect(read(image)).toEqual(expected);
    },
  );
});

/** 256 MiB that take no room until they're written to. */
function emptyImage(image: string): string {
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, 256 << 20);
  return image;
}

function read(image: string): string[] {
  const file = new FileSource(image);
  try {
    return linesOf(openVolume(file).entries());
  } finally {
    file.close();
  }
}

/** A thousand files of 0 bytes to 4 MiB; gives the lines that a reader has to give. */
function makeTree(root: string): string[] {
  const lines: string[] = [];
  for (let i = 0; i < 1000; i++) {
    const inner = i % 10 === 0 ? 'one folder with many' : `folder-${i % 23}/deeper/${i % 7}`;
    mkdirSync(join(root, inner), { recursive: true });
    const bytes = randomBytes(i === 999 ? 4 << 20 : Math.floor((i * 37) ** 1.5) % 20_000);
    const name = `${inner}/file number ${i}.dat`;
    writeFileSync(join(root, name), bytes);
    lines.push(`${createHash('sha256').update(bytes).digest('hex')} ${bytes.length} ${name}`);
  }
  return lines;
}
