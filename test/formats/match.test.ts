import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compatible } from '../../src/formats/families.ts';
import type { KnownFormat, Signature } from '../../src/formats/format.ts';
import { Matcher } from '../../src/formats/match.ts';
import { signatures } from '../../src/formats/signatures.ts';
import { formats } from '../../src/formats/table.ts';
import { corpusFiles, hasCorpus } from '../support/corpus.ts';

const known = [...formats, ...signatures];
const matcher = new Matcher(known);
const byId = new Map(known.map((format) => [format.id, format]));

describe('the matcher', () => {
  const byteAndMask = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0xff, 0xff, 0x03, 0x01, 0));
  const signature: fc.Arbitrary<Signature> = fc
    .tuple(fc.integer({ min: -6, max: 6 }), fc.array(byteAndMask, { minLength: 1, maxLength: 4 }))
    .filter(([, pairs]) => pairs.some(([, mask]) => mask !== 0))
    .filter(([at, pairs]) => at >= 0 || at + pairs.length <= 0)
    .map(([at, pairs]) => ({
      at,
      hex: Buffer.from(pairs.map(([byte, mask]) => byte & mask)).toString('hex'),
      mask: Buffer.from(pairs.map(([, mask]) => mask)).toString('hex'),
    }));
  const format = fc.array(signature, { minLength: 1, maxLength: 3 });
  const bytes = fc.uint8Array({ max: 3, maxLength: 16 });

  it('finds what a naive comparison finds, in the order of specificity', () => {
    fc.assert(
      fc.property(fc.array(format, { maxLength: 8 }), bytes, (lists, file) => {
        const made = lists.map((list, i) => knownAs(`f${i}`, list));
        const found = new Matcher(made).match(file, file, file.length);
        expect(found.map((one) => one.id)).toEqual(matchNaively(made, file).map((one) => one.id));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes head and tail of a large file apart', () => {
    const made = [knownAs('head', [{ at: 2, hex: 'aabb' }]), knownAs('tail', [{ at: -3, hex: 'ccdd' }])];
    const head = Uint8Array.of(0, 0, 0xaa, 0xbb);
    const tail = Uint8Array.of(0xcc, 0xdd, 0);
    expect(new Matcher(made).match(head, tail, 1_000_000).map((one) => one.id)).toEqual(['head', 'tail']);
  });

  it('does not look at bytes of a buffer that are not of the file', () => {
    const made = [knownAs('stale', [{ at: 2, hex: 'aabb' }])];
    const buffer = Uint8Array.of(0, 0, 0xaa, 0xbb);
    expect(new Matcher(made).match(buffer, buffer.subarray(0, 3), 3)).toEqual([]);
  });

  it('gives the same empty list whenever nothing matches', () => {
    const nothing = matcher.match(new Uint8Array(64), new Uint8Array(64), 64);
    expect(nothing).toHaveLength(0);
    expect(matcher.match(new Uint8Array(0), new Uint8Array(0), 0)).toBe(nothing);
  });

  it('says how much of a file it needs', () => {
    expect(matcher.headBytes).toBeGreaterThan(65_600);
    expect(matcher.tailBytes).toBe(512);
  });

  it.each([
    ['an odd number of digits', { at: 0, hex: 'abc' }],
    ['no digits', { at: 0, hex: '' }],
    ['a mask of another length', { at: 0, hex: 'abcd', mask: 'ff' }],
    ['an end behind that of the file', { at: -1, hex: 'abcd' }],
    ['a mask without bits', { at: 0, hex: 'abcd', mask: '0000' }],
  ])('refuses a signature with %s', (_, malformed) => {
    expect(() => new Matcher([knownAs('malformed', [malformed])])).toThrow(RangeError);
  });
});

describe('false alarms of the table', () => {
  it('are rarer than one in 10,000 heads of random bytes', () => {
    const heads = 200_000;
    const table = new Matcher(signatures);
    const random = xorshift(0x9e3779b9);
    const words = new Uint32Array(1024);
    const head = new Uint8Array(words.buffer);
    let alarms = 0;
    for (let i = 0; i < heads; i++) {
      for (let k = 0; k < words.length; k++) words[k] = random();
      if (table.match(head, head, head.length).length > 0) alarms++;
    }
    expect(alarms / heads).toBeLessThan(1e-4);
  });

  it.each([
    'The ledger of the port, year by year.\n',
    'id,date,amount\n1,2024-01-02,3.50\n',
    '{"id": 1, "name": "harbour"}\n',
    '# Notes\n\n- accounts\n',
    'int main(void) { return 0; }\n',
    '2024-05-01 10:00:00 INFO started\n',
  ])('are none in the text %j', (text) => {
    const bytes = new TextEncoder().encode(text.repeat(40));
    expect(matcher.match(bytes, bytes, bytes.length).map((one) => one.id)).toEqual([]);
  });

  it.each([0x00, 0x20, 0x55, 0xff])('are none in a file of bytes 0x%s alone', (byte) => {
    const bytes = new Uint8Array(70_000).fill(byte);
    expect(matcher.match(bytes, bytes, bytes.length).map((one) => one.id)).toEqual([]);
  });
});

describe.runIf(hasCorpus)('real files', () => {
  const expected: readonly (readonly [type: string, id: string])[] = [
    ['7z', '7z'],
    ['aiff', 'aiff'],
    ['arj', 'arj'],
    ['avif', 'avif'],
    ['avro', 'avro'],
    ['cab', 'cab'],
    ['dbf', 'dbf'],
    ['dcm', 'dicom'],
    ['deb', 'deb'],
    ['e01', 'e01'],
    ['emf', 'emf'],
    ['evtx', 'evtx'],
    ['flac', 'flac'],
    ['gif', 'gif'],
    ['heic', 'heif'],
    ['icns', 'icns'],
    ['ico', 'ico'],
    ['iso', 'iso9660'],
    ['jls', 'jpeg-ls'],
    ['kbx', 'gnupg-keybox'],
    ['lha', 'lha'],
    ['lnk', 'lnk'],
    ['mkv', 'matroska'],
    ['mysql-frm', 'mysql-frm'],
    ['odt', 'opendocument'],
    ['ogg', 'ogg'],
    ['otf', 'opentype'],
    ['parquet', 'parquet'],
    ['pcap', 'pcap'],
    ['pcapng', 'pcapng'],
    ['pg-heap', 'pg-heap'],
    ['psd', 'psd'],
    ['qcow2', 'qcow2'],
    ['rar', 'rar'],
    ['regf', 'regf'],
    ['rpm', 'rpm'],
    ['sas7bdat', 'sas7bdat'],
    ['squashfs', 'squashfs'],
    ['vmdk', 'vmdk'],
    ['amb', 'wav'],
    ['webp', 'webp'],
    ['woff2', 'woff2'],
    ['xz', 'xz'],
  ];
  it.each(expected)('of type %s are first of all %s', (type, id) => {
    const found = [...corpusFiles('genuine', type)].map(({ name, bytes }) => [
      name,
      matcher.match(bytes, bytes, bytes.length)[0]?.id,
    ]);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(([, first]) => first !== id)).toEqual([]);
  });

  it('of text, or without a header, have no magic bytes', () => {
    const types = [
      'csv',
      'json',
      'ndjson',
      'log',
      'raw-headerless',
      'all-zero',
      'text-utf-8',
      'text-gbk',
      'yaml',
    ];
    const alarms = [...corpusFiles('genuine', ...types)].flatMap(({ path, bytes }) => {
      const found = matcher.match(bytes, bytes, bytes.length);
      return found.length === 0 || found[0]!.id === 'gzip' ? [] : [[path, found[0]!.id]];
    });
    expect(alarms).toEqual([]);
  });
});

