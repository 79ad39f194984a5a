/** Works on items, on at most `width` at a time, and gives results in the order of the items. */
export async function* inOrderOf<Item, Result>(
  items: Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for (const item of items) {
      running.push(work(item));
      if (running.length >= width) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    // What's still running may fail once nobody waits for it.
    for (const promise of running) promise.catch(() => undefined);
  }
}

/** Arrays of so many items; the last may be shorter. */
export function* chunk<Item>(items: Iterable<Item>, length: number): Generator<Item[]> {
  let some: Item[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length < length) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
