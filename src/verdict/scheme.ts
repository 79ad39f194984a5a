import { lengthOf, type Range, totalLength } from '../bytes/range.ts';

/**
 * The layout in which a file was encrypted, as inferred from the encrypted ranges. Lengths in bytes.
 * `fit` is the share, 0–1, of encrypted bytes and gaps that the layout explains.
 */
export type Scheme =
  | { readonly kind: 'full'; readonly fit: number }
  | { readonly kind: 'head'; readonly length: number; readonly fit: number }
  | { readonly kind: 'tail'; readonly length: number; readonly fit: number }
  | { readonly kind: 'keeps-head'; readonly kept: number; readonly fit: number }
  | {
      readonly kind: 'stripes';
      readonly length: number;
      readonly period: number;
      readonly first: number;
      readonly fit: number;
    }
  | { readonly kind: 'spots'; readonly spots: readonly Range[]; readonly fit: number };

/** Edges may be off by so many bytes and still count as the same place. */
const SLACK = 64;
const MOST_SPOTS = 16;

/** The simplest layout that explains the encrypted ranges; null where there are none. Ranges must be sorted. */
export function inferScheme(encrypted: readonly Range[], size: number): Scheme | null {
  const first = encrypted[0];
  const last = encrypted.at(-1);
  if (first === undefined || last === undefined) return null;
  const fit = totalLength(encrypted) / (last.end - first.start);
  const fromStart = first.start <= SLACK;
  const toEnd = last.end >= size - SLACK;
  const stripes = inferStripes(encrypted);
  if (stripes !== null) return stripes;
  if (encrypted.length > 1 && fit < 0.98)
    return { kind: 'spots', spots: encrypted.slice(0, MOST_SPOTS), fit: 1 };
  if (fromStart && toEnd) return { kind: 'full', fit };
  if (fromStart) return { kind: 'head', length: last.end, fit };
  if (!toEnd) return { kind: 'spots', spots: [{ start: first.start, end: last.end }], fit };
  if (first.start <= size / 2) return { kind: 'keeps-head', kept: first.start, fit };
  return { kind: 'tail', length: size - first.start, fit };
}

/** Three or more ranges of one length at one distance; the last may be cut off by the end of the file. */
function inferStripes(encrypted: readonly Range[]): Scheme | null {
  if (encrypted.length < 3) return null;
  const first = encrypted[0]!;
  const length = median(encrypted.map(lengthOf));
  const steps = encrypted.slice(1).map(({ start }, i) => start - encrypted[i]!.start);
  const period = median(steps);
  const regular = steps.filter((step) => Math.abs(step - period) <= SLACK).length;
  const alike = encrypted.filter((range) => Math.abs(lengthOf(range) - length) <= SLACK).length;
  const fit = Math.min(regular / steps.length, alike / encrypted.length);
  if (fit < 0.8) return null;
  return { kind: 'stripes', length, period, first: first.start, fit };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
