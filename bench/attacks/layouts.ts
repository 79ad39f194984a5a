import type { Range } from '../../src/bytes/range.ts';
import type { Random } from './random.ts';

const KIB = 1024;

/** What an attack does to a file, before any cipher is chosen. */
export interface Layout {
  readonly id: string;
  /** Ranges that are encrypted in place, in order. */
  ranges(size: number, random: Random): Range[];
  /** Bytes put behind the end. */
  trailer?(size: number, random: Random): Uint8Array;
  rename?(name: string): string;
}

function clip(ranges: readonly Range[], size: number): Range[] {
  return ranges
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(size, end) }))
    .filter(({ start, end }) => start < end);
}

function stripes(length: number, period: number, first = 0): Layout['ranges'] {
  return (size) => {
    const ranges: Range[] = [];
    for (let at = first; at < size; at += period) ranges.push({ start: at, end: at + length });
    return clip(ranges, size);
  };
}

/** The layouts that the accuracy table shows: the plainest of each kind. */
export const basicLayouts: readonly Layout[] = [
  { id: 'full', ranges: (size) => [{ start: 0, end: size }] },
  { id: 'head 4 KiB', ranges: (size) => clip([{ start: 0, end: 4 * KIB }], size) },
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
