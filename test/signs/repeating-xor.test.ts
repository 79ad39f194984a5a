import { describe, expect, it } from 'vitest';
import { findRepeatingXor } from '../../src/signs/repeating-xor.ts';
import { corpusFiles } from '../support/corpus.ts';
import { randomBytes } from '../support/random.ts';

const xor = (bytes: Uint8Array, key: Uint8Array) => bytes.map((byte, i) => byte ^ key[i % key.length]!);
const sqliteHead = Buffer.from('SQLite format 3\0', 'latin1');
const pngHead = Uint8Array.of(
  0x89,
  0x50,
  0x4e,
  0x47,
  0x0d,
  0x0a,
  0x1a,
  0x0a,
  0,
  0,
  0,
  13,
  0x49,
  0x48,
  0x44,
  0x52,
);

describe('repeating xor', () => {
  it.each([1, 4, 13, 32, 64])('over databases shows its key of %i bytes', (length) => {
    for (const { name, bytes } of corpusFiles('genuine', 'sqlite')) {
      if (bytes.length < 8192 || !sqliteHead.every((byte, i) => bytes[i] === byte)) continue;
      const key = randomBytes(length);
      const found = findRepeatingXor(xor(bytes, key), { heads: [sqliteHead] });
      expect(found, name).not.toBeNull();
      expect(
        xor(
          found!.head,
          found!.head.map((_, i) => found!.key[i % found!.period]!),
        ),
        name,
      ).toEqual(xor(bytes.subarray(0, 64), key));
    }
  });

  it('over text shows its key by the head that the type has', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'html', 'json')) {
      if (bytes.length < 8192) continue;
      const found = findRepeatingXor(xor(bytes, randomBytes(16)), { heads: [bytes.slice(0, 6)] });
      expect(found && Buffer.from(found.head).toString('latin1'), name).toBe(
        Buffer.from(bytes.subarray(0, 64)).toString('latin1'),
      );
    }
  });

  it('over prose is seen without any head', () => {
    const text = Buffer.alloc(
      20_000,
      'Call me Ishmael. Some years ago, never mind how long precisely, having little money\n',
    );
    const key = randomBytes(16);
    const found = findRepeatingXor(xor(text, key));
    expect(found).toMatchObject({ by: 'text' });
    expect(found!.printable).toBeGreaterThan(0.97);
    expect(found!.period % 16).toBe(0);
  });

  it('is none in genuine files', () => {
    for (const { name, bytes } of corpusFiles(
      'genuine',
      'sqlite',
      'bmp',
      'wav',
      'csv',
      'elf',
      'png',
      'evtx',
    )) {
      expect(findRepeatingXor(bytes, { heads: [sqliteHead, pngHead] }), name).toBeNull();
    }
  });

  it('is none in random bytes', () => {
    expect(findRepeatingXor(randomBytes(100_000), { heads: [pngHead] })).toBeNull();
  });
});
