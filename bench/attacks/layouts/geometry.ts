import { type Range, union } from '../../../src/bytes/range.ts';
import type { Random } from '../random.ts';

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** What an attack does to a file, before any cipher is chosen. Sizes are those of the original, in bytes. */
export interface Layout {
  readonly id: string;
  /** Ranges that are encrypted in place, in order. */
  ranges(size: number, random: Random): Range[];
  /** Bytes put before the first. */
  header?(size: number, random: Random): Uint8Array;
  /** Bytes put behind the end. */
  trailer?(size: number, random: Random): Uint8Array;
  /** Whether files are padded with zeros to whole blocks of 16. */
  readonly padded?: true;
  rename?(name: string): string;
}

type Places = Layout['ranges'];

export function clip(ranges: readonly Range[], size: number): Range[] {
  return union(
    ranges
      .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(size, end) }))
      .filter(({ start, end }) => start < end),
  );
}

export const whole: Places = (size) => [{ start: 0, end: size }];
export const nothing: Places = () => [];

export function head(length: number | ((size: number) => number), from = 0): Places {
  return (size) => clip([{ start: from, end: typeof length === 'number' ? length : length(size) }], size);
}

export function stripes(length: number, period: number, first = 0): Places {
  return (size) => {
    const ranges: Range[] = [];
    for (let at = first; at < size; at += period) ranges.push({ start: at, end: at + length });
    return clip(ranges, size);
  };
}

/** Pieces of one length, each from a place of its own. */
export function pieces(length: number, starts: readonly number[], size: number): Range[] {
  return clip(
    starts.map((start) => ({ start, end: start + length })),
    size,
  );
}

/** `count` pieces, the first at 0, the next each `step` further. */
export function repeated(count: number, length: number, step: number, size: number): Range[] {
  return pieces(
    length,
    Array.from({ length: count }, (_, i) => i * step),
    size,
  );
}

/** The first row whose limit the size doesn't exceed decides. */
export function bySize(...rows: readonly (readonly [most: number, places: Places])[]): Places {
  return (size, random) => {
    const row = rows.find(([most]) => size <= most);
    return row === undefined ? [] : row[1](size, random);
  };
}

export const opaque =
  (length: number): NonNullable<Layout['trailer']> =>
  (_, random) =>
    random.bytes(length);

/** Random bytes with a text behind them. */
export const marked =
  (length: number, marker: string | Uint8Array): NonNullable<Layout['trailer']> =>
  (_, random) =>
    Buffer.concat([random.bytes(length), Buffer.from(marker)]);

export const rest = Number.POSITIVE_INFINITY;

export function append(extension: string): NonNullable<Layout['rename']> {
  return (name) => `${name}.${extension}`;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
