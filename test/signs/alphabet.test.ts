import { describe, expect, it } from 'vitest';
import { findAlphabet } from '../../src/signs/alphabet.ts';
import { corpusFiles } from '../support/corpus.ts';
import { randomBytes } from '../support/random.ts';

const ascii = (text: string) => Buffer.from(text, 'latin1');
const inLines = (text: string) => text.replace(/.{76}/g, '$&\r\n');

describe('alphabets', () => {
  it.each([
    ['base64', inLines(randomBytes(10_000).toString('base64'))],
    ['base64url', randomBytes(10_000).toString('base64url')],
    ['hex', randomBytes(5000).toString('hex')],
    ['hex', randomBytes(5000).toString('hex').toUpperCase()],
  ])('of random bytes as %s are flat', (name, encoded) => {
    expect(findAlphabet(ascii(encoded))).toMatchObject({ name, flat: true });
  });

  it('of text in base64 are not flat', () => {
    const text = Buffer.alloc(9000, 'The quick brown fox jumps over the lazy dog. ');
    expect(findAlphabet(ascii(text.toString('base64')))).toMatchObject({ name: 'base64', flat: false });
  });

  it('that are unknown, but used evenly, are flat: ciphertext spread over few symbols', () => {
    const spread = randomBytes(8000).map((byte) => 0xc0 | (byte & 15));
    expect(findAlphabet(spread)).toMatchObject({ name: 'other', symbols: 16, flat: true });
  });

  it('of genuine text are not flat', () => {
    for (const { name, bytes } of corpusFiles('genuine', 'csv', 'json', 'html', 'txt', 'md', 'mbox')) {
      expect(findAlphabet(bytes)?.flat ?? false, name).toBe(false);
    }
  });

  it('are none of bytes at large, nor of too few', () => {
    expect(findAlphabet(randomBytes(5000))).toBeNull();
    expect(findAlphabet(ascii('abcdef'))).toBeNull();
  });
});
