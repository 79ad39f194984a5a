import type { KnownFormat, Signature } from './format.ts';

const nothing: readonly KnownFormat[] = Object.freeze([]);

/** A signature made ready: without its ignored edges, with the number of bits that it tests. */
interface Pattern {
  readonly format: KnownFormat;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
  readonly bits: number;
}

/**
 * Recognises formats by their magic bytes, all in one pass: at each offset that any signature names, one byte selects
 * the few patterns worth comparing. Tables are flat, so that a file without any costs one look-up for each offset.
 */
export class Matcher {
  /** How many bytes from the start of the file all signatures together look at. */
  readonly headBytes: number;
  /** How many bytes before the end of the file all signatures together look at. */
  readonly tailBytes: number;
  /** By rank: the most specific first. */
  readonly #formats: readonly KnownFormat[];
  /** The bytes and masks of all patterns, one behind the other; `#starts` says where each begins. */
  readonly #bytes: Uint8Array;
  readonly #masks: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #fromStart: Places;
  readonly #fromEnd: Places;
  readonly #hits: Uint16Array;

  /** @throws RangeError where a signature is malformed (odd hexadecimal, mask of another length, no bits, behind the end) */
  constructor(formats: readonly KnownFormat[]) {
    const patterns = formats.flatMap((format) => format.signatures.map((one) => compile(format, one)));
    // The sort is stable: signatures that test as many bits keep the order of the table.
    patterns.sort((a, b) => b.bits - a.bits);
    this.#formats = patterns.map((one) => one.format);
    this.#bytes = Uint8Array.from(patterns.flatMap((one) => [...one.bytes]));
    this.#masks = Uint8Array.from(patterns.flatMap((one) => [...one.mask]));
    this.#starts = startsOf(patterns);
    this.#fromStart = placesOf(patterns, (at) => at >= 0);
    this.#fromEnd = placesOf(patterns, (at) => at < 0);
    this.#hits = new Uint16Array(patterns.length);
    this.headBytes = Math.max(0, ...patterns.map((one) => (one.at < 0 ? 0 : one.at + one.bytes.length)));
    this.tailBytes = Math.max(0, ...patterns.map((one) => -one.at));
  }

  /**
   * The formats whose signature the file bears, the most specific first (most bits tested, then table order), each
   * once. `head` are the file's first bytes, `tail` its last ones (the same array where the file is small), `size` its
   * length; signatures that reach beyond what is given don't match. Where nothing matches nothing is allocated.
   */
  match(head: Uint8Array, tail: Uint8Array, size: number): readonly KnownFormat[] {
    const headEnd = Math.min(head.length, size);
    const tailStart = Math.max(0, tail.length - size);
    const atStart = this.#compare(this.#fromStart, head, 0, 0, headEnd, 0);
    const found = this.#compare(this.#fromEnd, tail, tail.length, tailStart, tail.length, atStart);
    return found === 0 ? nothing : this.#collect(found);
  }

  /** Compares at all places of `bytes`, whose offsets count from `origin` and which must lie in [start, end). */
  #compare(
    places: Places,
    bytes: Uint8Array,
    origin: number,
    start: number,
    end: number,
    found: number,
  ): number {
    const { offsets, selectors, candidates } = places;
    for (let place = 0; place < offsets.length; place++) {
      const at = origin + offsets[place]!;
      if (at < start) continue;
      if (at >= end) break;
      const selector = selectors[(place << 8) | bytes[at]!]!;
      if (selector === 0) continue;
      const ranks = candidates[selector]!;
      for (let i = 0; i < ranks.length; i++) {
        if (this.#stands(ranks[i]!, bytes, at, end)) this.#hits[found++] = ranks[i]!;
      }
    }
    return found;
  }

  #stands(rank: number, bytes: Uint8Array, at: number, end: number): boolean {
    const own = this.#bytes;
    const masks = this.#masks;
    const last = this.#starts[rank + 1]!;
    let i = this.#starts[rank]!;
    if (at + last - i > end) return false;
    for (let k = at; i < last; i++, k++) if ((bytes[k]! & masks[i]!) !== own[i]) return false;
    return true;
  }

  #collect(found: number): readonly KnownFormat[] {
    if (found === 1) return [this.#formats[this.#hits[0]!]!];
    const formats = new Set<KnownFormat>();
    for (const rank of this.#hits.subarray(0, found).sort()) formats.add(this.#formats[rank]!);
    return [...formats];
  }
}

