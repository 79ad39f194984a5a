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

/** The patterns of one offset, by the byte that stands there. */
interface Place {
  readonly at: number;
  /** 256 lists of numbers of patterns. */
  readonly byFirst: readonly Uint16Array[];
}

/**
 * Recognises formats by their magic bytes, all in one pass: at each offset that any signature names, one byte selects
 * the few patterns worth comparing.
 */
export class Matcher {
  /** How many bytes from the start of the file all signatures together look at. */
  readonly headBytes: number;
  /** How many bytes before the end of the file all signatures together look at. */
  readonly tailBytes: number;
  readonly #patterns: readonly Pattern[];
  readonly #fromStart: readonly Place[];
  readonly #fromEnd: readonly Place[];
  readonly #hits: Uint16Array;

  /** @throws RangeError where a signature is malformed (odd hexadecimal, mask of another length, no bits, behind the end) */
  constructor(formats: readonly KnownFormat[]) {
    const patterns = formats.flatMap((format) => format.signatures.map((one) => compile(format, one)));
    // The sort is stable: signatures that test as many bits keep the order of the table.
    patterns.sort((a, b) => b.bits - a.bits);
    this.#patterns = patterns;
    this.#fromStart = placesOf(patterns, (at) => at >= 0);
    this.#fromEnd = placesOf(patterns, (at) => at < 0);
    this.#hits = new Uint16Array(patterns.length);
    this.headBytes = Math.max(0, ...patterns.filter(isFromStart).map((one) => one.at + one.bytes.length));
    this.tailBytes = Math.max(0, ...patterns.map((one) => -one.at));
  }

  /**
   * The formats whose signature the file bears, the most specific first (most bits tested, then table order), each
   * once. `head` are the file's first bytes, `tail` its last ones (the same array where the file is small), `size` its
   * length; signatures that reach beyond what is given don't match. Where nothing matches nothing is allocated.
   */
  match(head: Uint8Array, tail: Uint8Array, size: number): readonly KnownFormat[] {
    const headLength = Math.min(head.length, size);
    const tailLength = Math.min(tail.length, size);
    let found = 0;
    for (const { at, byFirst } of this.#fromStart) {
      if (at >= headLength) break;
      found = this.#compare(byFirst[head[at]!]!, head, at, headLength, found);
    }
    for (const { at, byFirst } of this.#fromEnd) {
      const start = tailLength + at;
      if (start < 0) continue;
      const offset = start + tail.length - tailLength;
      found = this.#compare(byFirst[tail[offset]!]!, tail, offset, tail.length, found);
    }
    return found === 0 ? nothing : this.#collect(found);
  }

  #compare(candidates: Uint16Array, from: Uint8Array, at: number, end: number, found: number): number {
    for (let i = 0; i < candidates.length; i++) {
      const { bytes, mask } = this.#patterns[candidates[i]!]!;
      if (at + bytes.length > end) continue;
      let k = 0;
      while (k < bytes.length && (from[at + k]! & mask[k]!) === bytes[k]) k++;
      if (k === bytes.length) this.#hits[found++] = candidates[i]!;
    }
    return found;
  }

  #collect(found: number): readonly KnownFormat[] {
    // Numbers of patterns are ranks: the lowest is the most specific.
    const ranks = this.#hits.subarray(0, found).sort();
    const formats = new Set<KnownFormat>();
    for (const rank of ranks) formats.add(this.#patterns[rank]!.format);
    return [...formats];
  }
}

function isFromStart(pattern: Pattern): boolean {
  return pattern.at >= 0;
}

function placesOf(patterns: readonly Pattern[], wanted: (at: number) => boolean): Place[] {
  const offsets = [...new Set(patterns.map((one) => one.at).filter(wanted))].sort((a, b) => a - b);
  return offsets.map((at) => {
    const ranks = [...patterns.keys()].filter((rank) => patterns[rank]!.at === at);
    return { at, byFirst: Array.from({ length: 256 }, (_, byte) => candidates(patterns, ranks, byte)) };
  });
}

function candidates(patterns: readonly Pattern[], ranks: readonly number[], byte: number): Uint16Array {
  const fitting = ranks.filter((rank) => (byte & patterns[rank]!.mask[0]!) === patterns[rank]!.bytes[0]);
  return Uint16Array.from(fitting);
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
