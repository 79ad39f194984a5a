import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import type { FileLine, ReportLine } from '../../../src/report/line.ts';
import { toNdjson } from '../../../src/report/ndjson.ts';
import type { ScanOptions } from '../../../src/scan/options.ts';
import { scan } from '../../../src/scan/scan.ts';
import { buildDisk, buildFat, type FatFiles } from '../../support/fat-image.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fixture } from '../../support/ntfs.ts';
import { randomBytes } from '../../support/random.ts';
import { parseReport } from '../../support/schema.ts';

const isBuilt = existsSync(fileURLToPath(new URL('../../../dist/worker.js', import.meta.url)));
if (!isBuilt) console.warn('the worker is not built (npm run build): tests of scans of images are skipped');

vi.setConfig({ testTimeout: 120_000 });

const hostile = new URL('../plugins/hostile.mjs', import.meta.url);
const honest = Buffer.from(Array.from({ length: 60 }, (_, i) => `Line ${i} of an honest report.\n`).join(''));

function write(name: string, bytes: Uint8Array, folder = temporaryFolder()): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

/** All lines, each of which fits the schema. */
async function collect(root: string, options: ScanOptions = {}): Promise<ReportLine[]> {
  const lines: ReportLine[] = [];
  for await (const line of scan([root], { workers: 2, ...options })) lines.push(line);
  return parseReport(lines.map(toNdjson).join(''));
}

const filesOf = (lines: readonly ReportLine[]) =>
  lines.filter((line): line is FileLine => line.type === 'file');

function shortPaths(lines: readonly ReportLine[], root: string): Record<string, string> {
  return Object.fromEntries(
    filesOf(lines).map(({ path, verdict }) => [path.text.slice(root.length + 1), verdict]),
  );
}

function manyFiles(count: number): FatFiles {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`d${i % 7}/f${i}.txt`, honest.subarray(0, 40 + (i % 900))]),
  );
}

