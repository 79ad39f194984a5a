import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import type { FileLine } from '../../src/report/line.ts';
import { CacheError, CacheReader, CacheWriter } from '../../src/scan/cache/cache-file.ts';
import { cacheKeysOf, hasRested } from '../../src/scan/cache/cache-key.ts';
import type { ScanOptions } from '../../src/scan/options.ts';
import { scan } from '../../src/scan/scan.ts';
import { fromText } from '../../src/sources/folders/path.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lineOn } from '../support/gated.ts';
import { honestText } from '../support/honest.ts';

vi.setConfig({ testTimeout: 120_000 });
const isBuilt = existsSync(fileURLToPath(new URL('../../dist/worker.js', import.meta.url)));

const path = fromText('a.txt');
const keys = (strict: string, lenient = strict) => ({
  strict: strict.repeat(32),
  lenient: lenient.repeat(32),
});
const record = (strict: string, text = 'line\n') => ({ ...keys(strict), text, sample: null });

async function cacheWith(fingerprint: string, ...texts: string[]): Promise<string> {
  const file = join(temporaryFolder(), 'cache');
  const writer = new CacheWriter(file, fingerprint);
  for (const [i, text] of texts.entries()) writer.add(record('abcdef'[i]!, text));
  writer.finish();
  return file;
}

describe('a cache', () => {
  it('gives back what was put in, however long, and nothing else', async () => {
    const texts = ['short\n', `${'long ü '.repeat(20_000)}\n`, 'end\n'];
    const reader = await CacheReader.open(await cacheWith('f', ...texts), 'f', false);
    expect(texts.map((_, i) => reader.find(keys('abcdef'[i]!))?.text)).toEqual(texts);
    expect(reader.find(keys('e'))).toBeNull();
    reader.close();
  });

  it('counts as empty under another version, policy or set of marks', async () => {
    const reader = await CacheReader.open(await cacheWith('one policy', 'line\n'), 'another policy', false);
    expect(reader.find(keys('a'))).toBeNull();
  });

  it('counts as empty where it was damaged', async () => {
    const file = await cacheWith('f', 'line\n', 'other\n');
    for (const bytes of [
      readFileSync(file).subarray(0, 200),
      readFileSync(file).subarray(1),
      Buffer.alloc(0),
      Buffer.from('x\n'),
    ]) {
      writeFileSync(file, bytes);
      const reader = await CacheReader.open(file, 'f', false);
      expect([null, 'line\n']).toContain(reader.find(keys('a'))?.text ?? null);
      expect(reader.find(keys('b'))).toBeNull();
      reader.close();
    }
  });

  it('leaves the old results where the new ones are not complete', async () => {
    const file = await cacheWith('f', 'line\n');
    const writer = new CacheWriter(file, 'f');
    writer.add(record('b'));
    writer.drop();
    expect(readdirSync(join(file, '..'))).toEqual(['cache']);
    const reader = await CacheReader.open(file, 'f', false);
    expect(reader.find(keys('a'))?.text).toBe('line\n');
    reader.close();
  });

  it.skipIf(process.getuid === undefined)('that others may write is refused', async () => {
    const file = await cacheWith('f', 'line\n');
    chmodSync(file, 0o666);
    await expect(CacheReader.open(file, 'f', false)).rejects.toThrow('others may write');
  });
});

