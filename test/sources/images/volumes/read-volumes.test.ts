import { describe, expect, it } from 'vitest';
import { ReadError } from '../../../../src/bytes/errors.ts';
import { BufferSource, type ByteSource } from '../../../../src/bytes/source.ts';
import { openVolume, readVolumes } from '../../../../src/sources/images/volumes/read-volumes.ts';
import type { VolumeTable } from '../../../../src/sources/images/volumes.ts';
import { imageBytes } from '../../../support/disk-images.ts';
import { random, randomBytes, randomFill } from '../../../support/random.ts';

function read(bytes: Uint8Array, sectorSize?: number): VolumeTable {
  return readVolumes(new BufferSource(bytes), sectorSize);
}

function placesOf({ volumes }: VolumeTable): string[] {
  return volumes.map(({ name, start, end }) => `${name} ${start}-${end}`);
}

const gptPlaces = ['p1 32768-1048576', 'p2 1048576-2097152'];
// As sfdisk -l and mmls list them.
const mbrPlaces = ['p1 32768-294912', 'p5 557056-819200', 'p6 1081344-1343488'];

describe('a GPT', () => {
  it('gives partitions as sgdisk made them, and the gaps between', () => {
    const table = read(imageBytes('gpt.img'));
    expect(table.scheme).toBe('gpt');
    expect(placesOf(table)).toEqual(gptPlaces);
    expect(table.volumes.map(({ type, label }) => [type, label])).toEqual([
      ['Microsoft basic data', 'daten'],
      ['Linux file system', null],
    ]);
    expect(table.gaps).toEqual([
      { start: 17408, end: 32768 },
      { start: 2097152, end: 3128832 },
    ]);
    expect(table.notices).toEqual([]);
  });

  it('is read by its backup where the first MiB was hit, or only header, or only entries', () => {
    for (const [start, length] of [
      [0, 1 << 20],
      [512, 92],
      [1024, 128],
      [0, 4096],
    ] as const) {
      const bytes = imageBytes('gpt.img');
      randomFill(bytes, start, length);
      const table = read(bytes);
      expect(placesOf(table)).toEqual(gptPlaces);
      expect(table.notices.map(({ level }) => level)).toEqual(['wrong']);
    }
  });

  it('is read where something was appended to the disk, and the start was hit', () => {
    const bytes = imageBytes('gpt.img');
    randomFill(bytes, 0, 8192);
    expect(placesOf(read(Buffer.concat([bytes, randomBytes(1072)])))).toEqual(gptPlaces);
  });

  it('says so where its backup is gone', () => {
    const bytes = imageBytes('gpt.img');
    const table = read(bytes.subarray(0, -512));
    expect(placesOf(table)).toEqual(gptPlaces);
    expect(table.notices[0]?.text).toContain('backup GPT is missing');
  });

  it('is read where its end cannot be', () => {
    const bytes = imageBytes('gpt.img');
    const whole = new BufferSource(bytes);
    const disk: ByteSource = {
      size: bytes.length,
      read(into, at) {
        if (at + into.length > bytes.length - 4096) throw new ReadError(at, 'bad sector');
        return whole.read(into, at);
      },
      close: () => {},
    };
    const table = readVolumes(disk);
    expect(table.notices.length).toBeGreaterThan(0);
  });

  it('of a disk that ends early, keeps what is there, and says what is missing', () => {
    const table = read(imageBytes('gpt.img').subarray(0, 1_500_160));
    expect(placesOf(table)).toEqual(['p1 32768-1048576', 'p2 1048576-1500160']);
    expect(table.notices.map(({ text }) => text).join()).toContain('596992 bytes before partition p2');
  });
});

describe('a master boot record', () => {
  it('gives primary and logical partitions', () => {
    const table = read(imageBytes('mbr.img'));
    expect(table.scheme).toBe('mbr');
    expect(placesOf(table)).toEqual(mbrPlaces);
    expect(table.volumes.map(({ type }) => type)).toEqual(['0x01 FAT12', '0x83 Linux', '0x83 Linux']);
  });

  it('whose extended chain comes back to itself, ends', () => {
    const bytes = imageBytes('mbr.img');
    // The second entry of the second record: next record at the first one.
    const record = 2048 * 512;
    bytes[record + 462 + 4] = 5;
    bytes.writeUInt32LE(0x10, record + 462 + 8);
    bytes.writeUInt32LE(1024, record + 462 + 12);
    for (const next of [0, 1024, 0xffffffff]) {
      bytes.writeUInt32LE(next, record + 462 + 8);
      const table = read(bytes);
      expect(table.volumes.length).toBeLessThan(260);
    }
  });

  it('whose partitions lie outside of the disk, keeps the others', () => {
    const bytes = imageBytes('mbr.img');
    bytes.writeUInt32LE(0x7fffffff, 446 + 12);
    const table = read(bytes);
    expect(table.volumes[0]).toMatchObject({ name: 'p1', end: bytes.length });
    expect(table.notices.map(({ text }) => text).join()).toContain('overlap');
  });
});

