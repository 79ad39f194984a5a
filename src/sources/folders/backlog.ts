/** A queue between a producer that can wait and a consumer that takes all there is at once. */
export class Backlog<T> {
  readonly #room: number;
  #items: T[] = [];
  #ended = false;
  #failure: unknown = null;
  #wakeConsumer: (() => void) | null = null;
  #waiting: (() => void)[] = [];

  /** @param room so many items may wait before the producer has to */
  constructor(room: number) {
    this.#room = room;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** Calls back when there is room: at once, or after the consumer took what waits. */
  whenRoom(go: () => void): void {
    if (this.#items.length < this.#room) go();
    else this.#waiting.push(go);
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure ??= error;
    this.end();
  }

  /** All items that wait, at least one; null at the end. @throws what `fail` was given */
  async take(): Promise<T[] | null> {
    while (this.#items.length === 0 && !this.#ended) await this.#sleep();
    if (this.#failure !== null) throw this.#failure;
    if (this.#items.length === 0) return null;
    const items = this.#items;
    this.#items = [];
    for (const go of this.#waiting.splice(0)) go();
    return items;
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeConsumer = resolve;
    });
  }

  #wake(): void {
    this.#wakeConsumer?.();
    this.#wakeConsumer = null;
  }
}
