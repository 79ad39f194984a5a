import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Broken } from '../../../../../src/bytes/errors.ts';
import { totalLength } from '../../../../../src/bytes/range.ts';
import { BufferSource } from '../../../../../src/bytes/source.ts';
import { ntfs } from '../../../../../src/sources/images/file-systems/ntfs/ntfs.ts';
import {
  addAttribute,
  byPath,
  CLUSTER,
  contentsOf,
  editRecord,
  entriesOf,
  expected,
  fixture,
  MFT,
  openFixture,
  RECORD,
  reparsePoint,
} from '../../../../support/ntfs.ts';
import { attributeAt } from '../../../../support/ntfs-record.ts';

/** $FILE_NAME, $DATA, $REPARSE_POINT. */
const [FILE_NAME, DATA, REPARSE] = [0x30, 0x80, 0xc0];
const HELLO = 64;
const REPORT = 72;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('NTFS', () => {
  it('has the names, sizes, records and bytes that the Sleuth Kit has', () => {
    const entries = entriesOf();
    for (const { path, size, id, sha256: wanted } of expected()) {
      // `icat` gives nothing for the one stream that is a single hole.
      // `fls` lists streams of folders twice, once behind `.`.
      if (path === '$BadClus:$Bad' || path.includes('/.:')) continue;
      const entry = entries.get(path);
      expect(entry, path).toBeDefined();
      expect([entry!.size, entry!.id, sha256(contentsOf(entry!))], path).toEqual([size, id, wanted]);
    }
  });

  it('has no file that the Sleuth Kit lacks', () => {
    const known = new Set(expected().map(({ path }) => path));
    for (const [path, entry] of entriesOf()) if (entry.kind === 'file') expect(known).toContain(path);
  });

  it('gives folders before what is in them', () => {
    const seen = new Set(['']);
    for (const path of entriesOf().keys()) {
      expect(seen).toContain(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
      seen.add(path);
    }
  });

  it('gives extents at which the very bytes stand, also for resident files across fix-ups', () => {
    const image = fixture();
    for (const entry of entriesOf(image).values()) {
      if (entry.kind !== 'file' || entry.path.startsWith('packed/')) continue;
      const parts = entry
        .extents()
        .map((extent) =>
          extent.kind === 'zero'
            ? Buffer.alloc(extent.end - extent.start)
            : image.subarray(extent.at, extent.at + extent.end - extent.start),
        );
      expect(Buffer.concat(parts).equals(contentsOf(entry)), entry.path).toBe(true);
    }
  });

  it('says where packed units stand, and reads them at any place', () => {
    const entry = entriesOf().get('packed/text.txt')!;
    const whole = contentsOf(entry);
    expect(entry.extents().some(({ kind }) => kind === 'compressed')).toBe(true);
    const source = entry.open();
    for (const at of [0, 1, 4095, 4096, 16_383, 16_384, whole.length - 5]) {
      const part = Buffer.alloc(9000);
      const got = source.read(part, at);
      expect(part.subarray(0, got).equals(whole.subarray(at, at + 9000))).toBe(true);
    }
  });

  it('gives each of the names of a file', () => {
    const links = [...entriesOf().values()].filter((entry) => entry.path.startsWith('links/'));
    expect(links).toHaveLength(15);
    expect(new Set(links.map((entry) => `${entry.id} ${entry.links}`))).toEqual(new Set(['87 15']));
  });

  it('gives the streams of files and folders as entries of their own', () => {
    const entries = entriesOf();
    expect(contentsOf(entries.get('streams.txt:Zone.Identifier')!).toString()).toContain('ZoneId=3');
    expect(contentsOf(entries.get('docs:of folder')!).toString()).toBe('stream of a folder');
    expect(entries.get('docs')!.kind).toBe('folder');
    expect(entries.get('docs:of folder')!.kind).toBe('file');
  });

  it('counts all records of a file that needs more than one, and its attribute list, as its metadata', () => {
    expect(totalLength(entriesOf().get('scattered.bin')!.metadata)).toBe(4 * RECORD + 160);
  });

  it('gives deleted files on request only', () => {
    expect(entriesOf().has('many/file010.txt')).toBe(false);
    const deleted = [...byPath(openFixture().entries({ deleted: true })).values()].filter(
      (one) => !one.allocated,
    );
    expect(deleted.map(({ path }) => path)).toEqual([0, 1, 2, 3, 4].map((i) => `many/file0${i}0.txt`));
    expect(contentsOf(deleted[2]!).toString()).toBe('20');
  });

  it('gives times in UTC', () => {
    const { times } = entriesOf().get('docs/Long file name with spaces é 日本 😀.txt')!;
    // As `istat` of the Sleuth Kit has them.
    expect(times.created).toBe(Date.parse('2026-11-25T03:13:41.752Z'));
    expect(times.modified).toBe(Date.parse('2026-11-25T03:13:41.753Z'));
  });

  it('has as much free space as ntfs-3g says', () => {
    expect(totalLength(openFixture().unallocated())).toBe(FREE_CLUSTERS * CLUSTER);
  });

  it('knows label and version', () => {
    const system = openFixture();
    expect([system.label, system.facts.get('version'), system.blockSize]).toEqual([
      'fixture',
      '3.1',
      CLUSTER,
    ]);
  });
});

/** As `df` has it while ntfs-3g has the volume mounted. */
const FREE_CLUSTERS = 1966;

describe('a damaged NTFS', () => {
  it('is opened by the copy of its boot sector', () => {
    const image = fixture();
    image.fill(0, 0, 512);
    expect(ntfs.recognise(new BufferSource(image))).toBe(true);
    expect(openFixture(image).notices[0]?.text).toContain('copy in the last sector');
    expect(contentsOf(entriesOf(image).get('hello.txt')!).toString()).toBe('hello\n');
  });

  it("isn't recognised by a copy of its boot sector that is left behind another file system", () => {
    const image = fixture();
    image.fill(0, 0, 512);
    image.writeUInt16LE(0xef53, 1024 + 56);
    expect(ntfs.recognise(new BufferSource(image))).toBe(false);
  });

  it('is read by the copy of the first record of $MFT', () => {
    const image = fixture();
    image.fill(0xaa, MFT, MFT + RECORD);
    const system = openFixture(image);
    expect(byPath(system.entries()).has('docs/report.txt')).toBe(true);
    expect(system.notices.some(({ level, text }) => level === 'wrong' && text.includes('copy'))).toBe(true);
  });

  it('loses a torn record with a notice, and nothing else', () => {
    const image = fixture();
    image[MFT + REPORT * RECORD + 510]! ^= 1;
    const system = openFixture(image);
    const entries = byPath(system.entries());
    expect(entries.has('docs/report.txt')).toBe(false);
    expect(entries.size).toBe(entriesOf().size - 1);
    expect(system.notices.some(({ text }) => text.startsWith('1 file records are torn'))).toBe(true);
  });

  it('names files whose folder is lost by the number of the folder', () => {
    const image = fixture();
    image.fill(0, MFT + 71 * RECORD, MFT + 72 * RECORD);
    expect(contentsOf(entriesOf(image).get('?/#71/report.txt')!)).toHaveLength(23_520);
  });

  it("can't read a file of which a record is lost, and says so", () => {
    const image = fixture();
    image.fill(0, MFT + 145 * RECORD, MFT + 146 * RECORD);
    const entry = entriesOf(image).get('scattered.bin')!;
    expect(entry.unreadable).toContain('record 145');
    expect(() => entry.open()).toThrow(Broken);
  });

  it('says when it was not cleanly dismounted', () => {
    const image = fixture();
    editRecord(image, 3, (record) => {
      const at = attributeAt(record, 0x70);
      record.writeUInt16LE(1, at + 24 + 10);
    });
    expect(openFixture(image).notices.some(({ text }) => text.includes('not cleanly dismounted'))).toBe(true);
  });

  it('gives what an image that was cut short still has', () => {
    const image = fixture().subarray(0, 3 << 20);
    const system = openFixture(image);
    expect(system.notices[0]?.text).toContain('cut short');
    expect(byPath(system.entries()).has('docs/report.txt')).toBe(true);
  });
});

describe('what NTFS keeps elsewhere', () => {
  function withReport(edit: (record: Buffer) => void) {
    const image = fixture();
    editRecord(image, REPORT, edit);
    return entriesOf(image).get('docs/report.txt')!;
  }

  it('calls a file that EFS encrypts protected', () => {
    const entry = withReport((record) => record.writeUInt16LE(0x4000, attributeAt(record, DATA) + 12));
    expect([entry.protection, entry.unreadable]).toEqual(['EFS', 'encrypted by its owner (EFS)']);
    expect(entry.size).toBe(23_520);
  });

  it.each([
    [0xa000000c, 'link'],
    [0xa0000003, 'link'],
    [0x80000023, 'special'],
  ])('takes a reparse point %s for a %s', (tag, kind) => {
    expect(withReport((record) => addAttribute(record, REPARSE, reparsePoint(tag))).kind).toBe(kind);
  });

  it.each([
    [0x80000017, 'WOF'],
    [0x80000013, 'deduplicated'],
    [0x9000701a, 'in the cloud'],
    [0x80001234, 'unknown tag 0x80001234'],
  ])('cannot read a file with holes and the reparse point %s', (tag, text) => {
    const image = fixture();
    editRecord(image, 0x40, (record) => addAttribute(record, REPARSE, reparsePoint(tag)));
    const sparse = [...entriesOf(image).values()].find(({ path }) => path === 'sparse.bin')!;
    editRecord(image, sparse.id, (record) => addAttribute(record, REPARSE, reparsePoint(tag)));
    const entries = entriesOf(image);
    expect(entries.get('sparse.bin')!.unreadable).toContain(text);
    // One that was fetched back has all of its bytes.
    expect(contentsOf(entries.get('hello.txt')!).toString()).toBe('hello\n');
  });
});

describe('names of a hostile NTFS', () => {
  function rename(units: readonly number[]): string[] {
    const image = fixture();
    editRecord(image, HELLO, (record) => {
      const at = attributeAt(record, FILE_NAME) + 24;
      record[at + 64] = units.length;
      for (const [i, unit] of units.entries()) record.writeUInt16LE(unit, at + 66 + 2 * i);
    });
    return [...openFixture(image).entries()].filter(({ id }) => id === HELLO).map(({ path }) => path);
  }

  it.each([
    ['a slash', [0x2e, 0x2e, 0x2f, 0x61], '..\udc2fa'],
    ['two dots', [0x2e, 0x2e], '\udc2e.'],
    ['NUL', [0x61, 0, 0x62], 'a\udc00b'],
    ['half of a pair', [0x61, 0xd800], 'a\udced\udca0\udc80'],
    ['a backslash', [0x61, 0x5c, 0x62], 'a\udc5cb'],
  ])('keeps %s in a name as escaped bytes', (_, units, path) => {
    expect(rename(units)).toEqual([path]);
  });

  it('reads folders inside of each other once', () => {
    const image = fixture();
    const deep = [...entriesOf(image).values()]
      .filter(({ path }) => /^deep(\/a)?$/.test(path))
      .map(({ id }) => id);
    editRecord(image, deep[0]!, (record) => {
      const at = attributeAt(record, FILE_NAME) + 24;
      record.writeUInt32LE(deep[1]!, at);
      record.writeUInt16LE(1, at + 6);
    });
    const paths = [...openFixture(image).entries()].map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith('bottom.txt'))).toHaveLength(1);
    expect(new Set(paths).size).toBe(paths.length);
  });
});