/** The offsets that signatures name, ascending, and which patterns the byte at each of them selects. */
interface Places {
  readonly offsets: Int32Array;
  /** For each place 256 entries: by the byte that stands there, which of `candidates`; 0 for none. */
  readonly selectors: Uint16Array;
  /** Lists of ranks of patterns. */
  readonly candidates: readonly Uint16Array[];
}

function placesOf(patterns: readonly Pattern[], wanted: (at: number) => boolean): Places {
  const ranksAt = new Map<number, number[]>();
  patterns.forEach(({ at }, rank) => {
    if (!wanted(at)) return;
    const ranks = ranksAt.get(at);
    if (ranks === undefined) ranksAt.set(at, [rank]);
    else ranks.push(rank);
  });
  const offsets = [...ranksAt.keys()].sort((a, b) => a - b);
  const selectors = new Uint16Array(offsets.length * 256);
  const candidates: Uint16Array[] = [new Uint16Array(0)];
  for (const [place, at] of offsets.entries()) {
    for (const [byte, fitting] of ranksByByte(patterns, ranksAt.get(at)!)) {
      selectors[(place << 8) | byte] = candidates.push(Uint16Array.from(fitting)) - 1;
    }
  }
  return { offsets: Int32Array.from(offsets), selectors, candidates };
}

/** Which of these patterns each first byte selects. Every thread waits for this at its start: most name one byte. */
function ranksByByte(patterns: readonly Pattern[], ranks: readonly number[]): Map<number, number[]> {
  const byByte = new Map<number, number[]>();
  const add = (byte: number, rank: number) => {
    const fitting = byByte.get(byte);
    if (fitting === undefined) byByte.set(byte, [rank]);
    else fitting.push(rank);
  };
  for (const rank of ranks) {
    const mask = patterns[rank]!.mask[0]!;
    const first = patterns[rank]!.bytes[0]!;
    if (mask === 0xff) add(first, rank);
    else for (let byte = 0; byte < 256; byte++) if ((byte & mask) === first) add(byte, rank);
  }
  return byByte;
}

function startsOf(patterns: readonly Pattern[]): Uint32Array {
  const starts = new Uint32Array(patterns.length + 1);
  for (const [rank, pattern] of patterns.entries()) starts[rank + 1] = starts[rank]! + pattern.bytes.length;
  return starts;
}

function compile(format: KnownFormat, { at, hex, mask = 'ff'.repeat(hex.length / 2) }: Signature): Pattern {
  const bits = parseHex(mask, format.id);
  const bytes = parseHex(hex, format.id).map((byte, i) => byte & bits[i]!);
  const first = bits.findIndex((one) => one !== 0);
  if (bits.length !== bytes.length || first < 0)
    throw new RangeError(`signature of ${format.id}: mask ${mask}`);
  if (at < 0 && at + bytes.length > 0) throw new RangeError(`signature of ${format.id} ends behind the file`);
  const last = bits.findLastIndex((one) => one !== 0) + 1;
  return {
    format,
    at: at + first,
    bytes: bytes.subarray(first, last),
    mask: bits.subarray(first, last),
    bits: countBits(bits),
  };
}

function parseHex(hex: string, id: string): Uint8Array {
  if (!/^([0-9a-f]{2})+$/.test(hex)) throw new RangeError(`signature of ${id}: ${hex}`);
  return Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

function countBits(bytes: Uint8Array): number {
  let bits = 0;
  for (let byte of bytes) for (; byte !== 0; byte &= byte - 1) bits++;
  return bits;
}
