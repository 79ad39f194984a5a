import { isPrintable } from '../kernel/reference.ts';
import { transform } from './walsh-hadamard.ts';

/** Bytes that were combined by exclusive or with a short key, over and over. */
export interface RepeatingXor {
  /** Length of the key in bytes. */
  readonly period: number;
  /** The byte for offset i of the file is `key[i % period]`. */
  readonly key: Uint8Array;
  /** What gave the key away: bytes that the type begins with, zeros, or what makes text. */
  readonly by: 'head' | 'zeros' | 'text';
  /** Share of equal bytes one period apart, and what random bytes show: 1/256. */
  readonly coincidence: number;
  /** The first bytes as they were, at most 64. */
  readonly head: Uint8Array;
  /** Share of printable bytes after decryption. */
  readonly printable: number;
}

export interface XorOptions {
  /** What a file of the promised type begins with, from offset 0, at least 5 bytes; one or several possibilities. */
  readonly heads?: readonly Uint8Array[];
  /** Whether these first bytes, decrypted, begin a file of the type that is expected. */
  readonly recognises?: (plain: Uint8Array) => boolean;
  /** Longest key of any length tried, in bytes; of powers of two, longer ones are. Default 256. */
  readonly longest?: number;
}

const MOST_BYTES = 1 << 16;
const LEAST_BYTES = 512;
const LONGEST_ALIGNED = 256;
/** Longest key of a power of two, in bytes. */
const LONGEST_POWER = 1 << 14;
/** Bytes that are compared with those one period further, and periods that are then tried. */
const COMPARED = 1 << 14;
const MOST_PERIODS = 4;
/** Deviations above the coincidence of random bytes from which a lag counts. */
const DEVIATIONS = 6;
/** Share of the best lag's excess that its divisors and multiples must reach. */
const ALIKE = 0.5;
const LEAST_HEAD = 4;
const TEXT = 0.97;
const NO_TEXT = 0.85;
/** Share of letters and digits in text, at least; a fill that becomes spaces has none. */
const WORDS = 0.15;
const CONTROLS = 0.0001;

/**
 * Finds a repeating key in the first bytes of a file, and the key itself.
 *
 * Coincidence κ(L) = #(xᵢ = xᵢ₊L)/(n − L) is 1/256 for random bytes; at multiples of the key's length the key cancels
 * out, and the plain bytes' own coincidence shows. The places of the key are laid over each other; what remains is one
 * byte, from a plain zero, a space, or whatever makes text; or the head that is expected gives the key. It's believed
 * only if what comes out is such a head or, where none is given, text where there was none before: plain records have
 * periods, too. Without a head all of a text's key may be off by one and the same value.
 * @param bytes from offset 0 of the file
 */
export function findRepeatingXor(bytes: Uint8Array, options: XorOptions = {}): RepeatingXor | null {
  const { heads = [], recognises, longest = 256 } = options;
  const part = bytes.subarray(0, MOST_BYTES);
  if (part.length < LEAST_BYTES || heads.some((head) => startsWith(part, head))) return null;
  if (recognises?.(part) === true) return null;
  // Text of which a part was wiped is text.
  const wasText =
    shareOf(
      part.filter((byte) => byte !== 0),
      isPrintable,
    ) > NO_TEXT;
  for (const period of findPeriods(part, Math.min(longest, part.length >> 3))) {
    for (const { key, by, given } of guessKeys(part, period, heads)) {
      const plain = decode(part, key);
      const isHead = heads.some((head) => isKnownHead(plain, head, given));
      const isOther = given === 0 && recognises?.(plain) === true;
      const isTextual = heads.length === 0 && !wasText && isText(plain);
      if (!(isHead || isOther || isTextual) || isNoKey(key)) continue;
      const coincidence = coincidenceAt(part, period);
      return {
        period,
        key,
        by: isHead || isOther ? 'head' : by,
        coincidence,
        head: plain.slice(0, 64),
        printable: shareOf(plain, isPrintable),
      };
    }
  }
  return null;
}