describe('sizes of a hostile NTFS', () => {
  function withRuns(edit: (record: Buffer, at: number) => void): () => unknown {
    const image = fixture();
    editRecord(image, REPORT, (record) => edit(record, attributeAt(record, DATA)));
    const entry = entriesOf(image).get('docs/report.txt')!;
    return () => entry.open();
  }

  it.each([
    ['more bytes than clusters', (record: Buffer, at: number) => record.writeUInt32LE(2 ** 31, at + 48)],
    ['2^60 bytes', (record: Buffer, at: number) => record.writeUInt32LE(2 ** 28, at + 52)],
    ['a run beyond the volume', (record: Buffer, at: number) => record.writeUInt16LE(0x7fff, at + 66)],
    [
      'a run of a length that the header denies',
      (record: Buffer, at: number) => record.writeUInt8(3, at + 65),
    ],
    [
      'runs that begin behind the attribute',
      (record: Buffer, at: number) => record.writeUInt16LE(900, at + 32),
    ],
    ['clusters that do not begin at 0', (record: Buffer, at: number) => record.writeUInt8(1, at + 16)],
  ])('throws Broken for %s', (_, edit) => {
    expect(withRuns(edit)).toThrow(Broken);
  });

  it('opens nothing where the boot sector gives sizes that are none', () => {
    for (const [at, value] of [
      [11, 3],
      [13, 3],
      [13, 0],
      [64, 100],
      [64, 0x80],
    ] as const) {
      const image = fixture();
      image[at] = value;
      image.fill(0, image.length - 512);
      if (at === 11) image[12] = 0;
      expect(() => [...openFixture(image).entries()], String(at)).toThrow(Broken);
    }
  });
});
