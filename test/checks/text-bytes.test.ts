import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc24 } from '../../src/checks/crc24.ts';
import { indexOfControl, Triples } from '../../src/checks/text-bytes.ts';

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

describe('triples of letters', () => {
  const triples = new Triples(['abc', '.on']);

  it('are found in any case and at any place, the last bytes included', () => {
    for (let at = 0; at < 100; at++) {
      const text = Buffer.alloc(103, 'ab ');
      text.write('aBC', at);
      expect(triples.isIn(text), `at ${at}`).toBe(true);
    }
  });

  it('are found where a plain search finds them', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', 'o', 'n', 'N'), maxLength: 60 });
    fc.assert(
      fc.property(letters, (text) => {
        expect(triples.isIn(Buffer.from(text))).toBe(/abc|\.on/i.test(text));
      }),
    );
  });

  it('are not read from the text before', () => {
    triples.isIn(Buffer.from('xxabc'));
    expect(triples.isIn(Buffer.from('xxa'))).toBe(false);
  });
});
