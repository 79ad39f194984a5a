/** Where the newest version of an object stands (ISO 32000-1 §7.5.4, §7.5.8). */
export type Place =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'inStream'; readonly container: number; readonly index: number };

/** ISO 32000-1, annex C: the highest object number. */
export const HIGHEST_OBJECT = 8_388_607;

const UNKNOWN = 0;
const FREE = 1;
const OFFSET = 2;
const IN_STREAM = 3;

/**
 * What the cross-reference sections say, the newest first: what is known of a number stays. Grows with the
 * entries that were read, never by what the file promises.
 */
export class CrossReferences {
  #kinds = new Uint8Array(256);
  #places = new Float64Array(256);
  #indices = new Uint32Array(256);

  noteFree(object: number): void {
    this.#note(object, FREE, 0, 0);
  }

  noteOffset(object: number, offset: number): void {
    this.#note(object, OFFSET, offset, 0);
  }

  noteInStream(object: number, container: number, index: number): void {
    this.#note(object, IN_STREAM, container, index);
  }

  /** Object numbers from here on are unknown. */
  get length(): number {
    return this.#kinds.length;
  }

  place(object: number): Place | null {
    const kind = this.#kinds[object] ?? UNKNOWN;
    if (kind === FREE) return { kind: 'free' };
    if (kind === OFFSET) return { kind: 'offset', offset: this.#places[object]! };
    if (kind === UNKNOWN) return null;
    return { kind: 'inStream', container: this.#places[object]!, index: this.#indices[object]! };
  }

  #note(object: number, kind: number, place: number, index: number): void {
    if (!Number.isSafeInteger(object) || object < 0 || object > HIGHEST_OBJECT) return;
    if (object >= this.#kinds.length) this.#grow(object + 1);
    if (this.#kinds[object] !== UNKNOWN) return;
    this.#kinds[object] = kind;
    this.#places[object] = place;
    this.#indices[object] = index;
  }

  #grow(least: number): void {
    const length = Math.min(HIGHEST_OBJECT + 1, Math.max(least, this.#kinds.length * 2));
    const kinds = new Uint8Array(length);
    const places = new Float64Array(length);
    const indices = new Uint32Array(length);
    kinds.set(this.#kinds);
    places.set(this.#places);
    indices.set(this.#indices);
    [this.#kinds, this.#places, this.#indices] = [kinds, places, indices];
  }
}
