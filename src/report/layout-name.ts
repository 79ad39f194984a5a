import type { Scheme, Shape } from '../verdict/scheme.ts';
import { schemeText } from './scheme-text.ts';
import { bytesText } from './text.ts';

/** A layout as a scan counts it: equal for files of all sizes that were encrypted alike. */
export interface LayoutName {
  readonly kind: Shape['kind'];
  readonly text: string;
}

/** @param size of the file, in bytes: lengths that are a share of it are told as that */
export function layoutName(scheme: Scheme, size: number): LayoutName {
  return { kind: scheme.kind, text: textOf(scheme, size - scheme.trailer) };
}

function textOf(scheme: Scheme, size: number): string {
  const part = (length: number) => lengthText(length, size);
  switch (scheme.kind) {
    case 'head':
      return `the first ${part(scheme.length)}`;
    case 'tail':
      return `the last ${part(scheme.length)}`;
    case 'stripes':
      return `${part(scheme.length)} of every ${part(scheme.period)}`;
    case 'head-and-stripes':
      return `the first ${part(scheme.head)}, then ${part(scheme.length)} of every ${part(scheme.period)}`;
    default:
      return schemeText({ ...scheme, trailer: 0 });
  }
}

/** Numbers that programs choose for all files alike. */
const units = [512, 1000] as const;
/** Shares of fewer bytes agree by chance. */
const LEAST_HUNDREDTH = 512;
const MOST_PARTS = 16;
/** Lengths are rounded down to blocks of a cipher. */
const BLOCK = 16;

function lengthText(length: number, size: number): string {
  if (units.some((unit) => length % unit === 0) || size < 100 * LEAST_HUNDREDTH) return bytesText(length);
  const percent = Math.round((100 * length) / size);
  if (Math.abs((percent * size) / 100 - length) <= Math.max(BLOCK, percent))
    return `${percent} % of the file`;
  const parts = Math.round(size / length);
  const isPart = parts <= MOST_PARTS && Math.abs(size / parts - length) <= BLOCK;
  return isPart ? `1/${parts} of the file` : bytesText(length);
}
