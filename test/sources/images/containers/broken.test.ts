import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adler32 } from '../../../../src/checks/adler32.ts';
import type { Container } from '../../../../src/sources/images/container.ts';
import { verifyHashes } from '../../../../src/sources/images/verify-hashes.ts';
import { diskBytes, openImageFile, readAll, unpackImages } from '../../../support/disk-images.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { randomFill } from '../../../support/random.ts';
import { vhdxRegions, withLog } from '../../../support/virtual-disks.ts';

const CHUNK = 32_768;

/** Opens the fixture after a change; its other files stand beside it. */
function openChanged(
  name: string,
  change: (bytes: Buffer) => Buffer | undefined,
  ...others: string[]
): Container {
  const folder = temporaryFolder();
  unpackImages(folder, name, ...others);
  const path = join(folder, name);
  const bytes = readFileSync(path);
  writeFileSync(path, change(bytes) ?? bytes);
  return openImageFile(folder, name);
}

/** Ranges of the disk that can't be read. */
function unreadable(container: Container): (readonly [number, number])[] {
  const found: [number, number][] = [];
  const probe = Buffer.alloc(CHUNK);
  for (const { kind, start, end } of container.map(0, container.contents.size)) {
    if (kind === 'unreadable') found.push([start, end]);
    if (kind !== 'compressed') continue;
    try {
      container.contents.read(probe.subarray(0, end - start), start);
    } catch {
      found.push([start, end]);
    }
  }
  return found;
}

/** The section of a type in an EWF file: offset of its header, and length with it. */
function section(bytes: Buffer, type: string): { at: number; end: number } {
  for (let at = 13; ; at = Number(bytes.readBigUInt64LE(at + 16))) {
    if (bytes.toString('latin1', at, at + 16).replace(/\0.*$/s, '') === type) {
      return { at, end: Number(bytes.readBigUInt64LE(at + 16)) };
    }
  }
}

describe('a broken E01', () => {
  it('loses the chunk whose Adler-32 is wrong, and no other', () => {
    const container = openChanged(
      'e-none.E01',
      (bytes) => {
        bytes[section(bytes, 'sectors').at + 76 + 3 * (CHUNK + 4) + 100]! ^= 1;
        return bytes;
      },
      'e-none.E02',
      'e-none.E03',
    );
    expect(unreadable(container)).toEqual([[3 * CHUNK, 4 * CHUNK]]);
  });

  it('reads by the copy of a table that was hit', () => {
    const container = openChanged('e-fast.E01', (bytes) => {
      const { at } = section(bytes, 'table');
      randomFill(bytes, at + 76 + 24, 100);
      return bytes;
    });
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
  });

  it('finds the sections behind one whose header was hit', () => {
    const container = openChanged('e-fast.E01', (bytes) => {
      randomFill(bytes, section(bytes, 'sectors').at, 76);
      return bytes;
    });
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
    expect(container.notices.map(({ text }) => text).join()).toContain('Adler-32');
  });

  it('takes what was acquired from the copy of its description', () => {
    const container = openChanged('e-fast.E01', (bytes) => {
      randomFill(bytes, section(bytes, 'volume').at + 76, 200);
      return bytes;
    });
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
  });

  it('leaves a hole where a segment is missing, and shifts nothing', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'e-none.E01', 'e-none.E03');
    const container = openImageFile(folder, 'e-none.E01');
    const [hole, ...more] = unreadable(container);
    expect(more).toEqual([]);
    const disk = diskBytes();
    const tail = Buffer.alloc(disk.length - hole![1]);
    container.contents.read(tail, hole![1]);
    expect(tail.equals(disk.subarray(hole![1]))).toBe(true);
    expect(container.notices.map(({ text }) => text).join()).toContain('segment 2 is missing');
    expect(() => verifyHashes(container)).toThrow('segment 2 is missing');
  });

  it('ends where its last segments are missing', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'e-none.E01');
    const container = openImageFile(folder, 'e-none.E01');
    expect(container.contents.size).toBe(diskBytes().length);
    expect(unreadable(container)).toHaveLength(1);
    expect(container.notices.map(({ text }) => text).join()).toContain('last segments');
  });

  it("calls sectors unreadable that couldn't be read at acquisition, and hashes them as zeros", () => {
    const container = openChanged('e-fast.E01', (bytes) => withUnread(bytes, 3000, 8));
    expect(unreadable(container)).toEqual([[3000 * 512, 3008 * 512]]);
    const before = Buffer.alloc(512);
    container.contents.read(before, 2999 * 512);
    expect(before.equals(diskBytes().subarray(2999 * 512, 3000 * 512))).toBe(true);
    expect(verifyHashes(container).every(({ isRight }) => isRight)).toBe(
      diskBytes()
        .subarray(3000 * 512, 3008 * 512)
        .every((byte) => byte === 0),
    );
  });

  it('names what it is, where it is of a version that is not read', () => {
    expect(() =>
      openChanged('e-fast.E01', (bytes) => {
        bytes.write('LVF', 'latin1');
        return bytes;
      }),
    ).toThrow('L01');
  });
});

