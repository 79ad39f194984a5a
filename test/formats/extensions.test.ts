import { describe, expect, it } from 'vitest';
import { Extensions, isCustomary } from '../../src/formats/extensions.ts';
import { signatures } from '../../src/formats/signatures.ts';
import { formats } from '../../src/formats/table.ts';

const extensions = new Extensions([...formats, ...signatures]);

function promise(name: string): [id: string | undefined, extension: string, appended: string | null] {
  const { formats: promised, extension, appended } = extensions.promisedBy(name);
  return [promised[0]?.id, extension, appended];
}

describe('the promise of a name', () => {
  it.each([
    ['photo.PNG', 'png', 'png', null],
    ['backup.tar.gz', 'gzip', 'tar.gz', null],
    ['report.docx.locked', 'zip', 'docx', 'locked'],
    ['report.docx.id-A1B2.[help@cock.li].eking', 'zip', 'docx', 'id-a1b2.[help@cock.li].eking'],
    ['ledger.7z.bak', '7z', '7z', 'bak'],
    ['libdemo.so.1.2.3', 'elf', 'so', '1.2.3'],
    ['backup.tar.zst.old', 'zstd', 'tar.zst', 'old'],
    ['photo.png~', 'png', 'png', '~'],
    ['photo.png_encrypted', 'png', 'png', '_encrypted'],
    ['notes.unheard-of', undefined, 'unheard-of', null],
    ['.png', undefined, '', null],
    ['README', undefined, '', null],
    ['', undefined, '', null],
    ['archive.zip.', 'zip', 'zip', null],
  ])('%s', (name, id, extension, appended) => {
    expect(promise(name)).toEqual([id, extension, appended]);
  });

  it('names every format that shares the extension', () => {
    const shared = extensions.promisedBy('library.sav').formats.map((format) => format.id);
    expect(shared).toEqual(expect.arrayContaining(['spss', 'idl-save']));
  });

  it('reads only the last parts of an endless name', () => {
    expect(promise(`a.png${'.x1y'.repeat(1000)}`)[0]).toBeUndefined();
  });
});

describe('what is appended to a name', () => {
  it.each(['bak', 'old', '1', '2.bak', '2024-05-01', '1.2.3', '~', '~1~', '(1)', '-1', 'dpkg-old', ' copy'])(
    'is customary: %s',
    (appended) => expect(isCustomary(appended)).toBe(true),
  );
  it.each([
    'locked',
    'encrypted',
    'lockbit',
    'id-a1b2.[help@cock.li].eking',
    'wncry',
    '_encrypted',
    '7f3a9c',
  ])('is foreign: %s', (appended) => expect(isCustomary(appended)).toBe(false));
});
