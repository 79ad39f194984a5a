import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BufferSource } from '../../src/bytes/source.ts';
import { SafeFolder } from '../../src/salvage/safe-folder.ts';
import {
  findSalvageable,
  type SalvagedItem,
  type SalvageOptions,
  salvage,
} from '../../src/salvage/salvage.ts';
import { corpusFiles, hasCorpus } from '../support/corpus.ts';
import { temporaryFolder } from '../support/folder.ts';
import { randomFill } from '../support/random.ts';
import { zipOf } from '../support/zip-builder.ts';

vi.setConfig({ testTimeout: 120_000 });

const KiB = 1024;

/** How ransomware leaves files: the ranges that it encrypts. */
const layouts: Readonly<Record<string, (size: number) => [number, number][]>> = {
  'its first 4 KiB': () => [[0, 4 * KiB]],
  'its last 4 KiB': (size) => [[size - 4 * KiB, size]],
  'every other 16 KiB': (size) =>
    Array.from({ length: Math.ceil(size / (32 * KiB)) }, (_, i) => [32 * KiB * i, 32 * KiB * i + 16 * KiB]),
  'all but its first 32 KiB': (size) => [[32 * KiB, size]],
};

function attack(bytes: Uint8Array, layout: string): Buffer {
  const hit = Buffer.from(bytes);
  for (const [start, end] of layouts[layout]!(bytes.length)) {
    const from = Math.max(0, start);
    if (from < bytes.length) randomFill(hit, from, Math.min(end, bytes.length) - from);
  }
  return hit;
}

interface Salvaged extends SalvagedItem {
  readonly bytes: Buffer;
}

