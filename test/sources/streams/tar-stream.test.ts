import { execFileSync, spawnSync } from 'node:child_process';
import {
  createReadStream,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileEntry, WalkEntry } from '../../../src/sources/folders/entry.ts';
import { fromText, toBuffer } from '../../../src/sources/folders/path.ts';
import { openStored } from '../../../src/sources/streams/stored-bytes.ts';
import { letGoOf, NoTar, readTar } from '../../../src/sources/streams/tar-stream.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { random, randomBytes } from '../../support/random.ts';

const hasTar = spawnSync('tar', ['--version']).stdout?.toString().includes('GNU tar') === true;
if (!hasTar) console.warn('GNU tar is missing: streams that it writes are not tested');

/** The bytes in pieces of chance lengths, as pipes give them. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * 20_000);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function entriesOf(bytes: Uint8Array, memory = 1 << 20): Promise<WalkEntry[]> {
  const entries: WalkEntry[] = [];
  for await (const some of readTar(inPieces(bytes), fromText('a.tar'), { memory, most: 1 << 30 }))
    entries.push(...some);
  return entries;
}

function bytesOf({ stored }: FileEntry): Buffer {
  const source = openStored(stored!);
  const bytes = Buffer.alloc(source.size);
  source.read(bytes, 0);
  return bytes;
}

const filesOf = (entries: readonly WalkEntry[]) => entries.filter((entry) => entry.kind === 'file');
const lost = (entries: readonly WalkEntry[]) => entries.filter((entry) => entry.kind === 'unread');

/** Contents by name, and takes the spool files away. */
function contents(entries: readonly WalkEntry[]): Map<string, string> {
  const found = new Map(
    filesOf(entries).map((file) => [
      toBuffer(file.path).toString('latin1'),
      bytesOf(file).toString('latin1'),
    ]),
  );
  letGoOf(filesOf(entries));
  return found;
}

const long = `${'long-folder-name/'.repeat(9)}file`;
const names = ['plain.txt', 'empty', 'big.bin', ...(['\xff\xfe', 'two\nlines'] as const)];

function makeTree(format: string): string {
  const folder = temporaryFolder();
  for (const name of names) {
    const bytes =
      name === 'big.bin' ? randomBytes(200_000) : Buffer.from(name === 'empty' ? '' : `content of ${name}`);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]), bytes);
  }
  symlinkSync('plain.txt', join(folder, 'link'));
  if (format !== 'v7') {
    mkdirSync(join(folder, long, '..'), { recursive: true });
    writeFileSync(join(folder, long), 'deep');
  }
  return folder;
}

const pack = (folder: string, ...options: string[]) =>
  execFileSync('tar', ['-C', folder, ...options, '-cf', '-', '.'], { maxBuffer: 1 << 28 });

