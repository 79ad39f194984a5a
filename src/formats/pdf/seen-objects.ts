/** The objects that stand in the file, in the order in which the pass over all bytes met them. */
export class SeenObjects {
  count = 0;
  #offsets = new Float64Array(256);
  #numbers = new Uint32Array(256);
  readonly #latest = new Map<number, number>();

  /** Offsets must rise from call to call. */
  add(number: number, offset: number): void {
    if (this.count === this.#offsets.length) this.#grow();
    this.#offsets[this.count] = offset;
    this.#numbers[this.count++] = number;
    this.#latest.set(number, offset);
  }

  /** Number of the object that begins at `offset`; −1 if none does. */
  at(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#offsets[middle]!;
      if (found === offset) return this.#numbers[middle]!;
      if (found < offset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Offset of the last object with this number so far, or null. */
  latest(number: number): number | null {
    return this.#latest.get(number) ?? null;
  }

  #grow(): void {
    const offsets = new Float64Array(this.count * 2);
    const numbers = new Uint32Array(this.count * 2);
    offsets.set(this.#offsets);
    numbers.set(this.#numbers);
    [this.#offsets, this.#numbers] = [offsets, numbers];
  }
}
