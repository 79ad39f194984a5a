import { clip, head, KIB, type Layout, stripes } from './layouts/geometry.ts';
import { spotLayouts } from './layouts/spots.ts';
import { stripeLayouts } from './layouts/stripes.ts';
import { headLayouts, wholeLayouts } from './layouts/whole.ts';

export type { Layout } from './layouts/geometry.ts';

/** The layouts that the accuracy table shows: the plainest of each kind. */
export const basicLayouts: readonly Layout[] = [
  { id: 'full', ranges: (size) => [{ start: 0, end: size }] },
  { id: 'head 4 KiB', ranges: head(4 * KIB) },
  { id: 'head kept 4 KiB', ranges: (size) => clip([{ start: 4 * KIB, end: size }], size) },
  { id: 'every other 64 KiB', ranges: stripes(64 * KIB, 128 * KIB) },
  {
    id: 'three spots',
    ranges: (size) => {
      const length = Math.max(16, Math.min(256 * KIB, size >> 3));
      return clip(
        [0, (size - length) >> 1, size - length].map((start) => ({ start, end: start + length })),
        size,
      );
    },
  },
  { id: 'tail 4 KiB', ranges: (size) => clip([{ start: size - 4 * KIB, end: size }], size) },
  { id: 'trailer 256', ranges: () => [], trailer: (_, random) => random.bytes(256) },
  { id: 'renamed only', ranges: () => [], rename: (name) => `${name}.locked` },
];

/** The layouts of real families, a row each, with their sizes and thresholds. */
export const familyLayouts: readonly Layout[] = [
  ...wholeLayouts,
  ...headLayouts,
  ...spotLayouts,
  ...stripeLayouts,
];
