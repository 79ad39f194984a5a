import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PathList, toListed } from '../../src/gate/path-list.ts';
import { fromBytes } from '../../src/sources/folders/path.ts';
import { temporaryFolder } from '../support/folder.ts';

/** Names that lists stumble over: remarks, options, line ends, patterns, bytes that are no text. */
const names = [
  '#remark',
  ';remark',
  '-C',
  '--help',
  'two\nlines',
  ' blank ',
  'a*b',
  '[a]',
  'back\\slash',
  '\xff\xfe',
  'plain',
];
const bytesOf = (name: string) => Buffer.from(name, 'latin1');

const has = (tool: string) => {
  const isThere = spawnSync(tool, ['--version']).status === 0;
  if (!isThere) console.warn(`${tool} is missing: what it makes of lists is not tested`);
  return isThere;
};

async function makeTree(): Promise<{ from: string; list: string }> {
  const folder = temporaryFolder();
  const from = join(folder, 'from');
  mkdirSync(from);
  for (const name of [...names, 'unlisted']) {
    writeFileSync(Buffer.concat([Buffer.from(`${from}/`), bytesOf(name)]), name);
  }
  const list = await PathList.create(join(folder, 'list'));
  for (const name of names) await list.add(fromBytes(bytesOf(name)));
  await list.finish();
  return { from, list: join(folder, 'list') };
}

const listing = (folder: string) =>
  readdirSync(folder, { encoding: 'buffer' })
    .map((name) => name.toString('latin1'))
    .sort();

describe.skipIf(process.platform === 'win32')('a list of paths', () => {
  it.skipIf(!has('rsync'))('is what rsync copies, and nothing else', async () => {
    const { from, list } = await makeTree();
    const to = join(temporaryFolder(), 'to');
    execFileSync('rsync', ['-a', '--from0', `--files-from=${list}`, `${from}/`, `${to}/`]);
    expect(listing(to)).toEqual(names.toSorted());
  });

  it.skipIf(!has('tar'))('is what tar packs, and nothing else', async () => {
    const { from, list } = await makeTree();
    const to = temporaryFolder();
    execFileSync('tar', ['-C', from, '--null', '-T', list, '-cf', join(to, 'a.tar')]);
    mkdirSync(join(to, 'out'));
    execFileSync('tar', ['-C', join(to, 'out'), '-xf', join(to, 'a.tar')]);
    expect(listing(join(to, 'out'))).toEqual(names.toSorted());
  });

  it('keeps rooted paths as they are', () => {
    expect(toListed(fromBytes(Buffer.from('/srv/a'))).toString()).toBe('/srv/a\0');
    expect(toListed(fromBytes(Buffer.from('./a'))).toString()).toBe('./a\0');
  });
});

describe('a list that is not finished', () => {
  it('is not there, and what was there before stays', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'list');
    writeFileSync(path, 'earlier');
    const list = await PathList.create(path);
    await list.add(fromBytes(Buffer.from('a')));
    expect(readFileSync(path, 'utf8')).toBe('earlier');
    await list.drop();
    expect(readdirSync(folder)).toEqual(['list']);
  });

  it('fails where there is no place for it', async () => {
    await expect(PathList.create('/there/is/no/such/folder/list')).rejects.toThrow('ENOENT');
  });

  it.runIf(existsSync('/dev/full'))('fails on a full disk', async () => {
    const list = await PathList.create('/dev/full');
    await list.add(fromBytes(Buffer.from('a')));
    await expect(list.finish()).rejects.toThrow('ENOSPC');
  });
});
