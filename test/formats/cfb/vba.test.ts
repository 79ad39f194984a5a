import { describe, expect, it } from 'vitest';
import { decompress } from '../../../src/formats/cfb/vba/decompress.ts';

describe('the compression of VBA', () => {
  // MS-OVBA §3.2.2 and §3.2.3.
  const examples = [
    [
      '012fb00023616161626364658266007061676869 6a013808616b6c00306d6e6f70067102700410727374757610777879 7a003c',
      '#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa',
    ],
    ['0103b002614500', 'a'.repeat(73)],
  ] as const;

  it.each(examples)('gives what the specification says: %s', (packed, plain) => {
    const bytes = Buffer.from(packed.replace(/ /g, ''), 'hex');
    const { content, end } = decompress(bytes, 0);
    expect(Buffer.from(content).toString('latin1')).toBe(plain);
    expect(end).toBe(bytes.length);
  });

  it('refuses copies from before the beginning, chunks without signature, and lengths behind the end', () => {
    for (const hex of ['0103b00261ff7f', '010300026145 00', '01ffbf0261']) {
      expect(() => decompress(Buffer.from(hex.replace(/ /g, ''), 'hex'), 0)).toThrow(
        /compressed chunk|copy token/,
      );
    }
  });
});
