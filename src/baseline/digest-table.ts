/** Bytes of a digest that are kept: two files share so many with a probability of 2⁻¹²⁸. */
const KEPT = 16;
const WORDS = KEPT / 4;
/** Of a hundred places so many are taken: three looks find a digest, or that it isn't there. */
const FILL = 0.7;

/** A set of digests, each with a number, in memory that threads share: 29 bytes a digest. */
export interface DigestTable {
  readonly keys: Uint32Array;
  readonly values: Uint32Array;
  readonly places: number;
}

/** Digests as they are found, before their number is known: 20 bytes each. */
export class DigestList {
  readonly #keys: Uint32Array[] = [];
  readonly #values: Uint32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param digest at least 16 bytes; @param value from 1 on */
  add(digest: Uint8Array, value: number): void {
    const at = this.#length % CHUNK;
    if (at === 0) {
      this.#keys.push(new Uint32Array(CHUNK * WORDS));
      this.#values.push(new Uint32Array(CHUNK));
    }
    const keys = this.#keys.at(-1)!;
    for (let i = 0; i < WORDS; i++) keys[at * WORDS + i] = wordOf(digest, i);
    this.#values.at(-1)![at] = value;
    this.#length++;
  }

  /** @param merge what the number of a digest becomes that comes twice */
  toTable(merge: (earlier: number, later: number) => number): DigestTable {
    const table = makeTable(this.#length);
    for (let i = 0; i < this.#length; i++) {
      const at = i % CHUNK;
      const keys = this.#keys[Math.floor(i / CHUNK)]!.subarray(at * WORDS, (at + 1) * WORDS);
      const value = this.#values[Math.floor(i / CHUNK)]![at]!;
      const place = placeOf(table, keys);
      table.keys.set(keys, place * WORDS);
      table.values[place] = table.values[place] === 0 ? value : merge(table.values[place]!, value);
    }
    return table;
  }
}

const CHUNK = 65_536;

/** The number of the digest; 0 if it isn't there. */
export function lookUp(table: DigestTable, digest: Uint8Array): number {
  const key = new Uint32Array(WORDS);
  for (let i = 0; i < WORDS; i++) key[i] = wordOf(digest, i);
  return table.values[placeOf(table, key)]!;
}

function makeTable(length: number): DigestTable {
  const places = Math.ceil(length / FILL) + 1;
  return {
    places,
    keys: new Uint32Array(new SharedArrayBuffer(places * KEPT)),
    values: new Uint32Array(new SharedArrayBuffer(places * 4)),
  };
}

/** Where the digest stands, or should. Digests are spread evenly by nature. */
function placeOf({ keys, values, places }: DigestTable, key: Uint32Array): number {
  let place = Math.floor((key[0]! / 2 ** 32) * places);
  while (values[place] !== 0 && !isAt(keys, place, key)) place = (place + 1) % places;
  return place;
}

function isAt(keys: Uint32Array, place: number, key: Uint32Array): boolean {
  for (let i = 0; i < WORDS; i++) if (keys[place * WORDS + i] !== key[i]) return false;
  return true;
}

function wordOf(digest: Uint8Array, i: number): number {
  return (
    (digest[4 * i]! | (digest[4 * i + 1]! << 8) | (digest[4 * i + 2]! << 16) | (digest[4 * i + 3]! << 24)) >>>
    0
  );
}
