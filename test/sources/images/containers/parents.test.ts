import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskBytes, openImageFile, readAll, readByMap, unpackImages } from '../../../support/disk-images.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { vhdChild, vhdxChild } from '../../../support/virtual-disks.ts';

/** The disk with what qemu-io wrote into the child. */
function changed(value: number): Buffer {
  return diskBytes().fill(value, 500 * 1024, 600 * 1024);
}

describe('an image that is based on another', () => {
  it('QCOW2: has what it changed, and the rest from its parent', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'child.qcow2', 'plain.qcow2');
    const container = openImageFile(folder, 'child.qcow2');
    expect(readAll(container.contents).equals(changed(0x77))).toBe(true);
    expect(readByMap(container).equals(changed(0x77))).toBe(true);
    expect(container.files).toHaveLength(2);
  });

  it('VMDK: has what it changed, and the rest from its parent', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'child.vmdk', 'monolithicSparse.vmdk');
    const container = openImageFile(folder, 'child.vmdk');
    expect(readAll(container.contents).equals(changed(0x78))).toBe(true);
    expect(container.notices.filter(({ level }) => level === 'wrong')).toEqual([]);
  });

  it('VMDK: says so when the parent was written since', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'child.vmdk', 'monolithicSparse.vmdk');
    const path = join(folder, 'monolithicSparse.vmdk');
    writeFileSync(
      path,
      Buffer.from(
        readFileSync(path)
          .toString('latin1')
          .replace(/CID=\w{8}/, 'CID=12345678'),
        'latin1',
      ),
    );
    const container = openImageFile(folder, 'child.vmdk');
    expect(container.notices.map(({ text }) => text).join()).toContain('written since');
  });

  it('VHD: takes sectors by the bitmap of each block, from itself or its parent', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'dynamic.vhd');
    writeFileSync(
      join(folder, 'child.vhd'),
      vhdChild(readFileSync(join(folder, 'dynamic.vhd')), 'dynamic.vhd', [3, 4, 900]),
    );
    const expected = diskBytes();
    for (const sector of [3, 4, 900]) expected.fill(0xc7, sector * 512, (sector + 1) * 512);
    const container = openImageFile(folder, 'child.vhd');
    expect(container.notices).toEqual([]);
    expect(readAll(container.contents).equals(expected)).toBe(true);
    expect(readByMap(container).equals(expected)).toBe(true);
  });

  it('VHDX: takes sectors by the bitmap of each chunk, from itself or its parent', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'dynamic.vhdx');
    writeFileSync(
      join(folder, 'child.vhdx'),
      vhdxChild(readFileSync(join(folder, 'dynamic.vhdx')), 'dynamic.vhdx', [5, 2048, 2050]),
    );
    const expected = diskBytes();
    for (const sector of [5, 2048, 2050]) expected.fill(0xc8, sector * 512, (sector + 1) * 512);
    const container = openImageFile(folder, 'child.vhdx');
    expect(container.notices).toEqual([]);
    expect(readAll(container.contents).equals(expected)).toBe(true);
    expect(readByMap(container).equals(expected)).toBe(true);
  });

  it('VDI: finds its parent by UUID among the images beside it', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'dynamic.vdi');
    const child = readFileSync(join(folder, 'dynamic.vdi'));
    child.copy(child, 0x1a8, 0x188, 0x198);
    child.fill(0x11, 0x188, 0x198);
    child.writeUInt32LE(4, 76);
    child.fill(0xff, child.readUInt32LE(0x154), child.readUInt32LE(0x154) + 4);
    child.fill(0x79, child.readUInt32LE(0x158) + (1 << 20));
    writeFileSync(join(folder, 'child.vdi'), child);
    const container = openImageFile(folder, 'child.vdi');
    expect(container.notices).toEqual([]);
    expect(readAll(container.contents).equals(diskBytes().fill(0x79, 1 << 20))).toBe(true);
  });

  it('without its parent, gives what it has, and never zeros for the rest', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'child.qcow2');
    const container = openImageFile(folder, 'child.qcow2');
    expect(container.notices.map(({ level }) => level)).toEqual(['wrong']);
    const own = Buffer.alloc(100 * 1024);
    container.contents.read(own, 512 * 1024);
    expect(own.subarray(0, 65536).every((byte) => byte === 0x77)).toBe(true);
    expect(() => container.contents.read(own, 0)).toThrow('parent image is missing');
  });

  it('that names itself, or a circle, ends there', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'child.qcow2');
    const child = readFileSync(join(folder, 'child.qcow2'));
    const renamed = (name: string) =>
      Buffer.from(child.toString('latin1').replace('plain.qcow2', name), 'latin1');
    writeFileSync(join(folder, 'aaaaa.qcow2'), renamed('bbbbb.qcow2'));
    writeFileSync(join(folder, 'bbbbb.qcow2'), renamed('aaaaa.qcow2'));
    writeFileSync(join(folder, 'ccccc.qcow2'), renamed('ccccc.qcow2'));
    for (const name of ['aaaaa.qcow2', 'ccccc.qcow2']) {
      const container = openImageFile(folder, name);
      expect(() => container.contents.read(Buffer.alloc(512), 0)).toThrow('missing');
      container.close();
    }
  });

  it('may stand on 32 others, not on more', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'child.qcow2', 'plain.qcow2');
    const child = readFileSync(join(folder, 'child.qcow2')).toString('latin1');
    for (let i = 0; i < 40; i++) {
      const parent = i === 0 ? 'plain.qcow2' : `c${String(i - 1).padStart(4, '0')}.qcow2`;
      writeFileSync(
        join(folder, `c${String(i).padStart(4, '0')}.qcow2`),
        Buffer.from(child.replace('plain.qcow2', parent), 'latin1'),
      );
    }
    const byte = Buffer.alloc(1);
    expect(openImageFile(folder, 'c0030.qcow2').contents.read(byte, 0)).toBe(1);
    expect(() => openImageFile(folder, 'c0039.qcow2').contents.read(byte, 0)).toThrow('missing');
  });

  it.each(['/etc/passwd', '../secret', 'C:\\secret', '..\\secret', 'sub/secret', 'a\0b'])(
    'never follows %j out of its folder',
    (name) => {
      const outer = temporaryFolder();
      writeFileSync(join(outer, 'secret'), Buffer.alloc(2 << 20, 's'));
      const folder = temporaryFolder();
      unpackImages(folder, 'flat.vmdk');
      const text = readFileSync(join(folder, 'flat.vmdk')).toString('latin1').replace('flat-flat.vmdk', name);
      writeFileSync(join(folder, 'evil.vmdk'), text, 'latin1');
      const container = openImageFile(folder, 'evil.vmdk');
      expect(container.files).toHaveLength(1);
      expect(() => container.contents.read(Buffer.alloc(512), 0)).toThrow();
    },
  );

  it('never follows a symbolic link that stands beside it', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'child.qcow2');
    const outer = temporaryFolder();
    unpackImages(outer, 'plain.qcow2');
    symlinkSync(join(outer, 'plain.qcow2'), join(folder, 'plain.qcow2'));
    expect(openImageFile(folder, 'child.qcow2').files).toHaveLength(1);
    rmSync(join(folder, 'plain.qcow2'));
  });
});
