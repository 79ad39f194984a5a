/** How bytes are written in letters. */
export type DigitAlphabet = 'base64' | 'hex';

/** Digits that hold one piece for the test for evenness. */
const PIECE = 4096;
/** Rarer than one in 10⁹ for digits drawn evenly: χ² with 63 and with 15 degrees of freedom. */
const MOST_UNEVEN: Readonly<Record<DigitAlphabet, number>> = { base64: 150, hex: 80 };

const sextets = new Int8Array(256).fill(-1);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((digit, value) => {
  sextets[digit.charCodeAt(0)] = value;
});
sextets[0x2d] = 62;
sextets[0x5f] = 63;

const nibbles = new Int8Array(256).fill(-1);
[...'0123456789abcdef'].forEach((digit, value) => {
  nibbles[digit.charCodeAt(0)] = nibbles[digit.toUpperCase().charCodeAt(0)] = value;
});

/** Looks at digits in pieces: of which alphabet they are, and whether they look drawn evenly, as dense data do. */
export class DigitCensus {
  readonly #counts = new Uint32Array(256);
  #held = 0;
  /** All digits seen. */
  digits = 0;
  isHex = true;
  /** Whether any piece is so even that it may be ciphertext, a digest, or compressed data. */
  isEven = false;

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (sextets[byte]! < 0) continue;
      if (nibbles[byte]! < 0) this.isHex = false;
      this.#counts[byte]!++;
      if (++this.#held === PIECE) this.#weigh();
    }
  }

  finish(): void {
    if (this.#held >= 96 || this.digits === 0) this.#weigh();
  }

  #weigh(): void {
    this.digits += this.#held;
    const alphabet = this.isHex ? 'hex' : 'base64';
    this.isEven ||= this.#held > 0 && unevenness(this.#counts, this.#held, alphabet) < MOST_UNEVEN[alphabet];
    this.#counts.fill(0);
    this.#held = 0;
  }
}

/** χ² of the digits against an even distribution. */
function unevenness(counts: Uint32Array, total: number, alphabet: DigitAlphabet): number {
  const values = alphabet === 'hex' ? nibbles : sextets;
  const size = alphabet === 'hex' ? 16 : 64;
  const ofValue = new Float64Array(size);
  for (let byte = 0; byte < 256; byte++) if (values[byte]! >= 0) ofValue[values[byte]!]! += counts[byte]!;
  const expected = total / size;
  return ofValue.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** The bytes that the digits stand for; what is no digit is skipped, bits that fill no byte are dropped. */
export function decodeDigits(digits: Uint8Array, alphabet: DigitAlphabet): Uint8Array {
  const values = alphabet === 'hex' ? nibbles : sextets;
  const width = alphabet === 'hex' ? 4 : 6;
  const decoded = new Uint8Array(Math.floor((digits.length * width) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < digits.length; i++) {
    const value = values[digits[i]!]!;
    if (value < 0) continue;
    held = ((held << width) | value) & 0xffff;
    bits += width;
    if (bits < 8) continue;
    bits -= 8;
    decoded[at++] = held >> bits;
  }
  return decoded.subarray(0, at);
}
