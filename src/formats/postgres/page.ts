import { Broken } from '../../bytes/errors.ts';
import type { Page } from '../pages.ts';

export const PAGE_HEADER = 24;
/** All flags that exist: free lines, full, all visible. */
const FLAGS = 7;

/** Offsets in the page (PostgreSQL documentation, Database Page Layout). */
export interface PageLayout {
  readonly size: number;
  readonly lower: number;
  readonly upper: number;
  readonly special: number;
  /** 0 where the cluster has no checksums. */
  readonly checksum: number;
}

/** Reads the header of a page; null where the bytes are none. */
export function readPageLayout(view: DataView): PageLayout | null {
  if (view.byteLength < PAGE_HEADER) return null;
  const word = view.getUint16(18, true);
  const size = word & 0xff00;
  const version = word & 0xff;
  const [lower, upper, special] = [12, 14, 16].map((at) => view.getUint16(at, true)) as [
    number,
    number,
    number,
  ];
  const isSize = size >= 512 && size <= 32768 && (size & (size - 1)) === 0;
  if (!isSize || version < 3 || version > 5 || view.getUint16(10, true) > FLAGS) return null;
  const isOrdered = lower >= PAGE_HEADER && lower <= upper && upper <= special && special <= size;
  if (!isOrdered || special % 8 !== 0 || special < size / 2) return null;
  return { size, lower, upper, special, checksum: view.getUint16(8, true) };
}

/** Whether what stands behind the header are line pointers to tuples that don't overlap. */
export function hasLinePointers({ view }: Page, { lower, upper, special }: PageLayout): boolean {
  if ((lower - PAGE_HEADER) % 4 !== 0) return false;
  const starts: { readonly start: number; readonly end: number }[] = [];
  const count = (lower - PAGE_HEADER) / 4;
  for (let i = 0; i < count; i++) {
    const word = view.getUint32(PAGE_HEADER + 4 * i, true);
    const tuple = { start: word & 0x7fff, end: (word & 0x7fff) + (word >>> 17) };
    const kind = (word >>> 15) & 3;
    if (kind === UNUSED && word >>> 17 !== 0) return false;
    if (kind === REDIRECT && (word >>> 17 !== 0 || tuple.start > count || tuple.start === 0)) return false;
    if (kind < 1 || kind === REDIRECT || tuple.end === tuple.start) continue;
    if (tuple.start < upper || tuple.end > special) return false;
    starts.push(tuple);
  }
  starts.sort((a, b) => a.start - b.start);
  return starts.every(({ start }, i) => i === 0 || starts[i - 1]!.end <= start);
}

const UNUSED = 0;
const REDIRECT = 2;

export function brokenPage({ at, view }: Page): Broken {
  const word = view.getUint32(16, true).toString(16);
  return new Broken(at + 10, 'page header', 'offsets in order, size and version', word);
}
