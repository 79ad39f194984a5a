import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { zip as format } from '../../../src/formats/zip/zip.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { describeFamily } from '../../support/family.ts';
import { randomBytes } from '../../support/random.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';
import { type Entry, zipOf } from '../../support/zip-builder.ts';

describeFamily(format, ['zip', 'zipx', 'jar', 'apk', 'epub', '3mf', 'whl', 'xpi', 'npz', 'htmlz'], 12);
describeFamily(format, ['docx', 'dotx', 'xlsx', 'xlsm', 'pptx', 'vsdx', 'odt', 'ods', 'odp', 'odg'], 12);

const words = (text: string, times = 200): Buffer => Buffer.from(`${text} `.repeat(times));
const entries: readonly Entry[] = [
  { name: 'folder/', content: new Uint8Array(0), method: 0 },
  { name: 'folder/okapi.txt', content: words('okapi') },
  { name: 'quagga.txt', content: words('quagga'), method: 0 },
  { name: 'zebra.txt', content: words('zebra'), hasDescriptor: true },
];

const remarks = (bytes: Uint8Array) => verifyAlone(format, bytes).observations;
const whats = (bytes: Uint8Array) =>
  contradictions(verifyAlone(format, bytes)).map((one) => ('what' in one ? one.what : ''));
const unaccounted = (bytes: Uint8Array) => verifyAlone(format, bytes).totals().unaccounted;

