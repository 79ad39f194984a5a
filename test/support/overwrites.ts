import type { Format } from '../../src/formats/format.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { verifyAlone } from './verify.ts';

/** What became of random overwrites of one length. */
export interface Tally {
  overwrites: number;
  /** The verifier contradicts or names a tail. */
  noticed: number;
  /** Most of the overwritten bytes are raw or unaccounted: contrast has the word. */
  open: number;
  /** Shorter than the floor that the ledger admits. */
  belowFloor: number;
  /** Accounted for, longer than the floor, and not noticed: a false claim. */
  missed: number;
}

/** Xorshift: the same bytes for the same seed on every machine. */
export function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Overwrites `length` bytes at `count` seeded places, one at a time, never the magic bytes. */
export function overwrite(format: Format, bytes: Uint8Array, length: number, count: number, seed = 1): Tally {
  const next = random(seed);
  const tally: Tally = { overwrites: 0, noticed: 0, open: 0, belowFloor: 0, missed: 0 };
  if (bytes.length < 2 * length + 16) return tally;
  const before = remarks(verifyAlone(format, bytes));
  for (let i = 0; i < count; i++) {
    const start = 16 + Math.floor(next() * (bytes.length - length - 16));
    const copy = Uint8Array.from(bytes);
    for (let j = 0; j < length; j++) copy[start + j] = next() * 256;
    const ledger = verifyAlone(format, copy);
    tally.overwrites++;
    tally[outcome(ledger, before, start, length)]++;
  }
  return tally;
}

function outcome(
  ledger: Ledger,
  before: number,
  start: number,
  length: number,
): 'noticed' | 'open' | 'belowFloor' | 'missed' {
  if (remarks(ledger) > before) return 'noticed';
  const end = start + length;
  let open = 0;
  for (const segment of ledger.ranges('raw', 'coded', 'unaccounted')) {
    open += Math.max(0, Math.min(segment.end, end) - Math.max(segment.start, start));
  }
  if (open >= 0.7 * length) return 'open';
  return ledger.floor() > length ? 'belowFloor' : 'missed';
}

function remarks(ledger: Ledger): number {
  return (
    ledger.observations.filter(({ kind }) => kind === 'broken' || kind === 'truncated' || kind === 'trailing')
      .length + ledger.unkept
  );
}

export function add(a: Tally, b: Tally): Tally {
  return {
    overwrites: a.overwrites + b.overwrites,
    noticed: a.noticed + b.noticed,
    open: a.open + b.open,
    belowFloor: a.belowFloor + b.belowFloor,
    missed: a.missed + b.missed,
  };
}
