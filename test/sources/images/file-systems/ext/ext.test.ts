import { describe, expect, it } from 'vitest';
import { Broken } from '../../../../../src/bytes/errors.ts';
import { totalLength } from '../../../../../src/bytes/range.ts';
import { BufferSource } from '../../../../../src/bytes/source.ts';
import { displayText } from '../../../../../src/sources/folders/path-text.ts';
import { ext } from '../../../../../src/sources/images/file-systems/ext/ext.ts';
import {
  bytesOf,
  expectedLines,
  findEntry,
  linesOf,
  openVolume,
  unpackImage,
} from '../../../../support/image-fixtures.ts';

const texts = (notices: readonly { readonly text: string }[]) => notices.map(({ text }) => text);

describe('ext', () => {
  // The lists are of fls and icat (Sleuth Kit 4.11); the images of mke2fs 1.47.
  it.each(['ext2', 'ext4', 'ext4-inline', 'ext4-journal'])(
    'reads all files of %s as the Sleuth Kit does',
    (name) => {
      expect(linesOf(openVolume(unpackImage(name)).entries())).toEqual(expectedLines(name));
    },
  );

  it('names the kind by its features', () => {
    expect(openVolume(unpackImage('ext2')).id).toBe('ext2');
    expect(openVolume(unpackImage('ext4')).id).toBe('ext4');
  });

  // dumpe2fs: free blocks of each image × 1024.
  it.each([
    ['ext2', 3774 * 1024],
    ['ext4', 3762 * 1024],
  ])('gives the free space of %s that dumpe2fs counts', (name, free) => {
    expect(totalLength(openVolume(unpackImage(name)).unallocated())).toBe(free);
  });

  it('gives folders before what is in them', () => {
    const paths = [...openVolume(unpackImage('ext4')).entries()].map(({ path }) => displayText(path));
    expect(paths.indexOf('deep/a/b')).toBeLessThan(paths.indexOf('deep/a/b/c'));
    expect(paths.indexOf('deep')).toBeLessThan(paths.indexOf('deep/a'));
  });

  it('finds inline data in the inode, and the rest in its attribute', () => {
    const entry = findEntry(openVolume(unpackImage('ext4-inline')).entries(), 'inline100.txt');
    expect(entry.extents()).toHaveLength(2);
    expect(bytesOf(entry).toString()).toBe('i'.repeat(100));
    const [inode] = entry.metadata;
    for (const extent of entry.extents()) {
      if (extent.kind !== 'data') throw new Error('inline data are stored');
      expect(extent.at).toBeGreaterThanOrEqual(inode!.start);
      expect(extent.at + extent.end - extent.start).toBeLessThanOrEqual(inode!.end);
    }
  });

  it('has holes read as zeros', () => {
    const entry = findEntry(openVolume(unpackImage('ext4')).entries(), 'sparse.bin');
    expect(entry.extents()[0]).toEqual({ kind: 'zero', start: 0, end: 299_008 });
    expect(entry.size).toBe(300_003);
  });

  it('has blocks of indirect pointers as metadata', () => {
    const entry = findEntry(openVolume(unpackImage('ext2')).entries(), 'big.txt');
    expect(entry.metadata).toHaveLength(2);
  });

  it('says that a journal was not read', () => {
    expect(texts(openVolume(unpackImage('ext4-journal')).notices)).toContain('the journal was not read');
  });

  it('says that the journal was not replayed where it holds changes', () => {
    const bytes = unpackImage('ext2');
    bytes.writeUInt32LE(bytes.readUInt32LE(1024 + 96) | 0x4, 1024 + 96);
    expect(texts(openVolume(bytes).notices).join()).toContain('not replayed');
  });

  it('says that a superblock fails its checksum', () => {
    const bytes = unpackImage('ext4');
    bytes[1024 + 120] = 0x41;
    expect(texts(openVolume(bytes).notices)).toContain('the superblock fails its checksum');
  });

  it('lists a file whose inode fails its checksum, and refuses to read it', () => {
    const bytes = unpackImage('ext4');
    const genuine = findEntry(openVolume(bytes).entries(), 'hello.txt');
    bytes[genuine.metadata[0]!.start + 8]! ^= 1;
    const entry = findEntry(openVolume(bytes).entries(), 'hello.txt');
    expect(entry.unreadable).toBe('its inode fails its checksum');
    expect(() => entry.open()).toThrow(Broken);
  });

  it('says that a block of names fails its checksum, and gives the names as they stand', () => {
    const bytes = unpackImage('ext4');
    const at = bytes.indexOf('f0007.txt');
    bytes.write('f000X.txt', at);
    const fileSystem = openVolume(bytes);
    expect(findEntry(fileSystem.entries(), 'many/f000X.txt').size).toBeGreaterThan(0);
    expect(texts(fileSystem.notices).join()).toContain(
      'its checksum fails; its names are given as they stand',
    );
  });

  it('keeps a slash and two dots in names from becoming a way up', () => {
    const bytes = unpackImage('ext2');
    bytes.write('../0007.t', bytes.indexOf('f0007.txt'));
    const paths = [...openVolume(bytes).entries()].map(({ path }) => displayText(path));
    expect(paths).toContain('many/..\\x2f0007.t');
    expect(paths.every((path) => !path.split('/').includes('..'))).toBe(true);
  });

  it('enters a folder that leads back to itself once', () => {
    const bytes = unpackImage('ext2');
    // The entry of deep/a/b: its inode becomes that of deep/a.
    const list = [...openVolume(bytes).entries()];
    const number = (path: string) => list.find((entry) => entry.path === path)!.id;
    const needle = Buffer.alloc(4);
    needle.writeUInt32LE(number('deep/a/b'));
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
      if (bytes[at + 6] === 1 && bytes[at + 8] === 0x62) bytes.writeUInt32LE(number('deep/a'), at);
    }
    const fileSystem = openVolume(bytes);
    expect([...fileSystem.entries()].length).toBeLessThan(list.length);
    expect(texts(fileSystem.notices).join()).toContain('not entered twice');
  });

  it('says that the end of a cut volume is missing', () => {
    const bytes = unpackImage('ext4');
    const fileSystem = openVolume(bytes.subarray(0, bytes.length / 2));
    expect(texts(fileSystem.notices).join()).toContain('its end is missing');
    expect([...fileSystem.entries()].length).toBeGreaterThan(0);
  });

  it("isn't recognised in zeros, nor in less than a superblock", () => {
    expect(ext.recognise(new BufferSource(Buffer.alloc(8192)))).toBe(false);
    expect(ext.recognise(new BufferSource(Buffer.alloc(100)))).toBe(false);
  });
});
