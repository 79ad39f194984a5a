/** RFC 1951 §3.2.5. */
const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
] as const;
const lengthExtra = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
] as const;
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
] as const;
/** RFC 1951 §3.2.7. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;
const LONGEST_COPY = 258;
const END_OF_BLOCK = 256;

/**
 * Whether a raw deflate stream is one of a writer that looks for matches as far as they go: it decodes, to
 * `most` bytes and to its last byte, keeps no block as it is, and no copy could have been longer, as the byte behind it is another than the one
 * behind its source. So do zlib, libdeflate's fast levels, Java's and .NET's; random copies go wrong at about one in 15.
 */
export function hasLongestCopies(stream: Uint8Array, most: number): boolean {
  const bits = new Bits(stream);
  const output = new CopyWatch(most);
  for (let isFinal = false; !isFinal; ) {
    isFinal = bits.take(1) === 1;
    const codes = readCodes(bits, bits.take(2));
    if (codes === null || !decodeBlock(bits, codes, output)) return false;
  }
  return bits.isAtEnd;
}

interface Codes {
  readonly literals: Code;
  readonly distances: Code;
}

function decodeBlock(bits: Bits, { literals, distances }: Codes, output: CopyWatch): boolean {
  for (;;) {
    const symbol = literals.read(bits);
    if (symbol === END_OF_BLOCK) return true;
    if (symbol < 0 || bits.isOver) return false;
    if (symbol < END_OF_BLOCK) {
      if (!output.put(symbol)) return false;
      continue;
    }
    const length = lengthBase[symbol - 257];
    if (length === undefined) return false;
    const count = length + bits.take(lengthExtra[symbol - 257]!);
    const code = distances.read(bits);
    const base = distanceBase[code];
    if (base === undefined) return false;
    const distance = base + bits.take(code < 2 ? 0 : (code >> 1) - 1);
    if (!output.copy(count, distance)) return false;
  }
}

/** The codes of a block by its type; null for blocks that are stored, and for none. */
function readCodes(bits: Bits, type: number): Codes | null {
  if (type === 1) return fixedCodes;
  return type === 2 ? readDynamicCodes(bits) : null;
}

function readDynamicCodes(bits: Bits): Codes | null {
  const literals = 257 + bits.take(5);
  const distances = 1 + bits.take(5);
  const count = 4 + bits.take(4);
  const ofLengths = new Uint8Array(19);
  for (let i = 0; i < count; i++) ofLengths[lengthOrder[i]!] = bits.take(3);
  const lengths = readLengths(bits, new Code(ofLengths), literals + distances);
  if (lengths === null) return null;
  return {
    literals: new Code(lengths.subarray(0, literals)),
    distances: new Code(lengths.subarray(literals)),
  };
}

function readLengths(bits: Bits, code: Code, count: number): Uint8Array | null {
  const lengths = new Uint8Array(count);
  for (let i = 0; i < count; ) {
    const symbol = code.read(bits);
    if (symbol < 0 || bits.isOver) return null;
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    const value = symbol === 16 ? (lengths[i - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (i + times > count) return null;
    lengths.fill(value, i, i + times);
    i += times;
  }
  return lengths;
}

/** What was decoded, with an eye on what follows each copy. */
class CopyWatch {
  length = 0;
  readonly #bytes: Uint8Array;
  /** What would have made the last copy longer; −1 for nothing. */
  #missed = -1;

  constructor(most: number) {
    this.#bytes = new Uint8Array(most);
  }

  /** False where it's one byte too many, or makes the copy before it too short. */
  put(byte: number): boolean {
    if (byte === this.#missed || this.length >= this.#bytes.length) return false;
    this.#missed = -1;
    this.#bytes[this.length++] = byte;
    return true;
  }

  copy(count: number, distance: number): boolean {
    const from = this.length - distance;
    if (from < 0 || this.length + count > this.#bytes.length) return false;
    for (let i = 0; i < count; i++) if (!this.put(this.#bytes[from + i]!)) return false;
    this.#missed = count < LONGEST_COPY ? this.#bytes[from + count]! : -1;
    return true;
  }
}

/** Bits from the lowest of each byte on (RFC 1951 §3.1.1); zeros behind the end. */
class Bits {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#position > 8 * this.#bytes.length;
  }

  get isAtEnd(): boolean {
    return !this.isOver && this.#position > 8 * (this.#bytes.length - 1);
  }

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#position++) {
      value |= (((this.#bytes[this.#position >> 3] ?? 0) >> (this.#position & 7)) & 1) << i;
    }
    return value;
  }
}

/** A canonical prefix code (RFC 1951 §3.2.2), read bit by bit. */
class Code {
  readonly #counts = new Uint16Array(16);
  readonly #symbols: Uint16Array;

  constructor(lengths: Uint8Array) {
    for (const length of lengths) if (length > 0) this.#counts[length]!++;
    const offsets = new Uint16Array(17);
    for (let length = 1; length < 16; length++)
      offsets[length + 1] = offsets[length]! + this.#counts[length]!;
    this.#symbols = new Uint16Array(lengths.length);
    lengths.forEach((length, symbol) => {
      if (length > 0) this.#symbols[offsets[length]!++] = symbol;
    });
  }

  /** −1 where the bits are no code. */
  read(bits: Bits): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits.take(1);
      const count = this.#counts[length]!;
      if (code - first < count) return this.#symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  }
}

const fixedCodes: Codes = {
  literals: new Code(
    Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
  ),
  distances: new Code(new Uint8Array(30).fill(5)),
};
