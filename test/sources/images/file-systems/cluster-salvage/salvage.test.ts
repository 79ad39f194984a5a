import { describe, expect, it } from 'vitest';
import type { Range } from '../../../../../src/bytes/range.ts';
import { BufferSource } from '../../../../../src/bytes/source.ts';
import { displayText } from '../../../../../src/sources/folders/path-text.ts';
import type { SalvagedEntry } from '../../../../../src/sources/images/file-system.ts';
import { exfatSalvager } from '../../../../../src/sources/images/file-systems/exfat/salvage/salvager.ts';
import { fatSalvager } from '../../../../../src/sources/images/file-systems/fat/salvage/salvager.ts';
import { bytesOf, findEntry, linesOf, openVolume, unpackImage } from '../../../../support/image-fixtures.ts';
import { randomFill } from '../../../../support/random.ts';

const KiB = 1024;
const names = ['fat12', 'fat16', 'fat32', 'exfat'];

function hit(name: string, damage: readonly Range[]): Buffer {
  const bytes = unpackImage(name);
  for (const { start, end } of damage) randomFill(bytes, start, end - start);
  return bytes;
}

function salvage(name: string, bytes: Buffer, damage: readonly Range[]): SalvagedEntry[] {
  const salvager = name === 'exfat' ? exfatSalvager : fatSalvager;
  return [...salvager.salvage(new BufferSource(bytes), damage).entries];
}

/** Every 7th piece of `length` bytes from `start`. */
function periodic(length: number, start: number, size: number): Range[] {
  const ranges: Range[] = [];
  for (let at = start; at < size; at += 7 * length)
    ranges.push({ start: at, end: Math.min(at + length, size) });
  return ranges;
}

function folderOf(name: string, path: string): Range {
  const bytes = unpackImage(name);
  const inside = [...openVolume(bytes).entries()].filter((entry) =>
    displayText(entry.path).startsWith(`${path}/`),
  );
  const start = Math.min(...inside.flatMap(({ metadata }) => metadata.map((range) => range.start)));
  return { start, end: start + 512 };
}

describe('salvage of FAT and exFAT', () => {
  it.each(names)(
    'finds everything in %s, untouched and with its full path, where nothing was hit',
    (name) => {
      const found = salvage(name, unpackImage(name), []);
      expect(linesOf(found)).toEqual(linesOf(openVolume(unpackImage(name)).entries()));
      expect(found.every(({ state, naming }) => state === 'untouched' && naming === 'full')).toBe(true);
    },
  );

  it.each(names)('claims nothing in random bytes as long as %s', (name) => {
    const size = unpackImage(name).length;
    const damage = [{ start: 0, end: size }];
    const bytes = hit(name, damage);
    expect(salvage(name, bytes, damage)).toEqual([]);
    expect(salvage(name, bytes, [])).toEqual([]);
  });

  it.each(names)(
    'never calls a file of a hit %s untouched that is not, nor gives it a wrong name',
    (name) => {
      const genuine = new Map([...openVolume(unpackImage(name)).entries()].map((entry) => [entry.id, entry]));
      const size = unpackImage(name).length;
      for (let start = 512; start < 64 * KiB; start += size > 8192 * KiB ? 31 * KiB : 7 * 512) {
        const damage = periodic(2 * KiB, start, size);
        for (const entry of salvage(name, hit(name, damage), damage)) {
          const original = genuine.get(entry.id)!;
          if (entry.kind === 'file' && entry.state === 'untouched')
            expect(bytesOf(entry).equals(bytesOf(original))).toBe(true);
          const [claimed, right] = [displayText(entry.path), displayText(original.path)];
          if (entry.naming === 'full') expect(claimed).toBe(right);
          if (entry.naming === 'leaf') expect(claimed.split('/').at(-1)).toBe(right.split('/').at(-1));
        }
      }
    },
  );

  it.each(['fat32', 'exfat'])('uses the copy of the boot sector where that of %s was hit', (name) => {
    const damage = [{ start: 0, end: 512 }];
    const found = salvage(name, hit(name, damage), damage);
    expect(linesOf(found)).toEqual(linesOf(openVolume(unpackImage(name)).entries()));
  });

  it.each(['fat12', 'fat16', 'fat32'])('follows the second table of %s where the first was hit', (name) => {
    const bytes = unpackImage(name);
    const [start, sectors] = [bytes.readUInt16LE(14) * 512, bytes.readUInt16LE(22) || bytes.readUInt32LE(36)];
    const damage = [{ start, end: start + sectors * 512 }];
    const found = salvage(name, hit(name, damage), damage);
    expect(linesOf(found)).toEqual(linesOf(openVolume(unpackImage(name)).entries()));
  });

  it('does not follow a chain of which the tables say different things', () => {
    const bytes = unpackImage('fat16');
    const [start, sectors] = [bytes.readUInt16LE(14) * 512, bytes.readUInt16LE(22)];
    const { id } = findEntry(openVolume(bytes).entries(), 'big.txt');
    bytes[start + sectors * 512 + 2 * bytes.readUInt16LE(id + 26)]! ^= 1;
    const big = findEntry(salvage('fat16', bytes, []), 'big.txt') as SalvagedEntry;
    expect(big.state).toBe('unknown');
    expect(big.unreadable).toContain('as in its other copy');
  });

  it.each(names)('finds a folder of %s whose name is lost', (name) => {
    const bytes = unpackImage(name);
    const { metadata } = findEntry(openVolume(bytes).entries(), 'docs');
    for (const { start, end } of metadata) randomFill(bytes, start, end - start);
    const damage = metadata.map(({ start }) => ({
      start: start - (start % 512),
      end: start - (start % 512) + 512,
    }));
    for (const { start, end } of damage) randomFill(bytes, start, end - start);
    const lost = salvage(name, bytes, damage)
      .filter(({ naming }) => naming === 'leaf')
      .map(({ path }) => displayText(path).replace(/^\?\/#\d+\//, ''));
    expect(lost).toContain('report.txt');
    expect(lost).toContain('Long file name with spaces é.txt');
  });

  it('gives no short name to a file of FAT whose long one may be lost', () => {
    const place = folderOf('fat16', 'docs');
    const bytes = unpackImage('fat16');
    const long = findEntry(openVolume(bytes).entries(), 'docs/Long file name with spaces é.txt');
    const damage = [{ start: place.start, end: long.metadata.at(-1)!.start }];
    expect(damage[0]!.end).toBeGreaterThan(place.start);
    for (const entry of salvage('fat16', hit('fat16', damage), damage))
      expect(displayText(entry.path)).not.toContain('LONGFI~1');
  });
});
