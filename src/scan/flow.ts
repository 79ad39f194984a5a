/**
 * Works on items as they come, on at most `width` at a time, and gives results as they're ready. The next item is asked
 * for only when there is a place for it, and no more begins while the consumer is busy: nothing piles up.
 */
export async function* flow<Item, Result>(
  items: AsyncGenerator<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running = new Map<number, Promise<Event<Item, Result>>>();
  let asked: Promise<Event<Item, Result>> | null = null;
  let begun = 0;
  let exhausted = false;
  try {
    while (true) {
      if (!exhausted && running.size < width) asked ??= items.next().then((next) => ({ kind: 'item', next }));
      const events = [...running.values(), ...(asked === null ? [] : [asked])];
      if (events.length === 0) return;
      const event = await Promise.race(events);
      if (event.kind === 'result') {
        running.delete(event.id);
        yield event.result;
        continue;
      }
      asked = null;
      if (event.next.done === true) exhausted = true;
      else running.set(begun, start(begun++, event.next.value, work));
    }
  } finally {
    for (const promise of running.values()) promise.catch(() => undefined);
    asked?.catch(() => undefined);
    // Not awaited: it may stand behind an answer of the storage that never comes.
    items.return(undefined).catch(() => undefined);
  }
}

type Event<Item, Result> =
  | { readonly kind: 'item'; readonly next: IteratorResult<Item> }
  | { readonly kind: 'result'; readonly id: number; readonly result: Result };

async function start<Item, Result>(
  id: number,
  item: Item,
  work: (item: Item) => Promise<Result>,
): Promise<Event<Item, Result>> {
  return { kind: 'result', id, result: await work(item) };
}
