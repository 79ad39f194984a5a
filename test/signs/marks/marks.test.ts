import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../bench/attacks/random.ts';
import { Meter } from '../../../src/bytes/meter.ts';
import { Reader } from '../../../src/bytes/reader.ts';
import { BufferSource } from '../../../src/bytes/source.ts';
import { examine } from '../../../src/examine/examine.ts';
import { fileLine } from '../../../src/report/line.ts';
import { builtinMarks, marksWith } from '../../../src/signs/marks/marks.ts';
import { MarksError, parseFamilies } from '../../../src/signs/marks/parse.ts';

function find(name: string, bytes: Uint8Array, how: 'wrong' | 'text' | 'sound') {
  const reader = new Reader(new BufferSource(bytes), new Meter());
  return builtinMarks().find({ reader, name, isWrong: how === 'wrong', isText: how === 'text' });
}

const random = new Random(7);
const content = random.bytes(20_000);

function sizeField(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(size));
  return bytes;
}

const akira = Buffer.concat([content, random.bytes(524), Buffer.from([1, 15]), sizeField(content.length)]);

const note = `What happened to your files? All your files have been encrypted and your data was stolen.
Do not rename encrypted files, do not try to decrypt them with third party software.
Download Tor Browser and open http://example.onion with your personal ID to contact us.
You pay for decryption in Bitcoin, then we restore your files.`;

describe('marks of names', () => {
  it('know an extension that one family alone appends', () => {
    expect(find('plan.xyz.akira', content, 'sound')).toMatchObject([
      { kind: 'extension', families: ['Akira'] },
    ]);
  });

  it('say nothing of ordinary names', () => {
    for (const name of ['report.docx', 'a.tar.gz', 'readme.txt', 'IMG_2024.jpg', 'Makefile'])
      expect(find(name, content, 'sound').filter(({ strong }) => strong)).toEqual([]);
  });
});

describe('tails', () => {
  it('hold together where mode and size agree', () => {
    expect(find('a', akira, 'wrong')).toMatchObject([{ kind: 'tail', families: ['Akira'], strong: true }]);
  });

  it('don’t where the size is off by one', () => {
    const off = Buffer.concat([Buffer.from([0]), akira]);
    expect(find('a', off, 'wrong').filter(({ strong }) => strong)).toEqual([]);
  });

  it('are known by their CRC-32', () => {
    const body = Buffer.concat([Buffer.from([140, 0, 0, 0]), random.bytes(164)]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(body));
    expect(find('a', Buffer.concat([content, body, sum]), 'wrong')).toMatchObject([
      { families: ['Money Message'] },
    ]);
  });

  it('of no known family count as weak where they hold the size', () => {
    const tail = Buffer.concat([random.bytes(200), sizeField(content.length), random.bytes(48)]);
    expect(find('a', Buffer.concat([content, tail]), 'wrong')).toMatchObject([
      { kind: 'tail', families: [], strong: false, at: content.length },
    ]);
  });

  it('are looked for only where something is wrong', () => {
    expect(find('a', akira, 'sound')).toEqual([]);
  });
});

describe('notes', () => {
  it('are known by what they say, in HTML and UTF-16, too', () => {
    const html = `<html><body><p>${note.replaceAll('. ', '.</p><p>')}</p></body></html>`;
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(note, 'utf16le')]);
    for (const bytes of [Buffer.from(note), Buffer.from(html), wide])
      expect(find('info.txt', bytes, 'text')).toContainEqual(
        expect.objectContaining({ kind: 'note-text', strong: true }),
      );
  });

  it('aren’t taken for texts about encryption', () => {
    const article = `The library encrypts files with AES. To decrypt them, call decrypt() with the key. ${'It is fast. '.repeat(20)}`;
    expect(find('readme.txt', Buffer.from(article), 'text').filter(({ strong }) => strong)).toEqual([]);
  });

  it('make the note itself suspect', () => {
    expect(examine(Buffer.from(note), { name: 'RECOVER.txt' }).judgement).toMatchObject({
      verdict: 'suspect',
    });
  });
});

describe('a file with a family’s tail', () => {
  it('is encrypted, and the report says with whom that is consistent', () => {
    const examination = examine(akira, { name: 'disk.akira' });
    expect(examination.judgement.verdict).toBe('encrypted');
    const line = fileLine({ path: { text: 'disk.akira' }, modified: null }, examination);
    expect(line.family).toBe('consistent with Akira');
  });
});

describe('a table of marks', () => {
  const own = {
    id: 'own',
    extensions: [{ suffix: '.ours' }],
    trailers: [{ hex: '0102030405060708', fromEnd: 8 }],
  };

  it('of the user’s adds to the built-in ones', () => {
    const marks = marksWith(parseFamilies([own]));
    expect(examine(content, { name: 'a.b.ours', marks }).judgement.families).toEqual(['own']);
  });

  it.each([
    ['no list', {}, 'must be a list of families'],
    ['no id', [{}], 'family 1: id must be text'],
    ['half a byte', [{ id: 'x', headers: [{ hex: '0', at: 0 }] }], 'pairs of hexadecimal digits'],
    ['no place', [{ id: 'x', headers: [{ hex: '00' }] }], 'needs at or within'],
    ['a bad pattern', [{ id: 'x', notes: [{ pattern: '(' }] }], 'is no regular expression'],
    ['an unknown specificity', [{ id: 'x', notes: [{ name: 'a', specificity: 'sure' }] }], 'must be one of'],
    ['the same twice', [own, own], 'stands there twice'],
  ])('with %s is refused, and the place named', (_, table, why) => {
    expect(() => parseFamilies(table)).toThrow(MarksError);
    expect(() => parseFamilies(table)).toThrow(why);
  });
});
