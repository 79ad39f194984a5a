import type { Range } from '../bytes/range.ts';
import { chiSquareAt } from '../kernel/uniform.ts';

/** Bytes that use a small alphabet and, where they're `flat`, every symbol of it alike: an encoding of random bytes. */
export interface Alphabet extends Range {
  readonly name: 'hex' | 'base32' | 'base64' | 'base64url' | 'ascii85' | 'other';
  /** Symbols of the alphabet; for `other`, the different ones that are used. */
  readonly symbols: number;
  /** Symbols counted, line ends and padding left out. */
  readonly bytes: number;
  /** X² against all symbols being equally frequent, with `symbols` − 1 degrees of freedom. */
  readonly x2: number;
  /** Whether X² lies where that of random symbols does, but for 10⁻⁶ on either side. */
  readonly flat: boolean;
}

const digits = '0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();
const from33to117 = String.fromCharCode(...Array.from({ length: 85 }, (_, i) => 33 + i));

/** RFC 4648 sections 4 to 8; ascii85 as in PDF (ISO 32000-1, 7.4.3). Smallest first, hexadecimal in either case. */
const alphabets: readonly { readonly name: Alphabet['name']; readonly symbols: string }[] = [
  { name: 'hex', symbols: `${digits}abcdef` },
  { name: 'hex', symbols: `${digits}ABCDEF` },
  { name: 'base32', symbols: `${upper}234567` },
  { name: 'base64', symbols: `${upper}${lower}${digits}+/` },
  { name: 'base64url', symbols: `${upper}${lower}${digits}-_` },
  { name: 'ascii85', symbols: from33to117 },
];

/** Symbols that must be expected of each, for X² to follow its law. */
const LEAST_EACH = 5;
const FLAT_DEVIATE = 4.7534;
/** An unknown alphabet has at least 2 and at most this many symbols: with more, bytes as such are tested. */
const MOST_SYMBOLS = 128;
const PADDING = '='.charCodeAt(0);

/** The smallest alphabet that all these bytes belong to; null where they use more than a few, or are too few to tell. */
export function findAlphabet(bytes: Uint8Array, position = 0): Alphabet | null {
  const counts = countSymbols(bytes);
  const known = alphabets.find(({ symbols }) => isWithin(counts, symbols));
  const used =
    known === undefined ? usedIn(counts) : [...known.symbols].map((symbol) => symbol.charCodeAt(0));
  if (used.length < 2 || used.length > MOST_SYMBOLS) return null;
  const total = used.reduce((sum, symbol) => sum + counts[symbol]!, 0);
  if (total < LEAST_EACH * used.length) return null;
  const x2 =
    used.reduce((sum, symbol) => sum + (counts[symbol]! - total / used.length) ** 2, 0) /
    (total / used.length);
  return {
    start: position,
    end: position + bytes.length,
    name: known?.name ?? 'other',
    symbols: used.length,
    bytes: total,
    x2,
    flat: isFlat(x2, used.length - 1),
  };
}

/** Line ends and padding are no symbols. */
function countSymbols(bytes: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte]!++;
  counts[0x0a] = counts[0x0d] = 0;
  for (let end = bytes.length, most = 6; end > 0 && most > 0 && isPadding(bytes[end - 1]!); end--) {
    if (bytes[end - 1] === PADDING) {
      counts[PADDING]!--;
      most--;
    }
  }
  return counts;
}

function isPadding(byte: number): boolean {
  return byte === PADDING || byte === 0x0a || byte === 0x0d;
}

function isWithin(counts: Float64Array, symbols: string): boolean {
  return counts.every((count, byte) => count === 0 || symbols.includes(String.fromCharCode(byte)));
}

function usedIn(counts: Float64Array): number[] {
  return [...counts.keys()].filter((byte) => counts[byte]! > 0);
}

function isFlat(x2: number, degrees: number): boolean {
  return x2 >= chiSquareAt(-FLAT_DEVIATE, degrees) && x2 <= chiSquareAt(FLAT_DEVIATE, degrees);
}
