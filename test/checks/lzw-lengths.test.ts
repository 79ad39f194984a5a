import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LzwLengths } from '../../src/checks/lzw-lengths.ts';

/** Literals only, 9 bits each, most significant bit first: clear, values, end. */
function literals(values: readonly number[]): Uint8Array {
  const bits = [256, ...values, 257].map((code) => code.toString(2).padStart(9, '0')).join('');
  const bytes = bits.padEnd(8 * Math.ceil(bits.length / 8), '0').match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}

const style = { bitOrder: 'most', early: 1, literalBits: 8 } as const;

describe('LZW lengths', () => {
  it('count literals, in one piece and byte by byte', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { maxLength: 200 }), (values) => {
        const bytes = literals(values);
        const [whole, split] = [new LzwLengths(style), new LzwLengths(style)];
        whole.take(bytes, 0, Number.POSITIVE_INFINITY);
        for (const byte of bytes)
          if (!split.isEnded) split.take(Uint8Array.of(byte), 0, Number.POSITIVE_INFINITY);
        expect([whole.produced, whole.isEnded]).toEqual([values.length, true]);
        expect([split.produced, split.isEnded]).toEqual([values.length, true]);
      }),
    );
  });

  it('contradict a code that the table does not have yet', () => {
    expect(() => new LzwLengths(style).take(literals([1, 2, 300]), 0, 1000)).toThrow('LZW code');
  });

  it('state a larger floor where the table stays full', () => {
    expect(new LzwLengths(style).floor).toBe(768);
  });
});
