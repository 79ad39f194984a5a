import { describe, expect, it } from 'vitest';
import { Broken } from '../../../../../src/bytes/errors.ts';
import { totalLength } from '../../../../../src/bytes/range.ts';
import { BufferSource } from '../../../../../src/bytes/source.ts';
import { displayText } from '../../../../../src/sources/folders/path-text.ts';
import { fat } from '../../../../../src/sources/images/file-systems/fat/fat.ts';
import {
  bytesOf,
  expectedLines,
  findEntry,
  linesOf,
  openVolume,
  unpackImage,
} from '../../../../support/image-fixtures.ts';
import { type Area, mutateVolume, readVolume } from '../../../../support/mutate-volume.ts';

const texts = (notices: readonly { readonly text: string }[]) => notices.map(({ text }) => text).join('; ');
const fatAt = (bytes: Buffer) => bytes.readUInt16LE(14) * bytes.readUInt16LE(11);

describe('FAT', () => {
  // The lists are of fls and icat (Sleuth Kit 4.11); the images of mkfs.fat 4.2 and mcopy 4.0.
  it.each(['fat12', 'fat16', 'fat32'])('reads all files of %s as the Sleuth Kit does', (name) => {
    const fileSystem = openVolume(unpackImage(name));
    expect(fileSystem.id).toBe(name);
    expect(linesOf(fileSystem.entries())).toEqual(expectedLines(name));
  });

  it('has no free space twice, and none that a file uses', () => {
    const fileSystem = openVolume(unpackImage('fat16'));
    const used = [...fileSystem.entries()].flatMap((entry) => entry.extents());
    const free = [...fileSystem.unallocated()];
    const all = [
      ...used.map((extent) => ('at' in extent ? extent.at : 0)),
      ...free.map(({ start }) => start),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(totalLength(free)).toBeGreaterThan(0);
  });

  it('says that the copies of the table differ, and uses the first', () => {
    const bytes = unpackImage('fat16');
    bytes[fatAt(bytes) + bytes.readUInt16LE(22) * 512 + 600]! ^= 1;
    const fileSystem = openVolume(bytes);
    expect(texts(fileSystem.notices)).toContain('copy 2 of the file allocation table differs in 1 sectors');
    expect(linesOf(fileSystem.entries())).toEqual(expectedLines('fat16'));
  });

  it('uses the short name where the long one belongs to another', () => {
    const bytes = unpackImage('fat16');
    const entry = findEntry(openVolume(bytes).entries(), 'docs/Long file name with spaces é.txt');
    bytes[entry.metadata[0]!.start + 13]! ^= 1;
    const names = [...openVolume(bytes).entries()].map(({ path }) => displayText(path));
    expect(names).toContain('docs/LONGFI~1.TXT');
  });

  it('refuses a chain that comes back to itself', () => {
    const bytes = unpackImage('fat16');
    const entry = findEntry(openVolume(bytes).entries(), 'big.txt');
    const first = bytes.readUInt16LE(entry.id + 26);
    bytes.writeUInt16LE(first, fatAt(bytes) + 2 * (first + 3));
    expect(() => findEntry(openVolume(bytes).entries(), 'big.txt').extents()).toThrow(Broken);
  });

  it('refuses a chain that is shorter than the file', () => {
    const bytes = unpackImage('fat16');
    const entry = findEntry(openVolume(bytes).entries(), 'big.txt');
    const first = bytes.readUInt16LE(entry.id + 26);
    bytes.writeUInt16LE(0xffff, fatAt(bytes) + 2 * first);
    expect(() => findEntry(openVolume(bytes).entries(), 'big.txt').extents()).toThrow(Broken);
  });

  it('finds a deleted file where its clusters are still free, by its long name', () => {
    const bytes = unpackImage('fat16');
    const path = 'docs/Long file name with spaces é.txt';
    const entry = findEntry(openVolume(bytes).entries(), path);
    for (const { start } of entry.metadata) bytes[start] = 0xe5;
    bytes.writeUInt16LE(0, fatAt(bytes) + 2 * bytes.readUInt16LE(entry.id + 26));
    expect(linesOf(openVolume(bytes).entries()).length).toBe(expectedLines('fat16').length - 1);
    const deleted = findEntry(openVolume(bytes).entries({ deleted: true }), path);
    expect(deleted.allocated).toBe(false);
    expect(bytesOf(deleted).toString()).toBe('long name\n');
  });

  it('says of a deleted file whose clusters were taken that its contents are gone', () => {
    const bytes = unpackImage('fat16');
    const entry = findEntry(openVolume(bytes).entries(), 'hello.txt');
    bytes[entry.id] = 0xe5;
    const deleted = findEntry(openVolume(bytes).entries({ deleted: true }), '_ello.txt');
    expect(deleted.unreadable).toBe('its clusters belong to another by now');
  });

  it('tells bits by the number of clusters, whatever the label says', () => {
    const bytes = unpackImage('fat16');
    bytes.write('FAT12   ', 54);
    expect(openVolume(bytes).id).toBe('fat16');
  });

  it("isn't recognised in a sector of zeros that ends in 55 AA", () => {
    const bytes = Buffer.alloc(4096);
    bytes.writeUInt16LE(0xaa55, 510);
    expect(fat.recognise(new BufferSource(bytes))).toBe(false);
  });

  it.each(['fat12', 'fat16'])(
    'gives entries or typed errors for hostile fields of %s, and comes to an end',
    (name) => {
      const genuine = unpackImage(name);
      const entries = [...openVolume(genuine).entries()];
      const table = { start: fatAt(genuine), end: fatAt(genuine) + 400 };
      const areas: Area[] = [
        { start: 0, end: 64 },
        { start: 0, end: 64 },
        table,
        table,
        ...entries.flatMap(({ metadata }) => metadata),
      ];
      for (let i = 0; i < 150; i++) {
        const bytes = Buffer.from(genuine);
        for (let n = 0; n <= i % 4; n++) mutateVolume(bytes, areas);
        const start = performance.now();
        readVolume(bytes);
        expect(performance.now() - start).toBeLessThan(10_000);
      }
    },
    120_000,
  );
});
