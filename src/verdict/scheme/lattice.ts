import { clamped, common, type Interval, middleOf, mostCommon, shifted } from './interval.ts';
import { roundOr } from './round.ts';

/** Places at one distance from each other. */
export interface Lattice {
  readonly first: number;
  readonly period: number;
  /** Numbers of the places that lie on it, of those given, and how many periods each is from the first. */
  readonly on: readonly { readonly place: number; readonly steps: number }[];
}

/** Where something is, most likely, and between which offsets it must be. */
export interface Place extends Interval {
  readonly at: number;
}

/** Places from which a lattice is tried. */
const MOST_ANCHORS = 8;
/** A first guess of the period may be off by this share of it. */
const ROUGH = 1 / 8;

/**
 * The lattice on which most of the places lie: each place that agrees narrows the period to
 * [(least − most₀)/k, (most − least₀)/k], k periods from the anchor; what would leave no period isn't on it. Of the periods
 * that are left the roundest is taken, then of the offsets.
 * @param places sorted, three at least
 * @param size of the file before it was encrypted
 */
export function fitLattice(places: readonly Place[], size: number): Lattice | null {
  const steps = places.slice(1).map(({ at }, i) => at - places[i]!.at);
  const guess = steps.toSorted((a, b) => a - b)[(steps.length - 1) >> 1]!;
  if (guess < 2) return null;
  let best: Narrowed | null = null;
  for (let anchor = 0; anchor < Math.min(MOST_ANCHORS, places.length); anchor++) {
    const narrowed = narrow(places, anchor, guess);
    if (narrowed.on.length > (best?.on.length ?? 0)) best = narrowed;
  }
  return best === null ? null : settle(places, best, size);
}

interface Narrowed {
  readonly anchor: number;
  readonly period: Interval;
  readonly on: readonly { readonly place: number; readonly steps: number }[];
}

function narrow(places: readonly Place[], anchor: number, guess: number): Narrowed {
  const from = places[anchor]!;
  let period: Interval = { least: guess * (1 - ROUGH), most: guess * (1 + ROUGH) };
  const on = [{ place: anchor, steps: 0 }];
  const byDistance = places
    .map((_, place) => place)
    .filter((place) => place !== anchor)
    .sort((a, b) => Math.abs(a - anchor) - Math.abs(b - anchor));
  for (const place of byDistance) {
    const distance = places[place]!.at - from.at;
    const steps = Math.round(distance / middleOf(period));
    if (steps === 0) continue;
    const narrower = common(period, periodBetween(from, places[place]!, steps));
    if (narrower === null) continue;
    period = narrower;
    on.push({ place, steps });
  }
  return { anchor, period, on };
}

function periodBetween(from: Interval, to: Interval, steps: number): Interval {
  const a = (to.least - from.most) / steps;
  const b = (to.most - from.least) / steps;
  return { least: Math.min(a, b), most: Math.max(a, b) };
}

function settle(places: readonly Place[], { anchor, period, on }: Narrowed, size: number): Lattice {
  const counted = on.toSorted((a, b) => a.steps - b.steps);
  const [first, last] = [counted[0]!, counted.at(-1)!];
  const whole = { least: Math.ceil(period.least), most: Math.floor(period.most) };
  const likely = (places[last.place]!.at - places[first.place]!.at) / Math.max(1, last.steps - first.steps);
  const chosen = roundOr(whole, size, Math.round(clamped(whole, likely)));
  const offsets = counted.map(({ place, steps }) => shifted(places[place]!, -(steps - first.steps) * chosen));
  const { where } = mostCommon(offsets);
  const at = places[anchor]!.at + first.steps * chosen;
  return {
    first: where.least <= 0 ? 0 : roundOr(where, size, Math.round(clamped(where, at))),
    period: chosen,
    on: counted.map(({ place, steps }) => ({ place, steps: steps - first.steps })),
  };
}
