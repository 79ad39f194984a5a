import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findRepetition } from '../../src/signs/repetition.ts';
import { corpusFiles } from '../support/corpus.ts';
import { randomBytes } from '../support/random.ts';

const encrypt = (cipher: string, bytes: Uint8Array) => {
  const engine = createCipheriv(cipher, randomBytes(16), cipher.endsWith('ecb') ? null : randomBytes(16));
  return Buffer.concat([engine.update(bytes), engine.final()]);
};

describe('repetition', () => {
  it('shows AES in ECB mode over database pages', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'sqlite')) {
      if (bytes.length < 8192) continue;
      const found = findRepetition(encrypt('aes-128-ecb', bytes));
      expect(found, name).toMatchObject({ blockSize: 16, phase: 0 });
      expect(found!.repeated).toBeGreaterThan(0);
    }
  });

  it('shows it behind a header of 5 bytes', () => {
    const plain = Buffer.concat([
      randomBytes(4000),
      new Uint8Array(32),
      randomBytes(4000),
      new Uint8Array(32),
    ]);
    const found = findRepetition(Buffer.concat([Buffer.from('MAGIC'), encrypt('aes-128-ecb', plain)]), 0);
    expect(found).toMatchObject({ blockSize: 16, phase: 5 });
    expect(found!.logLikelihood).toBeGreaterThan(60);
  });

  it('is none under CBC', () => {
    expect(findRepetition(encrypt('aes-128-cbc', new Uint8Array(100_000)))).toBeNull();
  });

  it('is none in genuine files, however much they repeat', () => {
    for (const { name, bytes } of corpusFiles(
      'genuine',
      'sqlite',
      'bmp',
      'csv',
      'html',
      'evtx',
      'wav',
      'png',
      'gz',
    )) {
      expect(findRepetition(bytes), name).toBeNull();
    }
  });

  it('is none in random bytes', () => {
    expect(findRepetition(randomBytes(1 << 20))).toBeNull();
  });
});
