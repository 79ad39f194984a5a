import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/bytes/meter.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { accountByContrast } from '../../src/signs/contrast.ts';
import { longestEmptiness } from '../../src/signs/emptiness.ts';
import { findMonotony, LEAST_MONOTONY } from '../../src/signs/monotony.ts';
import { randomBytes } from '../support/random.ts';

function readerOf(bytes: Uint8Array): Reader {
  return new Reader(new BufferSource(bytes), new Meter());
}

/** Samples of a plain kind: no two windows alike, none random. */
function samples(length: number): Buffer {
  return Buffer.from(randomBytes(length).map((byte, i) => (i % 2 === 0 ? byte : byte & 3)));
}

describe('monotony', () => {
  it('is found wherever it begins, from 127 bytes on', () => {
    fc.assert(
      fc.property(
        fc.nat(900),
        fc.integer({ min: LEAST_MONOTONY, max: 700 }),
        fc.integer({ min: 1, max: 16 }),
        (at, length, unit) => {
          const bytes = randomBytes(2000);
          for (let i = at; i < at + length; i++) bytes[i] = 65 + ((i - at) % unit);
          const run = findMonotony(bytes).find(({ start, end }) => start <= at && end >= at + length);
          expect(run).toBeDefined();
        },
      ),
    );
  });

  it('is nowhere in random bytes', () => {
    expect(findMonotony(randomBytes(1 << 18))).toEqual([]);
  });
});

describe('the floor of contrast', () => {
  it.each([300, 5000, 70_000])('is longer than a hole of %i zeros in samples, wherever it is', (length) => {
    const bytes = samples(200_000);
    bytes.fill(0, 61_111, 61_111 + length);
    const ledger = new Ledger(bytes.length);
    ledger.raw(0, bytes.length, 'samples');
    accountByContrast(readerOf(bytes), ledger);
    expect(ledger.totals().contrast).toBe(bytes.length);
    expect(ledger.floor()).toBeGreaterThan(length);
  });

  it('is longer than a word written over and over', () => {
    const bytes = samples(100_000);
    bytes.fill('WIPED!', 20_000, 30_000);
    const ledger = new Ledger(bytes.length);
    ledger.raw(0, bytes.length, 'samples');
    accountByContrast(readerOf(bytes), ledger);
    expect(ledger.floor()).toBeGreaterThan(10_000);
  });
});

describe('emptiness', () => {
  it('counts zeros through headers of zeros, not through padding alone', () => {
    const bytes = samples(10_000);
    bytes.fill(0, 2000, 4000);
    bytes.fill(0, 6000, 9000);
    const ledger = new Ledger(bytes.length);
    ledger.raw(0, 2500, 'packets');
    ledger.account(2500, 2516, 'structure', 'record headers');
    ledger.raw(2516, 6000, 'packets');
    ledger.account(6000, 9000, 'padding', 'room');
    ledger.account(9000, 10_000, 'checksum', 'sum');
    expect(longestEmptiness(readerOf(bytes), ledger)).toBeGreaterThanOrEqual(2000);
    expect(longestEmptiness(readerOf(bytes), ledger)).toBeLessThan(2100);
  });
});