describe.runIf(isBuilt)('a scan of a disk image', () => {
  it('examines each file in it like any other, and says where it stands', async () => {
    const path = write(
      'disk.raw',
      buildDisk(buildFat({ 'docs/honest.txt': honest, 'docs/hit.docx': randomBytes(9000) })),
    );
    const lines = await collect(path, { sha256: true });
    expect(shortPaths(lines, path)).toEqual({
      'p1/docs/honest.txt': 'intact',
      'p1/docs/hit.docx': 'encrypted',
    });
    const file = filesOf(lines).find(({ verdict }) => verdict === 'intact')!;
    expect(file.origin).toMatchObject({ image: { text: path }, volume: 'p1', fileSystem: 'fat12' });
    expect(file.origin!.times.created).toBe('2023-11-14T22:13:20.000Z');
    expect(file.extents).toHaveLength(1);
    expect(file.sha256).toBe(createHash('sha256').update(honest).digest('hex'));
    expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(['image', 'volume', 'space']));
  });

  it('gives the same lines whatever the number of workers', async () => {
    const path = write('disk.raw', buildDisk(buildFat(manyFiles(900)), fixture()));
    const runs = [];
    for (const workers of [1, 2, 3]) {
      const lines = (await collect(path, { workers })).filter(
        ({ type }) => type !== 'scan' && type !== 'end',
      );
      runs.push(lines.map((line) => JSON.stringify(line)).sort());
    }
    expect(runs[0]!.length).toBeGreaterThan(950);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });

  it('loses one file to a verifier that hangs, and one to a verifier that ends the thread', async () => {
    const files = {
      ...manyFiles(50),
      'd1/a': Buffer.from('hostile loops x'),
      'd3/b': Buffer.from('hostile exits x'),
    };
    const path = write('disk.raw', buildDisk(buildFat(files)));
    const lines = await collect(path, { plugins: [hostile], patience: 1500 });
    const verdicts = shortPaths(lines, path);
    expect(Object.keys(verdicts)).toHaveLength(52);
    expect([verdicts['p1/d1/a'], verdicts['p1/d3/b']]).toEqual(['unread', 'unread']);
    expect(Object.values(verdicts).filter((verdict) => verdict === 'unread')).toHaveLength(2);
  });

  it('lists what matches, relative to the image', async () => {
    const path = write(
      'disk.raw',
      buildDisk(buildFat({ 'a.txt': honest, 'docs/b.txt': honest, 'docs/c.md': honest })),
    );
    expect(Object.keys(shortPaths(await collect(path, { include: ['p1/docs/**'] }), path))).toEqual([
      'p1/docs/b.txt',
      'p1/docs/c.md',
    ]);
    expect(Object.keys(shortPaths(await collect(path, { exclude: ['*.md'] }), path))).toHaveLength(2);
  });

  it('skips files that did not change since a time', async () => {
    const path = write('disk.raw', buildFat({ 'a.txt': honest }));
    const lines = await collect(path, { since: new Date('2024-01-01') });
    expect(lines.filter(({ type }) => type === 'skipped')).toHaveLength(1);
  });

  it('examines it as the file that it is, where that is wanted or nothing is found in it', async () => {
    const image = write('disk.raw', buildFat({ 'a.txt': honest }));
    expect(shortPaths(await collect(image, { images: false }), `${image}/..`)).not.toEqual({});
    expect(filesOf(await collect(image, { images: false })).map(({ path }) => path.text)).toEqual([image]);
    const text = write('notes.txt', honest);
    expect(filesOf(await collect(text)).map(({ path, verdict }) => [path.text, verdict])).toEqual([
      [text, 'intact'],
    ]);
  });

  it('opens images in folders on request, and takes their parts for what they are', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'vm'));
    const disk = buildDisk(buildFat({ 'a.txt': honest }));
    const half = disk.length / 2 - ((disk.length / 2) % 512);
    write('disk.001', disk.subarray(0, half), join(folder, 'vm'));
    write('disk.002', disk.subarray(half), join(folder, 'vm'));
    const lines = await collect(folder, { images: true });
    expect(shortPaths(lines, folder)).toEqual({ 'vm/disk.001/p1/a.txt': 'intact' });
    expect(lines.find(({ type }) => type === 'skipped')).toMatchObject({
      why: expect.stringContaining('disk.001'),
    });
    expect(filesOf(await collect(folder)).map(({ origin }) => origin)).toEqual([undefined, undefined]);
  });

  it('finds what stands in an image that was hit itself, even without its partition table', async () => {
    const disk = Buffer.concat([Buffer.alloc(1 << 20), fixture(), Buffer.alloc(4 << 20)]);
    for (let at = 0; at < disk.length; at += 1 << 20) randomBytes(8 << 10).copy(disk, at);
    const path = write('disk-flat.vmdk', disk);
    const lines = await collect(path, { hit: true, sha256: true });
    const untouched = filesOf(lines).filter(({ origin }) => origin?.found?.state === 'untouched');
    const whole = await collect(write('volume.raw', fixture()), { sha256: true });
    const hashes = new Map(
      filesOf(whole).map(({ path: { text }, sha256 }) => [text.split('volume.raw/')[1], sha256]),
    );
    expect(untouched.length).toBeGreaterThan(50);
    for (const {
      path: { text },
      sha256,
    } of untouched)
      expect(sha256, text).toBe(hashes.get(text.split('/v1/')[1]));
    expect(filesOf(lines).filter(({ reasons }) => reasons[0]?.code === 'R703').length).toBeGreaterThan(0);
  });

  it('says so where no encrypted ranges are found', async () => {
    const path = write('disk.raw', buildFat({ 'a.txt': honest }));
    const lines = await collect(path, { hit: true });
    expect(lines.find(({ type }) => type === 'unread')).toMatchObject({
      why: expect.stringContaining('no order'),
    });
    expect(filesOf(lines)[0]!.origin!.found).toBeUndefined();
  });
});
