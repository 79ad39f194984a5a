import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeXpressHuffman } from '../../src/checks/xpress-huffman.ts';
import { examine } from '../../src/examine/examine.ts';
import { corpusFiles, hasCorpus } from '../support/corpus.ts';
import { randomBytes } from '../support/random.ts';

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url));
const verdictOf = (bytes: Uint8Array, name: string) => examine(bytes, { name }).judgement.verdict;

describe('ACE archives', () => {
  it('are broken where a stored file is another', () => {
    const bytes = fixture('ace/intact/stored.ace');
    bytes[200]! ^= 1;
    expect(verdictOf(bytes, 'a.ace')).toBe('damaged');
  });

  it.runIf(hasCorpus)(
    'of real files are proved where they are stored, and left open where they are packed',
    () => {
      for (const { name, bytes } of corpusFiles('genuine', 'ace')) {
        const isStored = /store\.ace|fixture/.test(name);
        expect(`${name}: ${verdictOf(bytes, name)}`).toBe(`${name}: ${isStored ? 'intact' : 'unproved'}`);
      }
    },
  );
});

describe('Electron archives', () => {
  it('are broken where a file with a digest is another', () => {
    const bytes = fixture('asar/intact/demo.asar');
    bytes[bytes.length - 5]! ^= 1;
    expect(verdictOf(bytes, 'a.asar')).toBe('damaged');
  });

  it('are not safe with random bytes in place of their files', () => {
    const bytes = fixture('asar/intact/demo.asar');
    bytes.set(randomBytes(50), bytes.length - 58);
    expect(verdictOf(bytes, 'a.asar')).not.toBe('intact');
  });
});

describe('LZXPRESS Huffman', () => {
  it.runIf(hasCorpus)('unpacks real prefetch files', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'pf')) {
      if (Buffer.from(bytes.subarray(0, 3)).toString('latin1') !== 'MAM') continue;
      const output = new Uint8Array(Buffer.from(bytes).readUInt32LE(4));
      decodeXpressHuffman(bytes.subarray(8), output);
      expect(Buffer.from(output.subarray(4, 8)).toString('latin1'), name).toBe('SCCA');
      expect(verdictOf(bytes, name)).toBe('intact');
    }
  });

  it('ends with a contradiction or in time, whatever the bytes', () => {
    for (let i = 0; i < 100; i++) {
      const lengths = Buffer.alloc(256, i % 2 === 0 ? 0x99 : 0x88);
      if (i % 2 === 1) lengths.fill(0, 128);
      try {
        decodeXpressHuffman(Buffer.concat([lengths, randomBytes(400)]), new Uint8Array(1000));
      } catch (error) {
        expect(error).toMatchObject({ name: 'Broken' });
      }
    }
  });
});

describe('COFF objects', () => {
  it('are broken where a relocation names a symbol that is not there', () => {
    const bytes = fixture('coff/intact/h.obj');
    const relocations = bytes.readUInt32LE(20 + 24);
    bytes.writeUInt32LE(9999, relocations + 4);
    expect(verdictOf(bytes, 'h.obj')).toBe('damaged');
  });
});

describe('torrents', () => {
  it('are broken where a length is another', () => {
    const bytes = fixture('torrent/intact/demo.torrent');
    bytes[bytes.indexOf('35:http') + 1]! = 0x34;
    expect(verdictOf(bytes, 'a.torrent')).not.toBe('intact');
  });
});

describe('Python bytecode', () => {
  it('is broken where random bytes stand among its objects', () => {
    for (let i = 0; i < 20; i++) {
      const bytes = fixture('pyc/intact/q.pyc');
      bytes.set(randomBytes(100), 20 + 5 * i);
      expect(verdictOf(bytes, 'q.pyc')).not.toBe('intact');
    }
  });

  it('is cut where an object ends early', () => {
    expect(verdictOf(fixture('pyc/intact/q.pyc').subarray(0, 200), 'q.pyc')).toBe('damaged');
  });
});