/** Puts a section `error2` before the last one. */
function withUnread(bytes: Buffer, first: number, count: number): Buffer {
  const { at } = section(bytes, 'done');
  const data = Buffer.alloc(520 + 8 + 4);
  data.writeUInt32LE(1);
  data.writeUInt32LE(adler32(data.subarray(0, 516)), 516);
  data.writeUInt32LE(first, 520);
  data.writeUInt32LE(count, 524);
  data.writeUInt32LE(adler32(data.subarray(520, 528)), 528);
  const head = Buffer.alloc(76);
  head.write('error2', 'latin1');
  const next = at + 76 + data.length;
  head.writeBigUInt64LE(BigInt(next), 16);
  head.writeBigUInt64LE(BigInt(76 + data.length), 24);
  head.writeUInt32LE(adler32(head.subarray(0, 72)), 72);
  const done = Buffer.from(bytes.subarray(at));
  done.writeBigUInt64LE(BigInt(next), 16);
  done.writeUInt32LE(adler32(done.subarray(0, 72)), 72);
  return Buffer.concat([bytes.subarray(0, at), head, data, done]);
}

describe('a broken VMDK', () => {
  it('reads by the second directory where tables of the first were hit', () => {
    const container = openChanged('monolithicSparse.vmdk', (bytes) => {
      const directory = Number(bytes.readBigUInt64LE(56)) * 512;
      randomFill(bytes, bytes.readUInt32LE(directory) * 512, 2048);
      return bytes;
    });
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
  });

  it('reads by the second directory where the first was hit', () => {
    const container = openChanged('monolithicSparse.vmdk', (bytes) => {
      randomFill(bytes, Number(bytes.readBigUInt64LE(56)) * 512, 512);
      return bytes;
    });
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
  });

  it('written in one go, is read by the directory that the footer names', () => {
    const container = openChanged('streamOptimized.vmdk', (bytes) => {
      const header = Buffer.from(bytes.subarray(0, 512));
      bytes.fill(0xff, 56, 64);
      return Buffer.concat([bytes, header, Buffer.alloc(512)]);
    });
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
    expect(container.notices).toEqual([]);
  });

  it('finds packed grains by their markers where directory and footer are lost', () => {
    const container = openChanged('streamOptimized.vmdk', (bytes) => bytes.fill(0xff, 56, 64));
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
    expect(container.notices.map(({ text }) => text).join()).toContain('markers');
  });

  it('comes to an end where its capacity is a lie of terabytes', () => {
    const container = openChanged('monolithicSparse.vmdk', (bytes) => {
      bytes.writeUInt32LE(0xfe4a5ce0, 12);
      return bytes;
    });
    const pieces = [...container.map(0, container.contents.size)];
    expect(pieces.at(-1)).toMatchObject({ kind: 'unreadable', why: 'its grain table is lost' });
    container.close();
  });

  it('says which extent is missing', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'split.vmdk');
    const container = openImageFile(folder, 'split.vmdk');
    expect(container.notices[0]?.text).toContain('split-s001.vmdk');
    expect(unreadable(container)).toEqual([[0, diskBytes().length]]);
  });
});

