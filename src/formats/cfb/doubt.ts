import type { Broken } from '../../bytes/errors.ts';
import { passesForRandom, testRandomness } from '../../signs/randomness.ts';
import type { Stream } from './stream.ts';

/** Bytes behind a contradiction that are looked at: fewer say too little, more may belong to something else. */
const LEAST = 128;
const MOST = 512;

/**
 * A contradiction where programs put things of their own: it's one only where random bytes or zeros took the place of
 * records, else an oddity.
 */
export function doubt({ reader, ledger, size }: Stream, error: Broken): void {
  const end = Math.min(size, error.at + MOST);
  const isWorthIt = end - error.at >= LEAST;
  if (isWorthIt && (isRandom(error.at, end) || isEmptied(error.at, end))) ledger.broken(error);
  else ledger.oddity(error.at, `${error.what} that is none`);

  function isRandom(start: number, until: number): boolean {
    return passesForRandom(testRandomness(reader, { start, end: until }), 1e-4);
  }

  /** Zeros up to the end are padding. */
  function isEmptied(start: number, until: number): boolean {
    return until < size && reader.bytes(start, until - start).every((byte) => byte === 0);
  }
}