/** Share of bytes that equal the one `lag` further. */
export function coincidenceAt(bytes: Uint8Array, lag: number): number {
  const end = bytes.length - lag;
  return end > 0 ? countEqualAt(bytes, lag) / end : 0;
}

/** How many bytes equal the one `lag` further. */
export function countEqualAt(bytes: Uint8Array, lag: number): number {
  let equal = 0;
  const end = bytes.length - lag;
  for (let i = 0; i < end; i++) if (bytes[i] === bytes[i + lag]) equal++;
  return equal;
}

/** Periods whose coincidence is far from chance, the shortest first: a multiple of the key's length shows as well. */
function findPeriods(bytes: Uint8Array, longest: number): number[] {
  const limit = 1 / 256 + DEVIATIONS * Math.sqrt(1 / (256 * Math.min(COMPARED, bytes.length)));
  const found: { period: number; excess: number }[] = [];
  for (let period = 1; period <= longest; period++) {
    const excess = coincidenceAt(bytes.subarray(0, COMPARED + period), period) - limit;
    if (excess > 0) found.push({ period, excess });
  }
  for (
    let period = 2 * LONGEST_ALIGNED;
    period <= bytes.length >> 4 && period <= LONGEST_POWER;
    period *= 2
  ) {
    const excess = coincidenceAt(bytes.subarray(0, COMPARED + period), period) - limit;
    if (excess > 0) found.push({ period, excess });
  }
  const most = Math.max(...found.map(({ excess }) => excess), 0);
  return found
    .filter(({ excess }) => excess >= most * ALIKE)
    .map(({ period }) => period)
    .slice(0, MOST_PERIODS);
}

interface Guess {
  readonly key: Uint8Array;
  readonly by: RepeatingXor['by'];
  /** Bytes of the head that went into the key, and so prove nothing. */
  readonly given: number;
}

function guessKeys(bytes: Uint8Array, period: number, heads: readonly Uint8Array[]): Guess[] {
  if (period > LONGEST_ALIGNED) return guessLongKeys(bytes, period);
  const { shifts, sum } = alignPlaces(countByPlace(bytes, period));
  const commonest = commonestOf(sum);
  const textual = mostTextual(sum);
  const guesses: Guess[] = [
    { key: shifts.map((shift) => shift ^ commonest), by: 'zeros', given: 0 },
    { key: shifts.map((shift) => shift ^ commonest ^ 0x20), by: 'text', given: 0 },
    { key: shifts.map((shift) => shift ^ textual), by: 'text', given: 0 },
  ];
  for (const head of heads) {
    const rest = head[0]! ^ bytes[0]! ^ shifts[0]!;
    guesses.push({ key: shifts.map((shift) => shift ^ rest), by: 'head', given: 1 });
    if (head.length < period) continue;
    guesses.push({
      key: head.slice(0, period).map((byte, i) => byte ^ bytes[i]!),
      by: 'head',
      given: period,
    });
  }
  return guesses;
}

/** Too many places to be laid over each other: what is most frequent at each is a zero, or a space. */
function guessLongKeys(bytes: Uint8Array, period: number): Guess[] {
  const zeros = Uint8Array.from(countByPlace(bytes, period), (place) => place.indexOf(Math.max(...place)));
  return [
    { key: zeros, by: 'zeros', given: 0 },
    { key: zeros.map((byte) => byte ^ 0x20), by: 'text', given: 0 },
  ];
}

function countByPlace(bytes: Uint8Array, period: number): Uint32Array[] {
  const counts = Array.from({ length: period }, () => new Uint32Array(256));
  for (let i = 0; i < bytes.length; i++) counts[i % period]![bytes[i]!]!++;
  return counts;
}

