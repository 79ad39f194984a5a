/** What has a place in an order that has nothing to do with when it came. */
export interface Ordered {
  readonly order: number;
}

/**
 * The first `most` by order of all that were ever added, whatever the order in which they came: as orders are digests, an
 * even sample of them, the same in every run (bottom-k sampling, Cohen & Kaplan 2007).
 */
export class Sample<Item extends Ordered> {
  readonly #most: number;
  #items: Item[] = [];
  /** Orders from here on aren't wanted. */
  #limit = Number.POSITIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  wants(order: number): boolean {
    return order < this.#limit;
  }

  add(item: Item): void {
    if (!this.wants(item.order)) return;
    this.#items.push(item);
    if (this.#items.length >= 2 * this.#most) this.#trim();
  }

  /** In order. */
  items(): readonly Item[] {
    this.#trim();
    return this.#items;
  }

  #trim(): void {
    this.#items.sort((a, b) => a.order - b.order);
    if (this.#items.length <= this.#most) return;
    this.#items.length = this.#most;
    this.#limit = this.#items.at(-1)!.order;
  }
}
