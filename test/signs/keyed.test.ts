import { describe, expect, it } from 'vitest';
import { defaultBudget, Meter } from '../../src/bytes/meter.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { longestKeyable, mayBeKeyed } from '../../src/signs/keyed.ts';
import { randomBytes } from '../support/random.ts';

const LONGEST = 255;

/** Small numbers of two bytes, as tables of programs hold them. */
function table(length: number): Uint8Array {
  const values = randomBytes(length);
  return Uint8Array.from(values, (byte, i) => (i % 2 === 0 ? byte >> 5 : 0));
}

/** A slope with grain, grey. */
function slope(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length), (byte, i) => 96 + 60 * Math.sin(i / 900) + (byte & 3));
}

function under(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => byte ^ key[i % key.length]!);
}

describe('a repeating key', () => {
  it.each([8, 12, 16, 32, 100, 255])('of %i bytes over a table may be one', (length) => {
    expect(mayBeKeyed(under(randomBytes(length), table(8192)), LONGEST)).toBe(true);
  });

  it.each([8, 32])('of %i bytes over a table of 900 bytes may be one', (length) => {
    expect(mayBeKeyed(under(randomBytes(length), table(900)), LONGEST)).toBe(true);
  });

  it('is none in tables, slopes, and zeros as they are', () => {
    for (const plain of [table(8192), table(900), slope(8192), new Uint8Array(8192)])
      expect(mayBeKeyed(plain, LONGEST)).toBe(false);
  });

  it('is looked for only where contrast alone speaks, and as far as it reaches', () => {
    const bytes = Buffer.concat([table(16_384), under(randomBytes(16), table(8192)), table(8192)]);
    const reader = new Reader(new BufferSource(bytes), new Meter(defaultBudget));
    const ledger = new Ledger(bytes.length);
    expect(longestKeyable(reader, ledger)).toBe(0);
    ledger.account(0, bytes.length, 'contrast', 'windows of 256 bytes', 511);
    expect(longestKeyable(reader, ledger)).toBe(8192);
  });
});
