import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc24 } from '../../src/checks/crc24.ts';
import { indexOfControl } from '../../src/checks/text-bytes.ts';

const isControl = (byte: number) => (byte < 0x20 && ![9, 10, 13].includes(byte)) || byte === 0x7f;

describe('control bytes', () => {
  it('are found where a plain search finds them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 40 }), (bytes, shift) => {
        const text = Uint8Array.from([...Buffer.from('a\tb\r\n~\x80\xff'.repeat(shift), 'latin1'), ...bytes]);
        const found = text.findIndex(isControl);
        expect(indexOfControl(text)).toBe(found < 0 ? text.length : found);
      }),
    );
  });

  it('are found beyond the first 64 KiB', () => {
    const bytes = new Uint8Array(200_000).fill(0x61);
    bytes[150_001] = 0x1b;
    expect(indexOfControl(bytes)).toBe(150_001);
  });
});

describe('CRC-24', () => {
  it('gives the check value of its catalogue entry', () => {
    // "CRC-24/OPENPGP" in the reveng catalogue.
    expect(crc24(Buffer.from('123456789'))).toBe(0x21cf02);
  });
});
