import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WalkEntry } from '../../../src/sources/folders/entry.ts';
import { fromBytes, toBuffer } from '../../../src/sources/folders/path.ts';
import { MissingRoot } from '../../../src/sources/folders/roots.ts';
import { type WalkOptions, walk } from '../../../src/sources/folders/walk.ts';
import { canMakeOddTree, find, makeFolder, makeOddTree, removeTree } from './odd-tree.ts';

async function collect(roots: readonly (string | Buffer)[], options: WalkOptions = {}): Promise<WalkEntry[]> {
  const entries: WalkEntry[] = [];
  for await (const entry of walk(roots, options)) entries.push(entry);
  return entries;
}

/** The bytes of the paths, sorted, as `find` in these tests gives them. */
function pathsOf(entries: readonly WalkEntry[], kind?: WalkEntry['kind']): string[] {
  return entries
    .filter((entry) => kind === undefined || entry.kind === kind)
    .map(({ path }) => toBuffer(path).toString('latin1'))
    .sort();
}

function whyOf(entries: readonly WalkEntry[], end: string): string | undefined {
  const entry = entries.find(({ path }) => path.endsWith(end));
  return entry === undefined || entry.kind === 'file' ? undefined : entry.why;
}

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  for (const name of ['a/b/c', 'a/b/d', 'node_modules/x', 'e', 'x/node_modules/y'])
    mkdirSync(join(folder, name), { recursive: true });
  const files = [
    'a/1.txt',
    'a/2.doc',
    'a/b/3.txt',
    'a/b/c/4.txt',
    'node_modules/x/5.txt',
    'e/.hidden',
    '6.txt',
    'x/node_modules/y/7.txt',
  ];
  for (const name of files) writeFileSync(join(folder, name), name);
});
afterAll(() => removeTree(folder));

describe('walking folders', () => {
  it('finds all files, hidden ones too', async () => {
    expect(pathsOf(await collect([folder]), 'file')).toEqual(find(folder, '-type', 'f'));
  });

  it('gives size and times', async () => {
    const [entry] = await collect([join(folder, '6.txt')]);
    expect(entry).toMatchObject({ kind: 'file', size: 5, mtimeMs: expect.any(Number) });
  });

  it('keeps the order of folders from run to run', async () => {
    const order = async () => (await collect([folder])).map(({ path }) => path);
    expect(await order()).toEqual(await order());
  });

  it('begins paths with the root as it was given', async () => {
    const [first] = await collect([`${folder}//a///`]);
    expect(first!.path.startsWith(`${folder}//a/`)).toBe(true);
  });

  it('throws for a missing root, before anything else', async () => {
    const missing = join(folder, 'not', 'there\x1b[31m');
    const failure = await collect([folder, missing]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MissingRoot);
    expect((failure as Error).message).toContain('no such file or folder');
    expect((failure as Error).message).not.toContain('\x1b');
  });

  it('examines what lies under two roots once', async () => {
    const paths = pathsOf(
      await collect([folder, join(folder, 'a/b'), join(folder, 'a/b/'), join(folder, '6.txt')]),
      'file',
    );
    expect(paths).toEqual(find(folder, '-type', 'f'));
  });

  it('loses nothing where overlapping roots want different files', async () => {
    const roots = [folder, join(folder, 'a'), join(folder, '6.txt')];
    const paths = pathsOf(await collect(roots, { include: ['a/*.txt', 'b/*'] }), 'file');
    expect(paths).toEqual([join(folder, '6.txt'), join(folder, 'a/1.txt'), join(folder, 'a/b/3.txt')]);
  });

  it('leaves out what is excluded, with all that is in it', async () => {
    const paths = pathsOf(await collect([folder], { exclude: ['node_modules'] }));
    expect(paths).toEqual(find(folder, '-type', 'f', '-not', '-path', '*/node_modules/*'));
  });

  it('takes only what is included', async () => {
    expect(pathsOf(await collect([folder], { include: ['*.doc'] }))).toEqual([join(folder, 'a/2.doc')]);
    expect(pathsOf(await collect([folder], { include: ['a/**'], exclude: ['a/b/**'] }))).toEqual([
      join(folder, 'a/1.txt'),
      join(folder, 'a/2.doc'),
    ]);
  });

  it('does not look into folders off the way to what is included', async () => {
    const sealed = join(folder, 'e');
    const entries = await collect([folder], { include: ['a/**'] });
    expect(entries.some(({ path }) => path.startsWith(sealed))).toBe(false);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const walked = (async () => {
      for await (const _ of walk([folder], { signal: controller.signal })) controller.abort(reason);
    })();
    await expect(walked).rejects.toBe(reason);
  });

  it('leaves no folder open when the consumer stops', async () => {
    const open = () => (process.platform === 'linux' ? readdirCount('/proc/self/fd') : 0);
    const before = open();
    for await (const _ of walk([folder], { part: 1 })) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(open()).toBe(before);
  });
});