describe('what a file must be to count as the same', () => {
  const stats = { dev: 1n, ino: 2n, size: 3n, mtimeNs: 4n, ctimeNs: 5n } as Parameters<typeof cacheKeysOf>[1];

  it.each(['dev', 'ino', 'size', 'mtimeNs'] as const)('another %s makes another file', (field) => {
    const other = cacheKeysOf(path, { ...stats, [field]: 9n } as typeof stats);
    expect(other.strict).not.toBe(cacheKeysOf(path, stats).strict);
    expect(other.lenient).not.toBe(cacheKeysOf(path, stats).lenient);
  });

  it('another time of change does, unless times of modification are trusted; another name does always', () => {
    const touched = cacheKeysOf(path, { ...stats, ctimeNs: 9n } as typeof stats);
    expect(touched.strict).not.toBe(cacheKeysOf(path, stats).strict);
    expect(touched.lenient).toBe(cacheKeysOf(path, stats).lenient);
    expect(cacheKeysOf(fromText('a.txt.locked'), stats).lenient).not.toBe(touched.lenient);
  });

  it('a file that was written a moment ago, or in the future, is not kept', () => {
    const now = Date.now();
    const at = (ms: number) =>
      ({ ...stats, mtimeNs: 0n, ctimeNs: BigInt(now + ms) * 1_000_000n }) as typeof stats;
    expect([-120_000, -30_000, 0, 60_000].map((ms) => hasRested(at(ms), now))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

/** The records of a cache, made as if its files had rested. */
describe.runIf(isBuilt)('a scan with a cache', () => {
  async function linesOf(folder: string, options: ScanOptions): Promise<FileLine[]> {
    const files: FileLine[] = [];
    for await (const line of scan([folder], { workers: 1, ...options }))
      if (line.type === 'file') files.push(line);
    return files;
  }

  /** Puts a line into the cache that no examination would give: where it comes back, the cache was used. */
  async function planted(folder: string, name: string, file: string): Promise<void> {
    await linesOf(folder, { cache: { file } });
    const fingerprint = (JSON.parse(readFileSync(file, 'utf8').split('\n')[0]!) as { fingerprint: string })
      .fingerprint;
    const writer = new CacheWriter(file, fingerprint);
    const place = join(folder, name);
    const line = lineOn(place, { size: 7, format: 'planted' });
    writer.add({
      ...cacheKeysOf(fromText(place), statSync(place, { bigint: true })),
      text: `${JSON.stringify(line)}\n`,
      sample: null,
    });
    writer.finish();
  }

  function makeFolder(): { folder: string; file: string } {
    const folder = join(temporaryFolder(), 'data');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.txt'), honestText(50));
    return { folder, file: join(folder, '..', 'cache') };
  }

  it('uses results of files that are the same, and examines those that were touched', async () => {
    const { folder, file } = makeFolder();
    await planted(folder, 'a.txt', file);
    expect(await linesOf(folder, { cache: { file } })).toMatchObject([{ format: 'planted' }]);
    expect(await linesOf(folder, { cache: { file } })).toMatchObject([{ format: 'planted' }]);
    const { atime, mtime } = statSync(join(folder, 'a.txt'));
    utimesSync(join(folder, 'a.txt'), atime, mtime);
    expect((await linesOf(folder, { cache: { file } }))[0]!.format).not.toBe('planted');
  });

  it('is not deceived by bytes that changed under an old time', async () => {
    const { folder, file } = makeFolder();
    utimesSync(join(folder, 'a.txt'), new Date(1e12), new Date(1e12));
    await planted(folder, 'a.txt', file);
    writeFileSync(join(folder, 'a.txt'), honestText(50).toUpperCase());
    utimesSync(join(folder, 'a.txt'), new Date(1e12), new Date(1e12));
    expect((await linesOf(folder, { cache: { file } }))[0]!.format).not.toBe('planted');
    await planted(folder, 'a.txt', file);
    utimesSync(join(folder, 'a.txt'), new Date(1e12), new Date(1e12));
    expect(await linesOf(folder, { cache: { file, trustMtime: true } })).toMatchObject([
      { format: 'planted' },
    ]);
  });

  it('uses nothing of another policy, and nothing of a file that was renamed', async () => {
    const { folder, file } = makeFolder();
    await planted(folder, 'a.txt', file);
    expect((await linesOf(folder, { cache: { file }, policy: { floor: 512 } }))[0]!.format).not.toBe(
      'planted',
    );
    await planted(folder, 'a.txt', file);
    renameSync(join(folder, 'a.txt'), join(folder, 'b.txt'));
    expect((await linesOf(folder, { cache: { file } }))[0]!.format).not.toBe('planted');
  });

  it('keeps no result of a file that was written a moment ago', async () => {
    const { folder, file } = makeFolder();
    await linesOf(folder, { cache: { file } });
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  it('refuses a cache among the files to examine, and one with plug-ins', async () => {
    const { folder, file } = makeFolder();
    await expect(linesOf(folder, { cache: { file: join(folder, 'cache') } })).rejects.toBeInstanceOf(
      CacheError,
    );
    const plugins = [new URL('plugins/empty.mjs', import.meta.url)];
    await expect(linesOf(folder, { cache: { file }, plugins })).rejects.toBeInstanceOf(CacheError);
    await expect(linesOf(folder, { cache: { file: '/no/such/folder/cache' } })).rejects.toBeInstanceOf(
      CacheError,
    );
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });
});
