/** Slots of a hash that is never more than half full. */
const SLOTS = 1 << 17;
const CODES = 1 << 16;
/** e⁻¹⁴ < 10⁻⁶. */
const DOUBTS = 14;

/**
 * LZW writers are greedy (Welch 1984): a code ends only where the string it stands for, with the next character, isn't in
 * the table yet. Random codes go on as they like, and now and then one ends although its string goes on in the table.
 * How often that is follows from the table: so many codes without that can't be chance.
 */
export class LzwGreed {
  /** Whether each code stood for as long a string as it could. */
  isGreedy = true;
  readonly #keys = new Int32Array(SLOTS).fill(-1);
  /** Of each slot: the string that it's made of, and which table it was in. */
  readonly #tables = new Int32Array(SLOTS);
  readonly #firsts = new Uint8Array(CODES);
  readonly #counts = new Uint32Array(256);
  readonly #suffixes = new Uint32Array(256);
  #table = 1;
  #next = 256;
  #added = 0;
  #floor = 0;

  constructor() {
    this.clear();
  }

  /** The shortest run of random bytes that shows as a code that ends too early, but for 1 in 10⁶. In bytes. */
  get floor(): number {
    return this.isGreedy ? Math.max(this.#floor, this.#floorNow()) : Number.POSITIVE_INFINITY;
  }

  /** The table begins anew; what was in it before counts for the floor. */
  clear(): void {
    if (this.#added > 0) this.#floor = Math.max(this.#floor, this.#floorNow());
    this.#table++;
    this.#next = 256;
    this.#added = 0;
    this.#suffixes.fill(0);
    this.#counts.fill(1);
    for (let byte = 0; byte < 256; byte++) this.#firsts[byte] = byte;
  }

  /** Code `code` was followed by a string that begins with `suffix`. `added`: the code that both get; −1 for none. */
  follow(code: number, suffix: number, added: number): void {
    const key = (code << 8) | suffix;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 15) & (SLOTS - 1);
    while (this.#tables[slot] === this.#table && this.#keys[slot] !== key) slot = (slot + 1) & (SLOTS - 1);
    if (this.#tables[slot] === this.#table) {
      this.isGreedy = false;
      return;
    }
    if (added < 0) return;
    this.#tables[slot] = this.#table;
    this.#keys[slot] = key;
    const first = this.#firsts[code]!;
    this.#firsts[added] = first;
    this.#counts[first]!++;
    this.#suffixes[suffix]!++;
    this.#added++;
    this.#next = added + 1;
  }

  /** Two codes taken at random: does the string of the first go on in the table with the first character of the second? */
  #floorNow(): number {
    const width = Math.ceil(Math.log2(Math.max(512, this.#next)));
    const codes = 1 << width;
    let pairs = 0;
    for (let byte = 0; byte < 256; byte++) pairs += this.#suffixes[byte]! * this.#counts[byte]!;
    const chance = pairs / codes / codes + (codes - this.#next) / codes;
    return Math.ceil(((DOUBTS / Math.min(0.999, chance)) * width) / 8) + 2 * width;
  }
}
