import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adler32 } from '../../src/checks/adler32.ts';

function peer(bytes: Uint8Array): number {
  const packed = deflateSync(bytes);
  return packed.readUInt32BE(packed.length - 4);
}

describe('adler32', () => {
  it('gives what zlib gives, in one call or two', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.nat(), (bytes, cut) => {
        const middle = bytes.length === 0 ? 0 : cut % bytes.length;
        expect(adler32(bytes)).toBe(peer(bytes));
        expect(adler32(bytes.subarray(middle), adler32(bytes.subarray(0, middle)))).toBe(peer(bytes));
      }),
    );
  });

  it('does not overflow on the largest bytes', () => {
    const bytes = new Uint8Array(1_000_000).fill(255);
    expect(adler32(bytes)).toBe(peer(bytes));
  });
});
