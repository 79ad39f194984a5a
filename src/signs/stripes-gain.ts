import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { FineStripes } from './fine-stripes.ts';
import { FOLD_SIZE } from './interleaving.ts';

/** Pieces of 64 KiB that are weighed, spread over the stripes. */
const MOST_PIECES = 16;
/** What stripes must save beyond their own description: chance does so once in e²⁵ cases. */
const LEAST_GAIN = 25;
const UNIFORM = Math.log(256);
/** ln of the 13 periods, with as many phases and lengths as fit into the longest. */
const LN_STRIPES = Math.log(13 * 192 * 192);

/**
 * Whether stripes say more of these bytes than solid runs or nothing do, by description length: random bytes cost 8 bits
 * each, the others n·H with their own frequencies, of which each hypothesis has one set a piece. Stripes that are seen in
 * bytes which are random as a whole, or in packed ones, save nothing; a solid run at the head of a packed file explains it
 * better.
 * @param runs solid random runs, sorted
 */
export function explainMore(reader: Reader, stripes: FineStripes, runs: readonly Range[]): boolean {
  const step = Math.max(FOLD_SIZE, Math.ceil((stripes.end - stripes.start) / MOST_PIECES));
  let gain = -LN_STRIPES - LEAST_GAIN;
  for (let at = stripes.start; at < stripes.end; at += step) {
    const end = Math.min(stripes.end, at + FOLD_SIZE);
    const within = runs.filter((run) => run.start < end && run.end > at);
    const solid = weigh(reader, at, end, solidAt(within)) + within.length * 2 * Math.log(reader.size);
    const plain = weigh(reader, at, end, () => false);
    gain += Math.min(solid, plain) - weigh(reader, at, end, stripedAt(stripes));
  }
  return gain > 0;
}

type IsRandom = (at: number) => boolean;

function stripedAt({ period, phase, on }: FineStripes): IsRandom {
  return (at) => (at - phase + period) % period < on;
}

/** Asked for places in order. */
function solidAt(runs: readonly Range[]): IsRandom {
  let next = 0;
  return (at) => {
    while (next < runs.length && runs[next]!.end <= at) next++;
    return next < runs.length && runs[next]!.start <= at;
  };
}

/** Nats for the bytes of a piece, if those at the places told are random. */
function weigh(reader: Reader, start: number, end: number, isRandom: IsRandom): number {
  reader.meter.step();
  const bytes = reader.bytes(start, end - start);
  const counts = new Float64Array(256);
  let random = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (isRandom(start + i)) random++;
    else counts[bytes[i]!]!++;
  }
  return random * UNIFORM + entropyOf(counts, bytes.length - random);
}

/** n·H in nats. */
function entropyOf(counts: Float64Array, n: number): number {
  const sum = counts.reduce((total, count) => (count === 0 ? total : total + count * Math.log(count)), 0);
  return n === 0 ? 0 : n * Math.log(n) - sum;
}
