import type { Verdict } from '../../ledger/terms.ts';

/** Bytes of both ends that are compared over a scan. Key blocks and markers are rarely longer. */
export const HEAD = 256;
export const TAIL = 1024;

/** What of one file is compared with others of the same scan. Small, and made of plain values: it crosses threads. */
export interface Fingerprint {
  /** A digest of the path, 52 bits: decides which files stand for the others when there are too many. */
  readonly order: number;
  readonly verdict: Verdict;
  /** Codes of the rules that apply. */
  readonly codes: readonly string[];
  /** Bytes. */
  readonly size: number;
  /** How files of the promised type begin, or what they are: types that begin alike are one kind. Empty: no promise. */
  readonly kind: string;
  /** What stands behind the extension of a known type, or an extension that no known type has; else empty. */
  readonly newExtension: string;
  /** Whether magic bytes name a type. */
  readonly hasMagic: boolean;
  /** The first and the last bytes, one character each. */
  readonly head: string;
  readonly tail: string;
  /** Bytes behind the content's own end; null where that isn't known. */
  readonly tailLength: number | null;
  /** What in the tail can be checked without a key, with the tail's length: `size 534`; null where nothing holds. */
  readonly tailCheck: string | null;
  /** The layout of the random stretches, in words that are equal for equal layouts; null where it tells nothing. */
  readonly layout: string | null;
}

/** Rules that say ciphertext stands in the content itself, not only behind it or in the name. */
const contentRules = new Set([
  ...['E101', 'E102', 'E105', 'E106', 'E107', 'E108', 'E109', 'E110', 'E111'],
  ...['S201', 'S301', 'S303', 'S304', 'S307', 'S308', 'S309', 'S312', 'S313'],
]);
/** Rules that speak of nothing but the name, or of a note. */
const nameRules = new Set(['S305', 'S310', 'S311']);

/** Whether the content shows signs of its own: only such files teach what an incident's mark is. */
export function isHit({ verdict, codes }: Fingerprint): boolean {
  return (verdict === 'encrypted' || verdict === 'suspect') && codes.some((code) => contentRules.has(code));
}

/** Whether something is wrong with the bytes, be it behind the content only. */
export function isWrong({ codes }: Fingerprint): boolean {
  return codes.some((code) => !nameRules.has(code));
}

/** Whether random bytes were seen, in the content or behind it. */
export function isRandom(fingerprint: Fingerprint): boolean {
  return isHit(fingerprint) || fingerprint.codes.includes('S302');
}
