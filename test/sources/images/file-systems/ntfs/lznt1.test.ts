import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Broken } from '../../../../../src/bytes/errors.ts';
import { decodeLznt1 } from '../../../../../src/sources/images/file-systems/ntfs/lznt1.ts';

/** The example of [MS-XCA] §3.3. */
const EXAMPLE =
  '38b08846232000204720410010a247' +
  '01a04520440008450150790 0c04520052413880 5b4024a44ef0358028c0916014845'.replaceAll(' ', '') +
  '00be009e00040118 9000'.replaceAll(' ', '');
const PLAIN =
  'F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# F# G A A G F# E D D E F# E D D\0';

describe('LZNT1', () => {
  it('gives what the specification gives for its example', () => {
    const into = Buffer.alloc(PLAIN.length);
    decodeLznt1(Buffer.from(EXAMPLE, 'hex'), into);
    expect(into.toString('latin1')).toBe(PLAIN);
  });

  it('fills up chunks that end early', () => {
    const packed = Buffer.from('0230616263' + '0230646566', 'hex');
    const into = Buffer.alloc(4100, 1);
    decodeLznt1(packed, into);
    expect(into.subarray(0, 4).toString('latin1')).toBe('abc\0');
    expect(into.subarray(4095).toString('latin1')).toBe('\0def\0');
  });

  it.each([
    ['a distance beyond the start', '05b00200 000000'.replaceAll(' ', '')],
    ['a chunk beyond the end', 'ffbf00'],
  ])('throws for %s', (_, hex) => {
    expect(() => decodeLznt1(Buffer.from(hex, 'hex'), new Uint8Array(100))).toThrow(Broken);
  });

  it('gives bytes or throws Broken for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (packed) => {
        try {
          decodeLznt1(packed, new Uint8Array(8192));
        } catch (error) {
          expect(error).toBeInstanceOf(Broken);
        }
      }),
    );
  });
});
