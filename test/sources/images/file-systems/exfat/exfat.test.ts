import { describe, expect, it } from 'vitest';
import { totalLength } from '../../../../../src/bytes/range.ts';
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

describe('exFAT', () => {
  // The list is of fls and icat (Sleuth Kit 4.11); the image of mkfs.exfat 1.2 and exfat-fuse 1.3.
  it('reads all files as the Sleuth Kit does', () => {
    const fileSystem = openVolume(unpackImage('exfat'));
    expect(fileSystem).toMatchObject({ id: 'exfat', label: 'EXLABEL', blockSize: 4096, notices: [] });
    expect(linesOf(fileSystem.entries())).toEqual(expectedLines('exfat'));
  });

  it('follows the table where clusters of two files alternate', () => {
    const entry = findEntry(openVolume(unpackImage('exfat')).entries(), 'one');
    expect(entry.extents().length).toBeGreaterThan(1);
  });

  it('gives a deleted file on request', () => {
    const entries = [...openVolume(unpackImage('exfat')).entries({ deleted: true })];
    const gone = entries.find(({ path }) => path === 'gone.txt')!;
    expect(gone.allocated).toBe(false);
    expect(gone.size).toBe(18_000);
  });

  it('leaves out a set of entries whose checksum fails, and says so', () => {
    const bytes = unpackImage('exfat');
    const entry = findEntry(openVolume(bytes).entries(), 'hello.txt');
    bytes[entry.id + 33]! ^= 0x10;
    const fileSystem = openVolume(bytes);
    expect(linesOf(fileSystem.entries())).toHaveLength(expectedLines('exfat').length - 1);
    expect(texts(fileSystem.notices)).toContain(`entry set at byte ${entry.id}: its checksum fails`);
  });

  it('reads zeros behind the valid length', () => {
    const bytes = unpackImage('exfat');
    const entry = findEntry(openVolume(bytes).entries(), 'docs/report.txt');
    bytes.writeBigUInt64LE(100n, entry.id + 32 + 8);
    bytes.writeUInt16LE(
      setSum(bytes.subarray(entry.id, entry.id + 32 * (1 + bytes[entry.id + 1]!))),
      entry.id + 2,
    );
    const contents = bytesOf(findEntry(openVolume(bytes).entries(), 'docs/report.txt'));
    expect(contents.length).toBe(20_000);
    expect(contents.subarray(0, 100).toString()).toMatch(/^A line of a report/);
    expect(contents.subarray(100).every((byte) => byte === 0)).toBe(true);
  });

  it('says that a boot region fails its checksum', () => {
    const bytes = unpackImage('exfat');
    bytes[0x200]! ^= 1;
    expect(texts(openVolume(bytes).notices)).toContain('the boot region fails its checksum');
  });

  it('gives the free space that dump.exfat counts', () => {
    expect(totalLength(openVolume(unpackImage('exfat')).unallocated())).toBe(650 * 4096);
  });

  it('gives entries or typed errors for hostile fields, and comes to an end', () => {
    const genuine = unpackImage('exfat');
    const entries = [...openVolume(genuine).entries()];
    const fatAt = genuine.readUInt32LE(80) * 512;
    const areas: Area[] = [
      { start: 64, end: 120 },
      { start: 64, end: 120 },
      { start: fatAt, end: fatAt + 200 },
      ...entries.flatMap(({ metadata }) => metadata),
    ];
    for (let i = 0; i < 150; i++) {
      const bytes = Buffer.from(genuine);
      for (let n = 0; n <= i % 4; n++) mutateVolume(bytes, areas);
      const start = performance.now();
      readVolume(bytes);
      expect(performance.now() - start).toBeLessThan(10_000);
    }
  }, 120_000);
});

function setSum(set: Buffer): number {
  let sum = 0;
  for (const [i, byte] of set.entries())
    if (i !== 2 && i !== 3) sum = (((sum & 1) << 15) + (sum >> 1) + byte) & 0xffff;
  return sum;
}