/** Salvages into a folder, and reads what was written; the manifest must agree with it. */
function pullOut(bytes: Uint8Array, name: string, options: SalvageOptions = {}): Salvaged[] {
  const above = temporaryFolder();
  const evidence = join(above, 'evidence', name);
  mkdirSync(join(above, 'evidence'));
  writeFileSync(evidence, bytes);
  const folder = SafeFolder.make(join(above, 'out'), [evidence]);
  const end = salvage(new BufferSource(bytes), folder, { name, ...options });
  folder.close();
  const manifest = readFileSync(join(above, 'out', 'manifest.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  const lines = manifest.map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ type: 'salvage', name, size: bytes.length });
  expect(lines.at(-1)).toEqual(end);
  const items = lines.slice(1, -1) as SalvagedItem[];
  expect(end.items).toBe(items.length);
  expect(readFileSync(evidence)).toEqual(Buffer.from(bytes));
  return items.map((item) => {
    const written = readFileSync(join(above, 'out', item.saved.path));
    expect(createHash('sha256').update(written).digest('hex')).toBe(item.saved.sha256);
    expect(written.length).toBe(item.size);
    return { ...item, bytes: written };
  });
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Digests of all members, and of those of archives among them. */
function contentsInside(whole: ReadonlyMap<string, Buffer>): Set<string> {
  const digests = new Set<string>();
  for (const [name, bytes] of whole) {
    digests.add(sha256(bytes));
    if (bytes.subarray(0, 2).toString() === 'PK')
      for (const inner of unpacked(bytes, name.slice(name.lastIndexOf('/') + 1)).values())
        digests.add(sha256(inner));
  }
  return digests;
}

const unpacked = (bytes: Uint8Array, name: string) =>
  new Map(pullOut(bytes, name).map((item) => [item.name, item.bytes]));

describe('salvage of a zip archive', () => {
  it.skipIf(!hasCorpus)(
    'gives members of real documents and archives that equal those of the whole file, under every layout',
    () => {
      const taken = new Set<string>();
      const left: Record<string, number> = {};
      for (const { name, bytes } of corpusFiles('genuine', 'docx', 'xlsx', 'zip', 'epub')) {
        const type = name.slice(name.lastIndexOf('.'));
        if (bytes.length < 40 * KiB || bytes.length > 200 * KiB || taken.has(type)) continue;
        taken.add(type);
        const truth = unpacked(bytes, name);
        const inside = contentsInside(truth);
        for (const layout of Object.keys(layouts)) {
          for (const { name: member, bytes: found } of pullOut(attack(bytes, layout), name)) {
            // An archive in the archive that was hit leaves its own members.
            const isWhole = truth.get(member)?.equals(found) ?? inside.has(sha256(found));
            expect(isWhole, `${name} ${layout}: ${member}`).toBe(true);
            left[layout] = (left[layout] ?? 0) + 1;
          }
        }
      }
      for (const layout of Object.keys(layouts)) expect(left[layout]).toBeGreaterThan(0);
    },
  );

  it('gives them without the directory', () => {
    const text = 'Lines of a letter that somebody wrote.\n'.repeat(40);
    const zip = zipOf([
      { name: 'a/letter.txt', content: Buffer.from(text) },
      { name: 'b.txt', content: Buffer.from('short') },
    ]);
    const cut = zip.subarray(0, zip.indexOf('PK\x01\x02'));
    expect(pullOut(cut, 'x.zip').map(({ name }) => name)).toEqual(['a/letter.txt', 'b.txt']);
  });

  it('never leaves its folder, whatever members are called, and overwrites nothing', () => {
    const names = [
      '../../outside.txt',
      '/etc/passwd',
      'a\\..\\b',
      'same.txt',
      'same.txt',
      'con',
      '\u0007bell\u202e.txt',
    ];
    const zip = zipOf(names.map((name, i) => ({ name, content: Buffer.from(`content ${i}\n`) })));
    const items = pullOut(zip, 'hostile.zip');
    expect(items.map(({ bytes }) => bytes.toString()).sort()).toEqual(
      names.map((_, i) => `content ${i}\n`).sort(),
    );
    for (const { saved } of items) {
      expect(saved.path.startsWith('files/')).toBe(true);
      expect(saved.path.split('/')).not.toContain('..');
    }
  });

  it('does not give ciphertext, though its checksum agrees', () => {
    const secret = Buffer.alloc(20_000);
    randomFill(secret);
    expect(pullOut(zipOf([{ name: 'report.docx', content: secret }]), 'report.zip')).toEqual([]);
  });

  it('writes no more than it may', () => {
    const zip = zipOf(
      Array.from({ length: 20 }, (_, i) => ({
        name: `${i}.txt`,
        content: Buffer.from(`${i}\n`.repeat(500)),
      })),
    );
    expect(pullOut(zip, 'x.zip', { limits: { items: 5 } })).toHaveLength(5);
    expect(pullOut(zip, 'x.zip', { limits: { bytes: 2500 } })).toHaveLength(2);
    const found = findSalvageable(new BufferSource(zip), { name: 'x.zip', limits: { items: 5 } });
    expect(found.stopped).toBe('more than 5 items');
  });
});

/** Runs of a file that stand in the attacked copy as they were: pieces must come from there. */
function isUntouched(whole: Uint8Array, { ranges, bytes }: Salvaged): boolean {
  const original = Buffer.from(whole);
  return Buffer.concat(ranges.map(({ start, end }) => original.subarray(start, end))).equals(bytes);
}

/** All pieces of all copies under all layouts; each must be as it was in the whole file. */
function pullFromAll(files: Iterable<{ name: string; bytes: Uint8Array }>): Record<string, number> {
  const left: Record<string, number> = {};
  for (const { name, bytes } of files) {
    for (const layout of Object.keys(layouts)) {
      for (const item of pullOut(attack(bytes, layout), name)) {
        if (item.kind === 'member') continue;
        expect(isUntouched(bytes, item), `${name} ${layout}: ${item.name}`).toBe(true);
        left[layout] = (left[layout] ?? 0) + 1;
      }
    }
  }
  return left;
}

describe('salvage of a mailbox', () => {
  const message = (i: number) =>
    `From ann@example.org Mon Jan  5 10:${String(i % 60).padStart(2, '0')}:00 2026\nFrom: Ann <ann@example.org>\nTo: Bob <bob@example.org>\nSubject: Number ${i}\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n\n${Array.from({ length: 30 }, (_, line) => `Line ${line} of letter ${i} says ${(line * 7919 * i) % 9973}.`).join('\n')}\n\n`;
  const mailbox = Buffer.from(Array.from({ length: 200 }, (_, i) => message(i)).join(''));

  it('gives all messages of a whole one', () => {
    const items = pullOut(mailbox, 'inbox.mbox').filter(({ kind }) => kind === 'message');
    expect(Buffer.concat(items.map(({ bytes }) => bytes)).equals(mailbox)).toBe(true);
  });

  it('gives those outside of the ciphertext, under every layout, and no other', () => {
    const left = pullFromAll([{ name: 'inbox.mbox', bytes: mailbox }]);
    expect(left).toMatchObject({
      'its first 4 KiB': expect.any(Number),
      'every other 16 KiB': expect.any(Number),
    });
    expect(left['its first 4 KiB']).toBeGreaterThan(190);
    expect(left['every other 16 KiB']).toBeGreaterThan(60);
  });
});

describe.skipIf(!hasCorpus)('salvage of databases, PDF files and office files of the corpus', () => {
  const some = (least: number, ...types: string[]) =>
    [...corpusFiles('genuine', ...types)]
      .filter(({ bytes }) => bytes.length >= least && bytes.length < 400 * KiB)
      .slice(0, 5);

  it('gives pages of SQLite databases as they were, the first page lost or not', () => {
    const left = pullFromAll(some(60 * KiB, 'sqlite'));
    expect(left['its first 4 KiB']).toBeGreaterThan(0);
    expect(left['every other 16 KiB']).toBeGreaterThan(0);
  });

  it('gives objects of PDF files as they were', () => {
    const left = pullFromAll(some(40 * KiB, 'pdf'));
    expect(left['its last 4 KiB']).toBeGreaterThan(0);
    expect(left['its first 4 KiB']).toBeGreaterThan(0);
  });

  it('gives streams of OLE2 files as they were', () => {
    pullFromAll(some(40 * KiB, 'doc', 'xls', 'ppt', 'msg'));
  });
});

describe.skipIf(!hasCorpus)('salvage of a tape', () => {
  it('gives the files that prove themselves', () => {
    for (const { name, bytes } of [...corpusFiles('genuine', 'tar')]
      .filter((file) => file.bytes.length > 40 * KiB)
      .slice(0, 3)) {
      const truth = unpacked(bytes, name);
      for (const layout of Object.keys(layouts)) {
        for (const { name: member, bytes: found } of pullOut(attack(bytes, layout), name))
          expect(found.equals(truth.get(member) ?? Buffer.alloc(0)), `${name} ${layout}: ${member}`).toBe(
            true,
          );
      }
    }
  });
});
