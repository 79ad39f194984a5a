import { describe, expect, it } from 'vitest';
import { lookup3 } from '../../src/checks/lookup3.ts';

const text = Buffer.from('Four score and seven years ago');

describe('lookup3', () => {
  it('agrees with the vectors of its author', () => {
    expect(lookup3(Buffer.alloc(0))).toBe(0xdeadbeef);
    expect(lookup3(text)).toBe(0x17770551);
    expect(lookup3(text, 1)).toBe(0xcd628161);
  });
});
