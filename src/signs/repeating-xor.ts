import { isPrintable } from '../kernel/reference.ts';

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
  /** Longest key tried, in bytes. Default 256. */
  readonly longest?: number;
}

const MOST_BYTES = 1 << 18;
const LEAST_BYTES = 512;
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
  const { heads = [], longest = 256 } = options;
  const part = bytes.subarray(0, MOST_BYTES);
  if (part.length < LEAST_BYTES || heads.some((head) => startsWith(part, head))) return null;
  const wasText = shareOf(part, isPrintable) > NO_TEXT;
  for (const period of findPeriods(part, Math.min(longest, part.length >> 3))) {
    for (const { key, by, given } of guessKeys(part, period, heads)) {
      const plain = decode(part, key);
      const isBelieved =
        heads.length > 0 ? heads.some((head) => isKnownHead(plain, head, given)) : !wasText && isText(plain);
      if (!isBelieved || isNoKey(key)) continue;
      const coincidence = coincidenceAt(part, period);
      return {
        period,
        key,
        by,
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
  let equal = 0;
  const end = bytes.length - lag;
  for (let i = 0; i < end; i++) if (bytes[i] === bytes[i + lag]) equal++;
  return end > 0 ? equal / end : 0;
}

/** Periods whose coincidence is far from chance, the shortest first: a multiple of the key's length shows as well. */
function findPeriods(bytes: Uint8Array, longest: number): number[] {
  const limit = 1 / 256 + DEVIATIONS * Math.sqrt(1 / (256 * bytes.length));
  const found: { period: number; excess: number }[] = [];
  for (let period = 1; period <= longest; period++) {
    const excess = coincidenceAt(bytes, period) - limit;
    if (excess > 0) found.push({ period, excess });
  }
  const most = Math.max(...found.map(({ excess }) => excess), 0);
  return found
    .filter(({ excess }) => excess >= most * ALIKE)
    .map(({ period }) => period)
    .slice(0, 8);
}

interface Guess {
  readonly key: Uint8Array;
  readonly by: RepeatingXor['by'];
  /** Bytes of the head that went into the key, and so prove nothing. */
  readonly given: number;
}

function guessKeys(bytes: Uint8Array, period: number, heads: readonly Uint8Array[]): Guess[] {
  const { shifts, sum } = alignPlaces(countByPlace(bytes, period));
  const guesses: Guess[] = [
    { key: shifts.map((shift) => shift ^ commonestOf(sum)), by: 'zeros', given: 0 },
    { key: shifts.map((shift) => shift ^ commonestOf(sum) ^ 0x20), by: 'text', given: 0 },
    { key: shifts.map((shift) => shift ^ mostTextual(sum)), by: 'text', given: 0 },
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

function countByPlace(bytes: Uint8Array, period: number): Uint32Array[] {
  const counts = Array.from({ length: period }, () => new Uint32Array(256));
  for (let i = 0; i < bytes.length; i++) counts[i % period]![bytes[i]!]!++;
  return counts;
}

/** The places of the key have the same plain bytes, each shifted by its key: shifts that lay them over each other. */
function alignPlaces(places: readonly Uint32Array[]): { shifts: Uint8Array; sum: Float64Array } {
  const shifts = new Uint8Array(places.length);
  let sum = Float64Array.from(places[0]!);
  // The first round has little to go by at its beginning.
  for (let round = 0; round < 2; round++) {
    const next = new Float64Array(256);
    places.forEach((place, i) => {
      shifts[i] = bestShift(place, sum);
      for (let byte = 0; byte < 256; byte++) next[byte ^ shifts[i]!]! += place[byte]!;
      if (round === 0 && i > 0)
        for (let byte = 0; byte < 256; byte++) sum[byte ^ shifts[i]!]! += place[byte]!;
    });
    sum = next;
  }
  return { shifts, sum };
}

function bestShift(place: Uint32Array, sum: Float64Array): number {
  let best = 0;
  let most = -1;
  for (let shift = 0; shift < 256; shift++) {
    let alike = 0;
    for (let byte = 0; byte < 256; byte++) alike += place[byte]! * sum[byte ^ shift]!;
    if (alike > most) [most, best] = [alike, shift];
  }
  return best;
}

function commonestOf(column: Float64Array): number {
  return column.indexOf(Math.max(...column));
}

/** How much a byte speaks for text: about the logarithm of its frequency there, against uniform. */
const textual = Int8Array.from({ length: 256 }, (_, byte) => {
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
    for (let byte = 0; byte < 256; byte++) score += column[byte]! * textual[byte ^ key]!;
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
