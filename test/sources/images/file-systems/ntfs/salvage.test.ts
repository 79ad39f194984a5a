import { describe, expect, it } from 'vitest';
import type { Range } from '../../../../../src/bytes/range.ts';
import { intersection, union } from '../../../../../src/bytes/range.ts';
import { BufferSource } from '../../../../../src/bytes/source.ts';
import { toBuffer } from '../../../../../src/sources/folders/path.ts';
import type { SalvagedEntry } from '../../../../../src/sources/images/file-system.ts';
import { ntfsSalvager } from '../../../../../src/sources/images/file-systems/ntfs/salvage/salvager.ts';
import { contentsOf, entriesOf, fixture, MFT, RECORD } from '../../../../support/ntfs.ts';
import { randomBytes, randomFill } from '../../../../support/random.ts';

const KiB = 1024;
const SIZE = 4096 * KiB;
const MIRROR = 2047 * KiB;

function hit(damage: readonly Range[], image = fixture()): Buffer {
  for (const { start, end } of damage) randomFill(image, start, end - start);
  return image;
}

function salvage(damage: readonly Range[], image = hit(damage)) {
  const { entries, notices } = ntfsSalvager.salvage(new BufferSource(image), damage);
  const byPath = new Map<string, SalvagedEntry>();
  for (const entry of entries) byPath.set(toBuffer(entry.path).toString(), entry);
  return { byPath, notices };
}

/** Ranges of `length` at each `period`, the first at `phase`. */
function every(period: number, phase: number, length: number): Range[] {
  const ranges: Range[] = [];
  for (let start = phase; start < SIZE; start += period) {
    ranges.push({ start, end: Math.min(start + length, SIZE) });
  }
  return ranges;
}

/** The files of which nothing was hit, by the whole volume. */
function clean(damage: readonly Range[]) {
  return [...entriesOf()].filter(([, entry]) => {
    if (entry.kind !== 'file') return false;
    const stored = entry.extents().flatMap((extent) => {
      if (extent.kind === 'zero') return [];
      const length = extent.kind === 'compressed' ? extent.stored : extent.end - extent.start;
      return [{ start: extent.at, end: extent.at + length }];
    });
    return intersection(damage, union([...entry.metadata, ...stored])).length === 0;
  });
}

const layouts: readonly [string, readonly Range[]][] = [
  ['its first 16 KiB', [{ start: 0, end: 16 * KiB }]],
  ['16 KiB of each 64', every(64 * KiB, 0, 16 * KiB)],
  ['16 KiB of each 64, from 16 KiB on', every(64 * KiB, 16 * KiB, 16 * KiB)],
  ['4 KiB of each 8', every(8 * KiB, 0, 4 * KiB)],
  ['4 KiB of each 8, from 4 KiB on', every(8 * KiB, 4 * KiB, 4 * KiB)],
  ['its second half', [{ start: SIZE / 2, end: SIZE }]],
  [
    'both boot sectors',
    [
      { start: 0, end: 512 },
      { start: SIZE - 512, end: SIZE },
    ],
  ],
  [
    'record 0 and its copy',
    [
      { start: MFT, end: MFT + RECORD },
      { start: MIRROR, end: MIRROR + RECORD },
    ],
  ],
  [
    'boot sectors, record 0 and its copy',
    [
      { start: 0, end: 512 },
      { start: MFT, end: MFT + RECORD },
      { start: MIRROR, end: MIRROR + RECORD },
      { start: SIZE - 512, end: SIZE },
    ],
  ],
];

