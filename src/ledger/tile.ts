import { type Segment, states } from './segment.ts';

/**
 * Lays overlapping claims into one row of segments that covers [0, size): at each byte the strongest claim stands.
 * O(n log n) whatever the overlaps, as a hostile file chooses them.
 */
export function tile(claims: readonly Segment[], size: number): Segment[] {
  const sorted = claims.toSorted((a, b) => a.start - b.start);
  const open = new StrongestFirst();
  const row: Segment[] = [];
  let next = 0;
  for (let at = 0; at < size; ) {
    while (next < sorted.length && sorted[next]!.start <= at) open.push(sorted[next++]!);
    while (open.top !== undefined && open.top.end <= at) open.pop();
    const best = open.top;
    const end = Math.min(best?.end ?? size, sorted[next]?.start ?? size);
    append(row, best ?? nothing, at, end);
    at = end;
  }
  return row;
}

const nothing = { state: 'unaccounted', by: '', floor: Number.POSITIVE_INFINITY } as const;

function append(row: Segment[], claim: Omit<Segment, 'start' | 'end'>, start: number, end: number): void {
  const { state, by, floor } = claim;
  const last = row.at(-1);
  if (last !== undefined && last.state === state && last.floor === floor && last.by === by) {
    row[row.length - 1] = { ...last, end };
  } else {
    row.push({ start, end, state, by, floor });
  }
}

function isStronger(a: Segment, b: Segment): boolean {
  const difference = states.indexOf(a.state) - states.indexOf(b.state);
  return difference === 0 ? a.floor < b.floor : difference < 0;
}

/** A binary heap of claims. */
class StrongestFirst {
  readonly #heap: Segment[] = [];

  get top(): Segment | undefined {
    return this.#heap[0];
  }

  push(claim: Segment): void {
    const heap = this.#heap;
    let i = heap.push(claim) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isStronger(claim, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = claim;
  }

  pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isStronger(heap[child + 1]!, heap[child]!)) child++;
      if (!isStronger(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}
