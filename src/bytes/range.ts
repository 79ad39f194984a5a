/** Bytes from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function lengthOf(range: Range): number {
  return range.end - range.start;
}

export function totalLength(ranges: Iterable<Range>): number {
  let total = 0;
  for (const range of ranges) total += range.end - range.start;
  return total;
}

/** Whether they have a byte in common, where neither is empty. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Sorted, with overlapping and touching ranges joined, empty ones dropped. */
export function union(ranges: readonly Range[]): Range[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= start) continue;
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

/** What both lists cover. Both must be sorted and free of overlaps, as `union` gives them. */
export function intersection(a: readonly Range[], b: readonly Range[]): Range[] {
  const common: Range[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const start = Math.max(a[i]!.start, b[j]!.start);
    const end = Math.min(a[i]!.end, b[j]!.end);
    if (start < end) common.push({ start, end });
    if (a[i]!.end < b[j]!.end) i++;
    else j++;
  }
  return common;
}

/** What of `whole` no range covers. `ranges` must be sorted and free of overlaps. */
export function complement(ranges: readonly Range[], whole: Range): Range[] {
  const gaps: Range[] = [];
  let at = whole.start;
  for (const { start, end } of ranges) {
    if (start > at) gaps.push({ start: at, end: Math.min(start, whole.end) });
    at = Math.max(at, end);
    if (at >= whole.end) return gaps;
  }
  if (at < whole.end) gaps.push({ start: at, end: whole.end });
  return gaps;
}
