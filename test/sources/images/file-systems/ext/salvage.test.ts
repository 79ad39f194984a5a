import { describe, expect, it } from 'vitest';
import type { Range } from '../../../../../src/bytes/range.ts';
import { BufferSource } from '../../../../../src/bytes/source.ts';
import { displayText } from '../../../../../src/sources/folders/path-text.ts';
import type { SalvagedEntry } from '../../../../../src/sources/images/file-system.ts';
import { Damage } from '../../../../../src/sources/images/file-systems/damage.ts';
import { extSalvager } from '../../../../../src/sources/images/file-systems/ext/salvage/salvager.ts';
import { bytesOf, openVolume, unpackImage } from '../../../../support/image-fixtures.ts';
import { randomFill } from '../../../../support/random.ts';

const KiB = 1024;

function hit(name: string, damage: readonly Range[]): Buffer {
  const bytes = unpackImage(name);
  for (const { start, end } of damage) randomFill(bytes, start, end - start);
  return bytes;
}

function salvage(bytes: Buffer, damage: readonly Range[]): SalvagedEntry[] {
  return [...extSalvager.salvage(new BufferSource(bytes), damage).entries];
}

/** Every 7th piece of `length` bytes from `start`. */
function periodic(length: number, start: number, size: number): Range[] {
  const ranges: Range[] = [];
  for (let at = start; at < size; at += 7 * length)
    ranges.push({ start: at, end: Math.min(at + length, size) });
  return ranges;
}

describe('salvage of ext', () => {
  it('finds everything, untouched and with its full path, where nothing was hit', () => {
    const genuine = [...openVolume(unpackImage('ext4')).entries()];
    const found = salvage(unpackImage('ext4'), []);
    expect(found.map(({ path }) => path).sort()).toEqual(genuine.map(({ path }) => path).sort());
    expect(found.every(({ state, naming }) => state === 'untouched' && naming === 'full')).toBe(true);
  });

  it('claims nothing in random bytes', () => {
    const damage = [{ start: 0, end: 4 * KiB * KiB }];
    const bytes = hit('ext4', damage);
    expect(extSalvager.recognise(new BufferSource(bytes), damage)).toBe(false);
    expect(salvage(bytes, damage)).toEqual([]);
    expect(salvage(bytes, [])).toEqual([]);
  });

  it.each(['ext2', 'ext4', 'ext4-inline'])('never calls a file of a hit %s untouched that is not', (name) => {
    const genuine = new Map([...openVolume(unpackImage(name)).entries()].map((entry) => [entry.id, entry]));
    const size = unpackImage(name).length;
    for (let start = 3 * KiB; start < 200 * KiB; start += 13 * KiB) {
      const damage = periodic(8 * KiB, start, size);
      for (const entry of salvage(hit(name, damage), damage)) {
        if (entry.kind !== 'file' || entry.state !== 'untouched') continue;
        const original = genuine.get(entry.id)!;
        expect(bytesOf(entry).equals(bytesOf(original))).toBe(true);
        if (entry.naming === 'full') expect(displayText(entry.path)).toBe(displayText(original.path));
      }
    }
  });

  it('finds every file whose inode and contents were not hit', () => {
    const genuine = [...openVolume(unpackImage('ext4')).entries()].filter(({ kind }) => kind === 'file');
    for (let start = 3 * KiB; start < 100 * KiB; start += 9 * KiB) {
      const damage = periodic(4 * KiB, start, 4 * KiB * KiB);
      const map = new Damage(damage);
      const whole = genuine.filter((entry) => {
        const stands = entry.metadata.every((range) => !map.hits(range.start, range.end));
        return stands && map.inFile(entry.extents()).length === 0;
      });
      const found = salvage(hit('ext4', damage), damage).filter(({ state }) => state === 'untouched');
      const numbers = new Set(found.map(({ id }) => id));
      expect(whole.filter(({ id }) => !numbers.has(id))).toEqual([]);
    }
  });

  it('gives the leaf of a path whose folder lost its name, with the number of the folder', () => {
    const fileSystem = openVolume(unpackImage('ext4'));
    const entries = [...fileSystem.entries()];
    const many = entries.find(({ path }) => path === 'many')!;
    // The root's one block.
    const bytes = unpackImage('ext4');
    const root = bytes.lastIndexOf('lost+found') - (bytes.lastIndexOf('lost+found') % KiB);
    const damage = [{ start: root, end: root + KiB }];
    const found = salvage(hit('ext4', damage), damage).find(({ path }) => path.endsWith('f0007.txt'))!;
    expect(found.path).toBe(`?/#${many.id}/f0007.txt`);
    expect(found.naming).toBe('leaf');
    expect(found.state).toBe('untouched');
  });

  it('says which bytes of a file were hit', () => {
    const big = [...openVolume(unpackImage('ext4')).entries()].find(({ path }) => path === 'big.txt')!;
    const extent = big.extents().find(({ start, end }) => end - start > 20_000);
    if (extent?.kind !== 'data') throw new Error('big.txt is stored');
    const damage = [{ start: extent.at + 5000, end: extent.at + 9000 }];
    const found = salvage(hit('ext4', damage), damage).find(({ path }) => path === 'big.txt')!;
    expect(found.state).toBe('partial');
    expect(found.damaged).toEqual([{ start: extent.start + 5000, end: extent.start + 9000 }]);
  });

  it('names a file whose inode was hit, and says that its contents are not known', () => {
    const hello = [...openVolume(unpackImage('ext4')).entries()].find(({ path }) => path === 'hello.txt')!;
    const found = salvage(hit('ext4', hello.metadata), hello.metadata).find(
      ({ path }) => path === 'hello.txt',
    )!;
    expect(found).toMatchObject({ state: 'unknown', naming: 'full', unreadable: 'its inode is lost' });
  });
});