describe('the salvager of NTFS', () => {
  it.each(layouts)('finds every file that was not hit, and no wrong bytes, where %s are', (_, damage) => {
    const image = hit(damage);
    expect(ntfsSalvager.recognise(new BufferSource(image), damage)).toBe(true);
    const { byPath } = salvage(damage, image);
    const whole = entriesOf();
    const byName = new Map([...byPath.values()].map((entry) => [`${entry.id} ${leafOf(entry.path)}`, entry]));
    for (const [path, entry] of clean(damage)) {
      const found = byPath.get(path) ?? byName.get(`${entry.id} ${leafOf(entry.path)}`);
      expect(found?.state, path).toBe('untouched');
      expect(contentsOf(found!).equals(contentsOf(entry)), path).toBe(true);
    }
    for (const [path, { naming, kind, state }] of byPath) {
      if (naming === 'full' && kind === 'file') expect(whole.has(path), path).toBe(true);
      if (naming === 'leaf') expect(path).toMatch(/^\?\/#\d+\//);
      if (state === 'untouched' && naming === 'full' && kind === 'file') {
        expect(contentsOf(byPath.get(path)!).equals(contentsOf(whole.get(path)!)), path).toBe(true);
      }
    }
  });

  it('finds nothing hit where nothing is', () => {
    const { byPath } = salvage([]);
    expect(byPath.size).toBe(entriesOf().size);
    expect(
      [...byPath.values()].every(({ state, naming }) => state === 'untouched' && naming === 'full'),
    ).toBe(true);
  });

  it('claims nothing in random bytes', () => {
    const image = randomBytes(SIZE);
    expect(ntfsSalvager.recognise(new BufferSource(image), [])).toBe(false);
    expect(salvage([], image).byPath.size).toBe(0);
  });

  it('says which bytes of a file are hit', () => {
    const extent = entriesOf().get('docs/report.txt')!.extents()[0]!;
    const at = extent.kind === 'data' ? extent.at : 0;
    const { byPath } = salvage([{ start: at + 3000, end: at + 5000 }]);
    const { state, damaged } = byPath.get('docs/report.txt')!;
    expect([state, damaged]).toEqual(['partial', [{ start: 3000, end: 5000 }]]);
  });

  it('holds a whole unit of compression for hit where a part of it is', () => {
    const extent = entriesOf()
      .get('packed/text.txt')!
      .extents()
      .find(({ kind }) => kind === 'compressed')!;
    const at = extent.kind === 'compressed' ? extent.at : 0;
    const { byPath } = salvage([{ start: at, end: at + 16 }]);
    expect(byPath.get('packed/text.txt')!.damaged).toEqual([{ start: extent.start, end: extent.end }]);
  });

  it('does not count the slack behind the end of a file', () => {
    const extent = entriesOf().get('docs/report.txt')!.extents().at(-1)!;
    const end = extent.kind === 'data' ? extent.at + extent.end - extent.start : 0;
    expect(salvage([{ start: end, end: end + 30 }]).byPath.get('docs/report.txt')!.state).toBe('untouched');
  });

  it('knows the name of a lost record from the index of its folder, but no contents', () => {
    const damage = [{ start: MFT + 72 * RECORD, end: MFT + 73 * RECORD }];
    const entry = salvage(damage).byPath.get('docs/report.txt')!;
    expect([entry.state, entry.naming, entry.kind]).toEqual(['unknown', 'full', 'file']);
    expect(() => entry.open()).toThrow('record 72 is lost');
  });

  it('knows the path of files in a lost folder whose name is left', () => {
    const damage = [{ start: MFT + 71 * RECORD, end: MFT + 72 * RECORD }];
    const { byPath } = salvage(damage);
    expect([byPath.get('docs')!.state, byPath.get('docs')!.kind]).toEqual(['unknown', 'folder']);
    expect(byPath.get('docs/report.txt')!.state).toBe('untouched');
  });

  it('does not know the extents of a file of which a further record is hit', () => {
    const { byPath } = salvage([{ start: MFT + 145 * RECORD, end: MFT + 146 * RECORD }]);
    expect(byPath.get('scattered.bin')!.state).toBe('unknown');
  });

  it('says that the damage may be more than was told where records are broken elsewhere', () => {
    const image = fixture();
    randomFill(image, MFT + 100 * RECORD, 4);
    image[MFT + 101 * RECORD + 510]! ^= 1;
    const { notices } = salvage([], image);
    expect(notices.some(({ text }) => text.includes('outside of what is said to be damaged'))).toBe(true);
  });
});

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
