import { describe, expect, it } from 'vitest';
import { findShiftedPlaces } from '../../src/signs/shifted-places.ts';
import { randomBytes } from '../support/random.ts';

/** Depths of a relief: small numbers, the smaller the more frequent. */
function relief(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length), (byte) => Math.floor(30 * (byte / 255) ** 4));
}

function under(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => byte ^ key[i % key.length]!);
}

describe('shifted places', () => {
  it.each([8, 16, 32])('show a key of %i bytes over raw numbers', (length) => {
    const found = findShiftedPlaces(under(randomBytes(length), relief(40_000)), 44);
    expect(found?.start).toBe(44);
    expect(found!.period % length).toBe(0);
  });

  it('show none in raw numbers as they are, in random bytes, in records with constant fields', () => {
    expect(findShiftedPlaces(relief(40_000), 0)).toBeNull();
    expect(findShiftedPlaces(randomBytes(40_000), 0)).toBeNull();
    const record = randomBytes(24);
    const noise = randomBytes(1);
    const records = Uint8Array.from({ length: 24_000 }, (_, i) =>
      i % 24 < 20 ? record[i % 24]! : (noise[0]! * i) & 255,
    );
    expect(findShiftedPlaces(records, 0)).toBeNull();
  });
});