describe('zip', () => {
  it('accounts for every byte of a simple archive', () => {
    const bytes = zipOf(entries, { comment: 'a comment' });
    expect(remarks(bytes)).toEqual([]);
    expect(unaccounted(bytes)).toBe(0);
    expect(verifyAlone(format, bytes).floor()).toBeLessThanOrEqual(16);
    expect(examine(bytes, { name: 'a.zip' }).judgement.verdict).toBe('intact');
  });

  it('reads zip64 records, empty archives and prefixes', () => {
    expect(remarks(zipOf(entries, { isZip64: true }))).toEqual([]);
    expect(remarks(zipOf([]))).toEqual([]);
    const prefixed = zipOf(entries, { prefix: Buffer.from('#!/bin/sh\nexec unzip "$0"\n') });
    expect(remarks(prefixed).map(({ kind }) => kind)).toEqual(['oddity']);
    expect(examine(prefixed, { name: 'setup.zip' }).judgement.restore).toBe('yes');
  });

  it('names the entry whose content is overwritten, and proves the others', () => {
    const bytes = zipOf(entries);
    const at = bytes.indexOf('quagga quagga');
    bytes.set(randomBytes(64), at + 100);
    expect(whats(bytes)).toEqual(['CRC-32 of the content']);
    const { evidence, judgement } = examine(bytes, { name: 'a.zip' });
    expect(judgement.restore).not.toBe('yes');
    expect(evidence.ledger.members.map(({ name }) => name)).toEqual(['folder/okapi.txt', 'zebra.txt']);
  });

  it.each([
    [8, 'method'],
    [14, 'CRC-32'],
    [18, 'packed size'],
    [22, 'size'],
    [30, 'name'],
  ])('sees that byte %i of a local header is not as in the directory: %s', (offset, what) => {
    const bytes = zipOf([{ name: 'one.txt', content: words('one') }]);
    bytes[offset]! ^= 1;
    expect(whats(bytes)).toEqual([what]);
  });

  it('sees a descriptor that disagrees', () => {
    const bytes = zipOf(entries);
    bytes[bytes.indexOf('PK\x07\x08') + 5]! ^= 1;
    expect(whats(bytes)).toEqual(['data descriptor']);
  });

  it('sees entries that overlap', () => {
    const bytes = zipOf([entries[1]!, entries[2]!]);
    const second = bytes.lastIndexOf('PK\x01\x02');
    bytes.writeUInt32LE(0, second + 42);
    expect(whats(bytes)).toContain('entry');
  });

  it('proves and lists an entry that was deleted from the directory only', () => {
    const bytes = zipOf(entries, { deleted: [2] });
    expect(remarks(bytes)).toEqual([
      expect.objectContaining({ kind: 'oddity', what: '1 entries that the directory does not list' }),
    ]);
    expect(unaccounted(bytes)).toBeLessThanOrEqual(4);
  });

  it('leaves a hole of random bytes unaccounted, and takes one of zeros as padding', () => {
    expect(unaccounted(zipOf(entries, { gap: randomBytes(5000) }))).toBe(5000);
    expect(unaccounted(zipOf(entries, { gap: Buffer.alloc(5000) }))).toBe(0);
    expect(examine(zipOf(entries, { gap: randomBytes(5000) }), { name: 'a.zip' }).judgement.restore).not.toBe(
      'yes',
    );
  });

  it('does not take random bytes for a comment', () => {
    const bytes = zipOf(entries, { comment: 'x'.repeat(200) });
    bytes.set(randomBytes(200), bytes.length - 200);
    expect(unaccounted(bytes)).toBe(200);
  });

  it('tells bytes behind the end, unless they are zeros', () => {
    expect(remarks(Buffer.concat([zipOf(entries), randomBytes(300)])).map(({ kind }) => kind)).toEqual([
      'trailing',
    ]);
    expect(remarks(Buffer.concat([zipOf(entries), Buffer.alloc(300)])).map(({ kind }) => kind)).toEqual([
      'oddity',
    ]);
  });

  it('proves the entries of an archive whose end is overwritten', () => {
    const bytes = zipOf(entries);
    const directory = bytes.indexOf('PK\x01\x02');
    bytes.set(randomBytes(bytes.length - directory), directory);
    const ledger = verifyAlone(format, bytes);
    expect(contradictions(ledger)).toHaveLength(1);
    expect(ledger.ranges('unaccounted').filter(({ start, end }) => end - start > 8)).toEqual([
      expect.objectContaining({ start: directory, end: bytes.length }),
    ]);
  });

  it('does not call an archive of ciphertext safe, though every CRC holds', () => {
    const bytes = zipOf([{ name: 'report.docx', content: randomBytes(40_000), method: 0 }]);
    expect(remarks(bytes)).toEqual([]);
    expect(examine(bytes, { name: 'a.zip' }).judgement.restore).not.toBe('yes');
  });

  it('says that a method is unknown instead of guessing', () => {
    const bytes = zipOf([{ name: 'a', content: words('a'), method: 97, packed: randomBytes(500) }]);
    expect(remarks(bytes).map(({ kind }) => kind)).toEqual(['unexamined']);
    expect(examine(bytes, { name: 'a.zip' }).judgement.restore).not.toBe('yes');
  });

  it('notes content that its owner encrypted, if its length fits the scheme', () => {
    const sealed = (packed: Uint8Array) =>
      zipOf([{ name: 'a', content: words('a', 50), method: 0, flags: 1, packed }]);
    expect(remarks(sealed(randomBytes(112)))).toEqual([expect.objectContaining({ scheme: 'ZipCrypto' })]);
    expect(whats(sealed(randomBytes(111)))).toEqual(['length of encrypted content']);
  });

  it.skipIf(!hasCorpus)('finds the seal of every protected archive', () => {
    for (const { name, bytes } of corpusFiles('protected', 'zip', 'zipx', 'odf-encrypted')) {
      const found = remarks(bytes);
      if (!name.includes('ignore_encryption_flag'))
        expect(
          found.map(({ kind }) => kind),
          name,
        ).toContain('protected');
      expect(contradictions(verifyAlone(format, bytes)), name).toEqual([]);
    }
  });

  it.skipIf(!hasCorpus)('refuses what unzip -t refuses', () => {
    const passed: string[] = [];
    for (const { name, path, bytes } of corpusFiles(
      'malformed',
      'zip',
      'zipx',
      'jar',
      'docx',
      'xlsx',
      'pptx',
      'ods',
    )) {
      const { status } = spawnSync('unzip', ['-tqq', '-P', '', path]);
      const isClean = remarks(bytes).every(({ kind }) => kind === 'oddity');
      // 81: a method that unzip cannot decode, 1: a warning.
      if (status !== 0 && status !== 1 && status !== 81 && isClean) passed.push(name);
    }
    expect(passed).toEqual([]);
  });

  it('ends at the budget on a bomb, and on one within declared sizes', () => {
    const bomb = zipOf([{ name: 'zeros', content: Buffer.alloc(50_000_000) }]);
    const { evidence, judgement } = examine(bomb, { name: 'a.zip', budget: { produced: 10_000_000 } });
    expect(evidence.stopped).toContain('decoded bytes');
    expect(judgement.restore).not.toBe('yes');
    const lying = zipOf([{ name: 'zeros', content: Buffer.alloc(50_000_000) }]);
    lying.writeUInt32LE(100, 22);
    lying.writeUInt32LE(100, lying.indexOf('PK\x01\x02') + 24);
    expect(whats(lying)).toEqual(['size of the content']);
  });

  it('ends on archives that are nested fifty deep, and does not call them safe', () => {
    let bytes = zipOf([{ name: 'a.txt', content: words('deep') }]);
    for (let i = 0; i < 50; i++) bytes = zipOf([{ name: `${i}.zip`, content: bytes }]);
    const started = performance.now();
    expect(examine(bytes, { name: 'deep.zip' }).judgement.restore).not.toBe('yes');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('keeps one range for thousands of headers', () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ name: `${i}.txt`, content: words(`${i}`, 5) }));
    const ledger = verifyAlone(format, zipOf(many));
    expect(ledger.observations).toEqual([]);
    expect(ledger.segments().length).toBeLessThan(10_100);
  });
});
