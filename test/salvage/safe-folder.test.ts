import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadError } from '../../src/bytes/errors.ts';
import { BufferSource, type ByteSource } from '../../src/bytes/source.ts';
import { SafeFolder, UnsafeFolder } from '../../src/salvage/safe-folder.ts';
import { safePath } from '../../src/salvage/safe-name.ts';
import { fromBytes, fromText, type Path } from '../../src/sources/folders/path.ts';
import { temporaryFolder } from '../support/folder.ts';

const hello = new BufferSource(Buffer.from('hello\n'));

function makeFolder(): SafeFolder {
  return SafeFolder.make(join(temporaryFolder(), 'out'), []);
}

describe('a safe path', () => {
  const cases: [string, string][] = [
    ['Users/ann/report.docx', 'Users/ann/report.docx'],
    ['../../etc/passwd', '%2E%2E/%2E%2E/etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['a/./b', 'a/%2E/b'],
    ['a\\..\\b', 'a%5C..%5Cb'],
    ['C:stream', 'C%3Astream'],
    ['nul.txt', '%6Eul.txt'],
    ['-rf', '%2Drf'],
    ['trailing. .', 'trailing%2E%20%2E'],
    ['red\u001b[31m', 'red%1B[31m'],
    ['\u202etxt.exe', '%E2%80%AEtxt.exe'],
    ['%2E%2E', '%252E%252E'],
    ['100%', '100%'],
    ['Übersicht.txt', 'Übersicht.txt'],
  ];
  it.each(cases)('of %j is %j', (name, safe) => {
    expect(safePath(fromBytes(Buffer.from(name)))).toBe(safe);
  });

  it('shows bytes that are no text, and a NUL, by their codes', () => {
    expect(safePath(fromBytes(Buffer.from([0x61, 0xff, 0x00, 0x62])))).toBe('a%FF%00b');
  });

  it('never leads out of its folder, and never is too long', () => {
    const segment = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', '.', '', '~', 'CON', '%2e'),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 80 }), (segments) => {
        const safe = safePath(fromText(segments.join('/')));
        expect(resolve('/out', safe).startsWith(`${resolve('/out')}${sep}`)).toBe(true);
        expect(safe).not.toMatch(/[\x00-\x1f\\:]|(?:^|\/)\.{0,2}(?:\/|$)/);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(1800);
      }),
    );
  });
});

describe('a safe folder', () => {
  it('holds what was saved, with its hash and a manifest', () => {
    const folder = makeFolder();
    const saved = folder.save(fromText('p1/docs/hello.txt'), hello);
    folder.record(saved);
    folder.close();
    expect(saved).toEqual({
      path: 'files/p1/docs/hello.txt',
      size: 6,
      sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
    });
    expect(readFileSync(join(folder.path, saved.path), 'utf8')).toBe('hello\n');
    expect(JSON.parse(readFileSync(join(folder.path, 'manifest.ndjson'), 'utf8'))).toEqual(saved);
  });

  it('keeps equal names apart, and a file apart from a folder of its name', () => {
    const folder = makeFolder();
    const paths = ['a.txt', 'a.txt', 'a.txt/b', '../a.txt', 'a.txt'].map(
      (name) => folder.save(fromText(name), hello).path,
    );
    expect(paths).toEqual([
      'files/a.txt',
      'files/a~2.txt',
      'files/a~3.txt/b',
      'files/%2E%2E/a.txt',
      'files/a~4.txt',
    ]);
    expect(readdirSync(folder.path).sort()).toEqual(['files', 'manifest.ndjson']);
  });

  it('takes no room for zeros', () => {
    const folder = makeFolder();
    const { path, size } = folder.save(fromText('hole'), new BufferSource(new Uint8Array(8 << 20)));
    const stats = statSync(join(folder.path, path));
    expect([stats.size, size, stats.blocks]).toEqual([8 << 20, 8 << 20, 0]);
  });

  it('leaves nothing of a file that could not be read to its end', () => {
    const folder = makeFolder();
    const failing: ByteSource = {
      size: 4 << 20,
      read: (into, at) => {
        if (at > 0) throw new ReadError(at, 'EIO');
        return into.fill(1).length;
      },
      close: () => {},
    };
    expect(() => folder.save(fromText('bad'), failing)).toThrow(ReadError);
    expect(existsSync(join(folder.path, 'files/bad'))).toBe(false);
  });

  it('is never one that holds something, nor the folder of the evidence, nor one in it', () => {
    const place = temporaryFolder();
    writeFileSync(join(place, 'disk.img'), 'x');
    mkdirSync(join(place, 'sub'));
    const elsewhere = temporaryFolder();
    symlinkSync(place, join(elsewhere, 'link'));
    const evidence = [join(place, 'disk.img')];
    for (const path of [place, join(place, 'sub'), join(place, 'new/deep'), join(elsewhere, 'link/new')]) {
      expect(() => SafeFolder.make(path, evidence), path).toThrow(UnsafeFolder);
    }
    expect(() => SafeFolder.make(place, [])).toThrow('is not empty');
    expect(readdirSync(place).sort()).toEqual(['disk.img', 'sub']);
    SafeFolder.make(join(elsewhere, 'out'), evidence).close();
  });

  it('gives names of any bytes a place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const folder = makeFolder();
        const { path } = folder.save(fromBytes(Buffer.from(bytes)) as Path, hello);
        expect(readFileSync(join(folder.path, path), 'utf8')).toBe('hello\n');
        folder.close();
      }),
      { numRuns: 60 },
    );
  });
});