describe('a disk without a table', () => {
  it.each([
    ['NTFS', 3, 'NTFS    '],
    ['exFAT', 3, 'EXFAT   '],
    ['LUKS', 0, 'LUKS\xba\xbe'],
    ['ext', 0x438, '\x53\xef'],
  ])('that is one %s volume, is given as a whole', (_what, at, sign) => {
    const bytes = Buffer.alloc(1 << 20);
    bytes.write(sign, at, 'latin1');
    bytes.writeUInt16LE(0xaa55, 510);
    expect(placesOf(read(bytes))).toEqual([' 0-1048576']);
  });

  it('is given as a whole even where the end of an older GPT still stands', () => {
    const bytes = imageBytes('gpt.img');
    bytes.fill(0, 0, 20_000);
    bytes.write('NTFS    ', 3, 'latin1');
    expect(read(bytes).scheme).toBe('none');
  });

  it.each([0, 1, 511, 512, 4096])('and of %i bytes, is no trouble', (size) => {
    expect(read(Buffer.alloc(size)).scheme).toBe('none');
  });
});

describe('LVM2', () => {
  it('gives logical volumes where LVM put them, over two physical volumes', () => {
    const bytes = imageBytes('lvm.img');
    const table = read(bytes);
    // lvs -o+devices: root has extents 0–1 of the first and 0–3 of the second volume, home 2–3 of the first.
    expect(table.volumes.map(({ name, parts }) => [name, parts])).toEqual([
      [
        'vg0-root',
        [
          { start: 2097152, end: 3145728 },
          { start: 7340032, end: 9437184 },
        ],
      ],
      ['vg0-home', [{ start: 3145728, end: 4194304 }]],
    ]);
    bytes.fill(0x61, 2097152, 3145728);
    bytes.fill(0x62, 7340032, 9437184);
    const source = openVolume(new BufferSource(bytes), table.volumes[0]!);
    const around = Buffer.alloc(8);
    expect(source.size).toBe(3 << 20);
    source.read(around, (1 << 20) - 4);
    expect(around.toString()).toBe('aaaabbbb');
  });

  it('says which volumes it cannot put together', () => {
    expect(
      read(imageBytes('lvm.img'))
        .notices.map(({ text }) => text)
        .join(),
    ).toContain('vg0-wide');
  });

  it('whose description was changed, is left as the partition that it is in', () => {
    const bytes = imageBytes('lvm.img');
    const at = bytes.indexOf('extent_size');
    for (let from = at; from >= 0; from = bytes.indexOf('extent_size', from + 1)) bytes[from + 14]! ^= 1;
    const table = read(bytes);
    expect(placesOf(table)).toEqual(['p1 1048576-6291456', 'p2 6291456-11534336']);
    expect(table.notices.map(({ level }) => level)).toContain('wrong');
  });
});

describe('tables with random fields', () => {
  it.each(['gpt.img', 'mbr.img', 'lvm.img'])(
    '%s: give volumes on the disk, and never anything else',
    (name) => {
      const genuine = imageBytes(name);
      const used = [...genuine.entries()].filter(([, byte]) => byte !== 0).map(([at]) => at);
      const bytes = Buffer.from(genuine);
      for (let i = 0; i < 60; i++) {
        const places = Array.from({ length: 1 + (i % 4) }, () => used[Math.floor(random() * used.length)]!);
        for (const at of places) randomFill(bytes, at, Math.min(1 + (i % 8), bytes.length - at));
        const table = read(bytes);
        for (const { parts } of table.volumes) {
          for (const { start, end } of parts)
            expect(start >= 0 && start < end && end <= bytes.length).toBe(true);
        }
        for (const at of places) genuine.copy(bytes, at, at, at + 8);
      }
    },
  );
});
