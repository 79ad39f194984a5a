import { type Range, totalLength, union } from '../../../bytes/range.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import { findStripes, type Stripes } from './stripes.ts';
import { findUniformRuns, SECTOR } from './uniform-runs.ts';

/** Probability that an untouched image shows stripes. */
const FALSE_ALARM = 1e-6;
/** No disk begins with random bytes: boot code, tables, zeros stand there. Shorter runs may be chance. In bytes. */
const LEAST_HEAD = 4096;
/** An end of a disk may hold a compressed file, so that a random one is a suspicion unless there's more. */
const LEAST_TAIL = 4096;

/** How ranges of an image were overwritten. */
export type DamagePattern =
  | ({ readonly kind: 'periodic' } & Stripes)
  | { readonly kind: 'head'; readonly length: number }
  | { readonly kind: 'tail'; readonly length: number }
  | { readonly kind: 'whole' };

export interface DamageMap {
  readonly patterns: readonly DamagePattern[];
  /** Ranges of the source that were overwritten by random bytes, sorted, joined, to 512 bytes. */
  readonly damaged: readonly Range[];
  /** Ranges that may have been. */
  readonly suspect: readonly Range[];
  /** Share of the source that looks random, damaged or not: compressed files do. */
  readonly uniformShare: number;
  /** Bytes that couldn't be read. */
  readonly unread: number;
}

export interface DamageOptions {
  /** Probability that an untouched image shows stripes. Default 10⁻⁶. */
  readonly falseAlarm?: number;
  readonly signal?: AbortSignal;
}

/**
 * Which ranges of a disk were overwritten by random bytes, without being told: from the start on, at the end, or in
 * stripes. Compressed and encrypted files look the same block by block, so that only an order that files don't have is
 * called damage; single hits that follow none aren't found.
 * @param source the disk as it is stored (a flat image, a raw one), as long as its sectors are in order
 */
export function findDamage(source: ByteSource, options: DamageOptions = {}): DamageMap {
  const { runs, unread } = findUniformRuns(source, options.signal);
  const { size } = source;
  const patterns: DamagePattern[] = [];
  const stripes = findStripes(runs, size, options.falseAlarm ?? FALSE_ALARM);
  if (stripes !== null) patterns.push({ kind: 'periodic', ...stripes });
  const striped = stripes === null ? [] : rangesOf(stripes, size);
  const head = findHead(runs, stripes);
  if (head !== null) patterns.push(head.end >= size ? { kind: 'whole' } : { kind: 'head', length: head.end });
  const tail = findTail(runs, size, striped, head);
  const isDamaged = tail !== null && patterns.length > 0;
  if (isDamaged) patterns.push({ kind: 'tail', length: size - tail.start });
  return {
    patterns,
    damaged: union([...striped, ...(head === null ? [] : [head]), ...(isDamaged ? [tail] : [])]),
    suspect: tail === null || isDamaged ? [] : [tail],
    uniformShare: totalLength(runs) / Math.max(1, size),
    unread,
  };
}

function rangesOf({ first, period, on, count }: Stripes, size: number): Range[] {
  return Array.from({ length: count }, (_, i) => {
    const start = first + i * period;
    return { start, end: Math.min(size, start + on) };
  });
}

/** A head that is one of the stripes isn't told apart from them. */
function findHead(runs: readonly Range[], stripes: Stripes | null): Range | null {
  const run = runs[0];
  if (run === undefined || run.start > 0 || run.end < LEAST_HEAD) return null;
  return stripes?.first === 0 && stripes.on >= run.end - SECTOR ? null : run;
}

function findTail(
  runs: readonly Range[],
  size: number,
  striped: readonly Range[],
  head: Range | null,
): Range | null {
  const run = runs.at(-1);
  if (run === undefined || run.end < size - SECTOR || run.end - run.start < LEAST_TAIL || run === head)
    return null;
  return striped.some(({ end }) => end >= run.end - SECTOR) ? null : { start: run.start, end: size };
}
