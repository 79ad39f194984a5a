import { describe, expect, it } from 'vitest';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { accountByContrast } from '../../src/signs/contrast.ts';
import { accountBySmoothness } from '../../src/signs/smoothness.ts';
import { random, randomBytes, randomFill } from '../support/random.ts';

/** Pixels of three bytes that take all values alike, each near the one before it. */
function photograph(pixels: number): Uint8Array {
  const bytes = new Uint8Array(3 * pixels);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i - 3] ?? 40 * i) + Math.floor(random() * 13) - 6;
  return bytes;
}

function examineRaw(bytes: Uint8Array): { plain: Ledger; smooth: Ledger } {
  const reader = new Reader(new BufferSource(bytes));
  const [plain, smooth] = [new Ledger(bytes.length), new Ledger(bytes.length)];
  for (const ledger of [plain, smooth]) ledger.raw(0, bytes.length, 'pixels');
  accountByContrast(reader, plain);
  accountBySmoothness(reader, smooth);
  return { plain, smooth };
}

describe('smoothness', () => {
  it('accounts for pixels whose values look random, by what lies between neighbours', () => {
    const { plain, smooth } = examineRaw(photograph(30_000));
    expect(plain.totals().contrast).toBeLessThan(30_000);
    expect(smooth.totals().contrast).toBe(90_000);
    expect(smooth.floor()).toBeLessThan(600);
  });

  it('never accounts for random bytes', () => {
    for (let round = 0; round < 20; round++) {
      expect(examineRaw(randomBytes(200_000)).smooth.totals().contrast).toBe(0);
    }
  });

  it('notices a random run of the length that the floor states, wherever it is', () => {
    const bytes = photograph(30_000);
    for (let round = 0; round < 60; round++) {
      const copy = Uint8Array.from(bytes);
      const length = 130 + 17 * round;
      const at = Math.floor(random() * (copy.length - length));
      randomFill(copy.subarray(at, at + length));
      const { smooth } = examineRaw(copy);
      const isNoticed = smooth.totals().raw > 0 || smooth.floor() > length;
      expect(isNoticed, `${length} bytes at ${at}, floor ${smooth.floor()}`).toBe(true);
    }
  });

  it('leaves 16 random bytes of every 32 raw', () => {
    const bytes = photograph(30_000);
    for (let at = 0; at + 16 <= bytes.length; at += 32) randomFill(bytes.subarray(at, at + 16));
    expect(examineRaw(bytes).smooth.totals().contrast).toBe(0);
  });
});