describe.skipIf(!hasTar)('an archive that comes by', () => {
  it.each(['v7', 'ustar', 'gnu', 'pax', 'oldgnu'])(
    'of the dialect %s gives its files, byte for byte',
    async (format) => {
      const folder = makeTree(format);
      for (const memory of [1 << 20, 1000]) {
        const entries = await entriesOf(pack(folder, `--format=${format}`), memory);
        expect(lost(entries)).toEqual([]);
        expect(entries.filter(({ kind }) => kind === 'skipped')).toMatchObject([{ why: 'symbolic link' }]);
        const found = contents(entries);
        expect([...found.keys()].sort()).toEqual(
          [...names, ...(format === 'v7' ? [] : [long])].map((name) => `./${name}`).sort(),
        );
        expect(found.get('./big.bin')).toBe(readFileSync(join(folder, 'big.bin')).toString('latin1'));
        expect(found.get('./\xff\xfe')).toBe('content of \xc3\xbf\xc3\xbe');
      }
    },
  );

  it.each([
    ['--format=gnu'],
    ['--format=pax', '--sparse-version=0.0'],
    ['--format=pax', '--sparse-version=0.1'],
    ['--format=pax', '--sparse-version=1.0'],
  ])('gives sparse files with their holes: %s %s', async (...options) => {
    const folder = temporaryFolder();
    const fd = openSync(join(folder, 'sparse'), 'w');
    for (let i = 0; i < 40; i++) writeSync(fd, Buffer.from(`piece ${i}`), 0, 7, i * 300_000);
    writeFileSync(join(folder, 'after'), 'still there');
    for (const memory of [1 << 26, 1000]) {
      const found = contents(await entriesOf(pack(folder, '--sparse', ...options.filter(Boolean)), memory));
      expect(found.get('./sparse') === readFileSync(join(folder, 'sparse')).toString('latin1')).toBe(true);
      expect(found.get('./after')).toBe('still there');
    }
  });

  it('says which file the end of the stream cut, and gives those before', async () => {
    const archive = pack(makeTree('gnu'), '--sort=name');
    const at = archive.indexOf('big.bin') + 5000;
    const entries = await entriesOf(archive.subarray(0, at));
    expect(lost(entries)).toMatchObject([{ path: './big.bin' }, { path: 'a.tar' }]);
    expect(lost(entries)[0]!.why).toMatch(/ends \d+ bytes too early, inside this file/);
    letGoOf(filesOf(entries));
  });

  it('goes on behind a part that was hit, and says that files may be missing', async () => {
    const archive = Buffer.from(pack(makeTree('gnu'), '--sort=name'));
    archive.set(randomBytes(512), archive.indexOf('./empty'));
    const entries = await entriesOf(archive);
    expect(lost(entries)).toMatchObject([{ path: 'a.tar', why: expect.stringContaining('no tar header') }]);
    const found = contents(entries);
    expect(found.has('./empty')).toBe(false);
    expect(found.has('./plain.txt')).toBe(true);
  });

  it('comes to an end wherever it is cut or hit, and loses nothing without a word', async () => {
    const archive = pack(makeTree('pax'), '--sort=name', '--format=pax');
    const whole = contents(await entriesOf(archive)).size;
    for (let i = 0; i < 60; i++) {
      const copy = Buffer.from(archive.subarray(0, Math.ceil((archive.length * (30 + (i % 30))) / 60)));
      if (i % 2 === 1) copy.set(randomBytes(512), 512 * Math.floor(random() * (copy.length / 512 - 1)));
      const entries = await entriesOf(copy).catch((error) => {
        expect(error).toBeInstanceOf(NoTar);
        return null;
      });
      if (entries === null) continue;
      const found = contents(entries).size;
      if (found < whole) expect(lost(entries)).not.toEqual([]);
    }
  });

  it('refuses what is longer than may be kept, as an entry', async () => {
    const folder = makeTree('gnu');
    const limits = { memory: 1000, most: 100_000 };
    const entries: WalkEntry[] = [];
    for await (const some of readTar(inPieces(pack(folder)), fromText('-'), limits)) entries.push(...some);
    expect(lost(entries)).toMatchObject([{ path: './big.bin', why: 'longer than 100000 bytes' }]);
    letGoOf(filesOf(entries));
  });

  it('leaves no temporary file behind', async () => {
    const folder = temporaryFolder();
    const limits = { memory: 100, most: 1 << 30, folder };
    for await (const entries of readTar(inPieces(pack(makeTree('gnu'))), fromText('-'), limits)) {
      expect(readdirSync(folder)).toEqual([]);
      letGoOf(filesOf(entries));
    }
  });
});

describe('a stream that is no archive', () => {
  it.each([
    ['random bytes', () => randomBytes(4096), 'is no tar archive'],
    [
      'a packed one',
      () => Buffer.concat([Buffer.from('1f8b0800', 'hex'), randomBytes(1000)]),
      'packed by gzip',
    ],
  ])('%s: refused, with a hint', async (_, make, why) => {
    await expect(entriesOf(make())).rejects.toThrow(why);
    await expect(entriesOf(make())).rejects.toBeInstanceOf(NoTar);
  });

  it('nothing at all: an entry that could not be read', async () => {
    expect(await entriesOf(Buffer.alloc(0))).toMatchObject([{ kind: 'unread' }]);
  });

  it('passes on what the stream throws', async () => {
    const entries = readTar(createReadStream('/there/is/no/such/file'), fromText('-'));
    await expect(entries.next()).rejects.toThrow('ENOENT');
  });
});
