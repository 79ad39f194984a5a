import { describe, expect, it } from 'vitest';
import { crc32c, maskCrc32c } from '../../src/checks/crc32c.ts';
import { crc64Jones } from '../../src/checks/crc64-jones.ts';

const digits = Buffer.from('123456789');

describe('CRC-32C', () => {
  it('gives the check value of the catalogue of parametrised CRC algorithms', () => {
    expect(crc32c(digits)).toBe(0xe3069283);
  });

  it('agrees with the vectors of RFC 3720 §B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });

  it('is the same in two pieces as in one, across the end of the engine’s input', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i * 31 + (i >> 8));
    for (const cut of [0, 1, 7, 65_535, 65_537, 199_999]) {
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes));
    }
  });

  it('masks as LevelDB does', () => {
    expect(maskCrc32c(crc32c(Buffer.from('foo')))).not.toBe(crc32c(Buffer.from('foo')));
    expect(maskCrc32c(0)).toBe(0xa282ead8);
  });
});

describe('CRC-64 of Redis', () => {
  it('gives the check value that its source states', () => {
    expect(crc64Jones(digits)).toBe(0xe9c6d914c4b8d9can);
  });

  it('is the same in two pieces as in one', () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i * 7);
    expect(crc64Jones(bytes.subarray(333), crc64Jones(bytes.subarray(0, 333)))).toBe(crc64Jones(bytes));
  });
});
