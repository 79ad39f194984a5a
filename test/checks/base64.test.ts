import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DigitCensus, decodeDigits } from '../../src/checks/base64.ts';

function censusOf(digits: string): DigitCensus {
  const census = new DigitCensus();
  census.push(Buffer.from(digits));
  census.finish();
  return census;
}

describe('base64 and hexadecimal digits', () => {
  it('decode as Node does, in both alphabets, across line ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        for (const digits of [buffer.toString('base64'), buffer.toString('base64url')]) {
          const lines = Buffer.from(digits.replaceAll(/.{76}/g, '$&\r\n'));
          expect(Buffer.from(decodeDigits(lines, 'base64'))).toEqual(buffer);
        }
        expect(Buffer.from(decodeDigits(Buffer.from(buffer.toString('hex')), 'hex'))).toEqual(buffer);
      }),
    );
  });

  it('look drawn evenly where they stand for random bytes, not where they are words', () => {
    const mixed = Buffer.from(
      Array.from({ length: 600 }, (_, i) => (i * i * 31 + i * 17 + (i >> 3) * 101) & 255),
    );
    expect(censusOf(mixed.toString('base64')).isEven).toBe(true);
    expect(censusOf('theQuickBrownFoxJumpsOverTheLazyDog'.repeat(8)).isEven).toBe(false);
    expect(censusOf('ACGTTGCAACGATCGATTAGCCAT'.repeat(12)).isEven).toBe(false);
    expect(censusOf('0123456789abcdef'.repeat(16)).isHex).toBe(true);
  });
});