/** The places of the key have the same plain bytes, each shifted by its key: shifts that lay them over each other. */
function alignPlaces(places: readonly Uint32Array[]): { shifts: Uint8Array; sum: Float64Array } {
  const shifts = new Uint8Array(places.length);
  const present = places.map(bytesIn);
  let sum = Float64Array.from(places[0]!);
  // The first round has little to go by at its beginning.
  for (let round = 0; round < 2; round++) {
    const next = new Float64Array(256);
    places.forEach((place, i) => {
      shifts[i] = bestShift(place, present[i]!, sum);
      for (const byte of present[i]!) next[byte ^ shifts[i]!]! += place[byte]!;
      if (round === 0 && i > 0) for (const byte of present[i]!) sum[byte ^ shifts[i]!]! += place[byte]!;
    });
    sum = next;
  }
  return { shifts, sum };
}

/** The byte values that occur: of short data few of the 256 do, and the others cost as much. */
function bytesIn(place: Uint32Array): Uint8Array {
  const present = new Uint8Array(256);
  let count = 0;
  for (let byte = 0; byte < 256; byte++) if (place[byte]! > 0) present[count++] = byte;
  return present.subarray(0, count);
}

/** Of so few values the sum itself is quicker than its transform. */
const FEW_VALUES = 12;
const product = new Float64Array(256);
const other = new Float64Array(256);

function bestShift(place: Uint32Array, present: Uint8Array, sum: Float64Array): number {
  if (present.length <= FEW_VALUES) correlate(place, present, sum);
  else correlateByTransform(place, sum);
  return product.indexOf(Math.max(...product));
}

function correlate(place: Uint32Array, present: Uint8Array, sum: Float64Array): void {
  for (let shift = 0; shift < 256; shift++) {
    let alike = 0;
    for (let i = 0; i < present.length; i++) alike += place[present[i]!]! * sum[present[i]! ^ shift]!;
    product[shift] = alike;
  }
}

function correlateByTransform(place: Uint32Array, sum: Float64Array): void {
  product.set(place);
  other.set(sum);
  transform(product);
  transform(other);
  for (let i = 0; i < 256; i++) product[i]! *= other[i]!;
  transform(product);
}

function commonestOf(column: Float64Array): number {
  return column.indexOf(Math.max(...column));
}

/** How much a byte speaks for text: about the logarithm of its frequency there, against uniform. */
const textuality = Int8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x20) return 5;
  if (byte >= 0x61 && byte <= 0x7a) return 'aeiourstln'.includes(String.fromCharCode(byte)) ? 4 : 3;
  if (byte === 0x0a || isAlphanumeric(byte)) return 3;
  if (isPrintable(byte)) return 2;
  return byte >= 0x80 ? -2 : -120;
});

function mostTextual(column: Float64Array): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let key = 0; key < 256; key++) {
    let score = 0;
    for (let byte = 0; byte < 256; byte++) score += column[byte]! * textuality[byte ^ key]!;
    if (score > most) [most, best] = [score, key];
  }
  return best;
}

function isAlphanumeric(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
}

/** A head that gave the key, or a byte of it, must go on beyond that. */
function isKnownHead(plain: Uint8Array, head: Uint8Array, given: number): boolean {
  return head.length >= given + LEAST_HEAD && startsWith(plain, head);
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte, i) => bytes[i] === byte);
}

/** Bytes as they are, and UTF-16 or padded text with its zeros shown as spaces. */
function isNoKey(key: Uint8Array): boolean {
  return key.every((byte) => byte === 0 || byte === 0x20);
}

function decode(bytes: Uint8Array, key: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => byte ^ key[i % key.length]!);
}

function isText(bytes: Uint8Array): boolean {
  if (shareOf(bytes, isPrintable) < TEXT || shareOf(bytes, isControl) > CONTROLS) return false;
  return shareOf(bytes, isAlphanumeric) > WORDS;
}

function isControl(byte: number): boolean {
  return byte < 0x80 && !isPrintable(byte);
}

function shareOf(bytes: Uint8Array, belongs: (byte: number) => boolean): number {
  let count = 0;
  for (const byte of bytes) if (belongs(byte)) count++;
  return count / bytes.length;
}