function readdirCount(path: string): number {
  return execFileSync('ls', [path.replace('self', String(process.pid))])
    .toString()
    .split('\n').length;
}

describe('folders read in parts', () => {
  const globs = fc.array(
    fc.constantFrom('*.txt', 'a/**', '**/b/**', 'node_modules', 'a/*', '*/b', '**', 'a/b/c', '.*'),
    { maxLength: 2 },
  );

  it('give the same as read at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), globs, globs, async (part, include, exclude) => {
        const inParts = pathsOf(await collect([folder], { part, include, exclude }));
        expect(inParts).toEqual(pathsOf(await collect([folder], { include, exclude })));
      }),
      { numRuns: 60 },
    );
  });

  it('work for more folders than may be open', async () => {
    const many = makeFolder();
    for (let i = 0; i < 40; i++) {
      mkdirSync(join(many, `d${i}`));
      for (let j = 0; j < 7; j++) writeFileSync(join(many, `d${i}`, `f${j}`), '');
    }
    expect(pathsOf(await collect([many], { part: 2 }))).toEqual(find(many, '-type', 'f'));
    removeTree(many);
  });
});

describe('links', () => {
  it('are not followed, and listed', async () => {
    const place = makeFolder();
    writeFileSync(join(place, 'file'), 'x');
    symlinkSync('file', join(place, 'link'));
    symlinkSync('.', join(place, 'loop'));
    linkSync(join(place, 'file'), join(place, 'other'));
    const entries = await collect([place]);
    expect(pathsOf(entries, 'file')).toHaveLength(1);
    expect(whyOf(entries, '/link')).toBe('symbolic link');
    expect(whyOf(entries, '/loop')).toBe('symbolic link');
    expect(
      entries.filter((entry) => entry.kind === 'skipped' && entry.why.startsWith('hard link to ')),
    ).toHaveLength(1);
    removeTree(place);
  });

  it('given as roots stand for their target', async () => {
    const place = makeFolder();
    mkdirSync(join(place, 'real'));
    writeFileSync(join(place, 'real/file'), 'x');
    symlinkSync('real', join(place, 'link'));
    expect(pathsOf(await collect([join(place, 'link'), join(place, 'real')]))).toEqual([
      join(place, 'real/file'),
    ]);
    removeTree(place);
  });
});

describe.runIf(process.platform === 'linux')('names of any bytes', () => {
  it('come through', async () => {
    const place = makeFolder();
    const name = fc
      .uint8Array({ min: 1, minLength: 1, maxLength: 40 })
      .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0x2f ? 0x2e : byte))))
      .filter((bytes) => !['.', '..'].includes(bytes.toString('latin1')));
    for (const bytes of fc.sample(name, 300))
      writeFileSync(Buffer.concat([Buffer.from(`${place}/`), bytes]), '');
    for (const odd of ['\u2028', '[a]{b,c}!(d)', '**', '!x', '\\*', ' ', '~'])
      writeFileSync(`${place}/${odd}`, '');
    expect(pathsOf(await collect([place]), 'file')).toEqual(find(place, '-type', 'f'));
    expect(pathsOf(await collect([place], { part: 7 }), 'file')).toEqual(find(place, '-type', 'f'));
    removeTree(place);
  });

  it('come through as roots', async () => {
    const place = makeFolder();
    const root = Buffer.concat([Buffer.from(`${place}/`), Buffer.from([0xe9, 0x0a, 0x5c, 0x5b])]);
    mkdirSync(root);
    writeFileSync(Buffer.concat([root, Buffer.from('/file')]), 'x');
    const [entry] = await collect([root]);
    expect(entry!.path).toBe(fromBytes(Buffer.concat([root, Buffer.from('/file')])));
    removeTree(place);
  });
});

