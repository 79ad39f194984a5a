import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLattice, type Place } from '../../../src/verdict/scheme/lattice.ts';

const SIZE = 64 * 2 ** 20;
const placeAt = (at: number, off: number, error: number): Place => ({
  at: at + off,
  least: at + off - error,
  most: at + off + error,
});

describe('a lattice', () => {
  it('narrows the period with each place, and takes the round one that is left', () => {
    const period = 786_432;
    const places = [0, 1, 2, 3, 4, 5].map((i) => placeAt(i * period, (i * 379) % 500, 600));
    expect(fitLattice(places, SIZE)).toMatchObject({ period });
  });

  it('goes on over places that are missing, and past one that lies elsewhere', () => {
    const period = 1_000_000;
    const numbers = [0, 1, 2, 4, 5, 6, 9];
    const places = numbers.map((i) => placeAt(i * period, 0, 20));
    const odd = placeAt(2_400_000, 0, 20);
    const lattice = fitLattice([...places.slice(0, 3), odd, ...places.slice(3)], SIZE)!;
    expect(lattice).toMatchObject({ period, first: 0 });
    expect(lattice.on.map(({ steps }) => steps)).toEqual(numbers);
  });

  it('is found for any round period, whatever the errors within their bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 4, max: 20 }),
        fc.array(fc.integer({ min: -200, max: 200 }), { minLength: 20, maxLength: 20 }),
        (units, count, offs) => {
          const period = units * 65_536;
          const places = Array.from({ length: count }, (_, i) => placeAt(i * period, offs[i]!, 256));
          expect(fitLattice(places, SIZE)).toMatchObject({ period, first: 0 });
        },
      ),
    );
  });
});
