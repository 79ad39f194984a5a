import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type Path, toBuffer } from '../../sources/folders/path.ts';

/** In hexadecimal digits. */
export const KEY_LENGTH = 32;

/**
 * What a file must be to count as the one that was examined: path, device, inode, size, both times to the nanosecond.
 * The path, since a name promises a type; the time of change, as no program can set it (see docs/hot-folders.md).
 */
export interface CacheKeys {
  readonly strict: string;
  /** Without the time of change: for `trustMtime` alone. */
  readonly lenient: string;
}

export function cacheKeysOf(path: Path, { dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): CacheKeys {
  const common = createHash('sha256').update(toBuffer(path)).update(`\0${dev}\0${ino}\0${size}\0${mtimeNs}`);
  const strict = common.copy().update(`\0${ctimeNs}`);
  return { strict: shortened(strict.digest('hex')), lenient: shortened(common.digest('hex')) };
}

function shortened(hex: string): string {
  return hex.slice(0, KEY_LENGTH);
}

/**
 * A file that is still being written keeps its times within one tick of the clock, and, through a memory mapping, until
 * the system writes its pages out (30 seconds, unless told otherwise): only what has rested for longer is kept.
 */
const REST_MS = 60_000;

/** @param now in milliseconds since 1970, when the examination began */
export function hasRested({ ctimeNs, mtimeNs }: BigIntStats, now: number): boolean {
  const last = Number((ctimeNs > mtimeNs ? ctimeNs : mtimeNs) / 1_000_000n);
  return last + REST_MS < now;
}