describe('compatible formats', () => {
  const pair = (promised: string, found: string) => compatible(byId.get(promised)!, byId.get(found)!);

  it('are those of one container', () => {
    expect(pair('epub', 'zip')).toBe(true);
    expect(pair('m4a', 'mp4')).toBe(true);
    expect(pair('webp', 'riff')).toBe(true);
    expect(pair('cr2', 'tiff')).toBe(true);
  });

  it('are those that programs save under one extension', () => {
    expect(pair('cfb', 'rtf')).toBe(true);
    expect(pair('iso9660', 'mbr')).toBe(true);
  });

  it('are not any two formats', () => {
    expect(pair('png', 'zip')).toBe(false);
    expect(pair('pdf', '7z')).toBe(false);
    expect(pair('sqlite', 'age')).toBe(false);
  });
});

function knownAs(id: string, list: readonly Signature[]): KnownFormat {
  return { id, title: id, extensions: [], signatures: list, spec: 'made for a test' };
}

function matchNaively(made: readonly KnownFormat[], file: Uint8Array): KnownFormat[] {
  const ranked = made
    .flatMap((format) => format.signatures.map((signature) => ({ format, signature })))
    .sort((a, b) => bitsOf(b.signature) - bitsOf(a.signature));
  return [...new Set(ranked.filter(({ signature }) => bears(file, signature)).map(({ format }) => format))];
}

function bears(file: Uint8Array, { at, hex, mask = 'ff'.repeat(hex.length / 2) }: Signature): boolean {
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.from(mask, 'hex').every((bits, i) => {
    if (bits === 0) return true;
    const byte = file[at < 0 ? file.length + at + i : at + i];
    return byte !== undefined && (byte & bits) === bytes[i];
  });
}

function bitsOf({ hex, mask = 'ff'.repeat(hex.length / 2) }: Signature): number {
  return [...Buffer.from(mask, 'hex')].reduce((bits, byte) => bits + ones(byte), 0);
}

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}

/** Marsaglia's xorshift32. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