describe.runIf(canMakeOddTree)('a tree of odd names and nodes', () => {
  let odd: string;
  let entries: WalkEntry[];
  beforeAll(async () => {
    odd = makeOddTree();
    entries = await collect([odd]);
  }, 60_000);
  afterAll(() => removeTree(join(odd, '..')));

  it('has nothing missing and nothing twice', () => {
    const reachable = find(odd, '-not', '-type', 'd').filter((path) => path.length < 4096);
    const listed = pathsOf(entries.filter(({ path }) => !path.includes('beyond-path-max')));
    expect(listed).toEqual(reachable.filter((path) => !path.includes('beyond-path-max')));
  });

  it('has each file with several names once', () => {
    expect(
      entries.filter((entry) => entry.kind === 'skipped' && entry.why.startsWith('hard link')),
    ).toHaveLength(2);
  });

  it('has links, pipes, sockets and devices listed', () => {
    expect(whyOf(entries, 'links/outside-root')).toBe('symbolic link');
    expect(whyOf(entries, 'nodes/fifo')).toBe('named pipe');
    expect(whyOf(entries, 'nodes/socket')).toBe('socket');
    const device = find(odd, '-type', 'c');
    expect(
      pathsOf(entries.filter((entry) => entry.kind === 'skipped' && entry.why === 'character device')),
    ).toEqual(device);
  });

  it('says where paths become too long for the system', () => {
    const beyond = entries.filter(({ path }) => path.includes('beyond-path-max'));
    expect(beyond).toHaveLength(1);
    expect(beyond[0]).toMatchObject({ kind: 'unread', why: 'path too long for the system (ENAMETOOLONG)' });
  });

  it('reaches the bottom of deep trees', () => {
    expect(entries.some(({ path }) => path.endsWith('/level-120/bottom.txt'))).toBe(true);
  });
});

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('mounted file systems', () => {
  it('are listed, and entered on request', async () => {
    const place = makeFolder();
    mkdirSync(join(place, 'mounted'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'none', join(place, 'mounted')], { stdio: 'ignore' });
    } catch {
      console.warn('no right to mount: the test of mount points is skipped');
      return;
    }
    try {
      writeFileSync(join(place, 'mounted/file'), 'x');
      expect(whyOf(await collect([place]), '/mounted')).toBe('mount point');
      expect(pathsOf(await collect([place], { crossMounts: true }), 'file')).toEqual([
        join(place, 'mounted/file'),
      ]);
    } finally {
      execFileSync('umount', [join(place, 'mounted')]);
      removeTree(place);
    }
  });
});

describe.runIf(process.platform === 'linux')('back-pressure', () => {
  it('keeps the walk from running ahead of a slow consumer', async () => {
    const place = makeFolder();
    for (let i = 0; i < 60; i++) {
      mkdirSync(join(place, `d${i}`));
      for (let j = 0; j < 200; j++) writeFileSync(join(place, `d${i}`, `f${j}`), '');
    }
    const iterator = walk([place]);
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let i = 0; i < 60; i++) writeFileSync(join(place, `d${i}`, 'late'), '');
    let late = 0;
    for await (const { path } of iterator) if (path.endsWith('/late')) late++;
    expect(late).toBeGreaterThan(40);
    removeTree(place);
  });
});