describe('a broken VHD', () => {
  it('opens by the copy of its footer', () => {
    const container = openChanged('dynamic.vhd', (bytes) => bytes.subarray(0, -512));
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
    expect(container.notices[0]?.text).toContain('copy');
  });

  it('opens where something was appended behind a fixed disk', () => {
    const container = openChanged('fixed.vhd', (bytes) => Buffer.concat([bytes, Buffer.alloc(1072, 7)]));
    expect(container.id).toBe('vhd');
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
  });
});

describe('a broken VHDX', () => {
  it.each([0x10000, 0x20000, 0x30000])('opens by the copy of what was hit at %i', (at) => {
    const container = openChanged('dynamic.vhdx', (bytes) => {
      randomFill(bytes, at, 4096);
      return bytes;
    });
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
  });

  it('replays its log in memory, and leaves the file as it is', () => {
    const container = openChanged('dynamic.vhdx', (bytes) => withLog(bytes, vhdxRegions(bytes).table, 0));
    expect(container.notices.map(({ text }) => text).join()).toContain('1 entries of its log were replayed');
    expect(readAll(container.contents).equals(diskBytes())).toBe(true);
  });

  it('says that contents may be stale where the log is broken', () => {
    const container = openChanged('dynamic.vhdx', (bytes) => {
      const changed = withLog(bytes, vhdxRegions(bytes).table, 0);
      const log = Number(changed.readBigUInt64LE(0x10000 + 72));
      changed[log + 100]! ^= 1;
      return changed;
    });
    expect(container.notices[0]?.level).toBe('wrong');
    expect(container.notices[0]?.text).toContain('stale');
  });
});

describe('a QCOW2', () => {
  it('shows a snapshot that it keeps inside, and the disk as it is now', () => {
    const folder = temporaryFolder();
    unpackImages(folder, 'snap.qcow2');
    const now = openImageFile(folder, 'snap.qcow2');
    expect(now.facts.get('snapshots')).toContain('"before"');
    expect(readAll(now.contents).equals(diskBytes().fill(0x5a, 1 << 20, (1 << 20) + 65536))).toBe(true);
    for (const snapshot of ['before', '1']) {
      expect(readAll(openImageFile(folder, 'snap.qcow2', { snapshot }).contents).equals(diskBytes())).toBe(
        true,
      );
    }
    expect(() => openImageFile(folder, 'snap.qcow2', { snapshot: 'none' })).toThrow('before');
  });

  it('cut short, gives what is there, and says what is not', () => {
    const container = openChanged('plain.qcow2', (bytes) => bytes.subarray(0, -65_536));
    const lost = unreadable(container);
    expect(lost).toHaveLength(1);
    const start = Buffer.alloc(lost[0]![0]);
    container.contents.read(start, 0);
    expect(start.equals(diskBytes().subarray(0, start.length))).toBe(true);
  });

  it('encrypted by its owner, is opened and called so', () => {
    const container = openChanged('plain.qcow2', (bytes) => {
      bytes.writeUInt32BE(2, 32);
      return bytes;
    });
    expect(container.protection).toBe('LUKS inside qcow2');
    expect(() => container.contents.read(Buffer.alloc(1), 0)).toThrow('encrypted by its owner');
  });

  it.each([
    ['a feature that is not known', 76, 0x40],
    ['too many clusters in a table', 36, 0x7fffffff],
    ['a disk of exabytes', 24, 0x00ffffff],
    ['clusters of 4 GiB', 20, 32],
  ])('with %s, is refused', (_what, at, value) => {
    expect(() =>
      openChanged('plain.qcow2', (bytes) => {
        bytes.writeUInt32BE(value, at);
        return bytes;
      }),
    ).toThrow();
  });
});
