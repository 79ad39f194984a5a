import { BIT } from './odd-runs.ts';
import type { Encoding, Scanner } from './scanner.ts';

/** The scripts of the Basic Multilingual Plane, as far as texts keep to one. */
const kinds = [
  ...['wrong', 'ascii', 'latin', 'greek', 'cyrillic', 'hebrew', 'arabic', 'indic', 'thai', 'other', 'symbol'],
  ...['mark', 'private', 'wide', 'kana', 'han', 'rare', 'syllable', 'odd', 'high', 'low'],
] as const;
type Kind =
  | (
      | 'wrong'
      | 'ascii'
      | 'latin'
      | 'greek'
      | 'cyrillic'
      | 'hebrew'
      | 'arabic'
      | 'indic'
      | 'thai'
      | 'other'
      | 'symbol'
    )
  | ('mark' | 'private' | 'wide' | 'kana' | 'han' | 'rare' | 'syllable' | 'odd' | 'high' | 'low');
const kindNames: readonly Kind[] = kinds as readonly Kind[];
const kindCount = kindNames.length;

/** Blocks of Unicode 15.1; later rows overwrite earlier ones, what no row names is `wrong`. */
const blocks: readonly (readonly [first: number, last: number, kind: Kind])[] = [
  [0x20, 0x7e, 'ascii'],
  [0x09, 0x0a, 'ascii'],
  [0x0d, 0x0d, 'ascii'],
  [0xa0, 0x2af, 'latin'],
  [0x1e00, 0x1eff, 'latin'],
  [0x2b0, 0x36f, 'mark'],
  [0x370, 0x3ff, 'greek'],
  [0x1f00, 0x1fff, 'greek'],
  [0x400, 0x52f, 'cyrillic'],
  [0x530, 0x58f, 'other'],
  [0x590, 0x5ff, 'hebrew'],
  [0xfb1d, 0xfb4f, 'hebrew'],
  [0x600, 0x77f, 'arabic'],
  [0x8a0, 0x8ff, 'arabic'],
  [0xfb50, 0xfdcf, 'arabic'],
  [0xfdf0, 0xfdff, 'arabic'],
  [0xfe70, 0xfefc, 'arabic'],
  [0x900, 0xdff, 'indic'],
  [0xe00, 0xeff, 'thai'],
  [0xf00, 0x10ff, 'other'],
  [0x1100, 0x11ff, 'odd'],
  [0x1200, 0x1cff, 'other'],
  [0x2000, 0x2bff, 'symbol'],
  [0xfffc, 0xfffd, 'symbol'],
  [0xfb00, 0xfb06, 'symbol'],
  [0xfe00, 0xfe2f, 'mark'],
  [0xfeff, 0xfeff, 'mark'],
  [0xe000, 0xf8ff, 'private'],
  [0x3000, 0x303f, 'wide'],
  [0x3200, 0x33ff, 'wide'],
  [0xfe30, 0xfe4f, 'wide'],
  [0xff01, 0xff60, 'wide'],
  [0xffe0, 0xffe6, 'wide'],
  [0x3041, 0x30ff, 'kana'],
  [0x31f0, 0x31ff, 'kana'],
  [0xff61, 0xff9f, 'kana'],
  [0x3400, 0x4dbf, 'rare'],
  [0x4e00, 0x9fff, 'rare'],
  [0xf900, 0xfaff, 'rare'],
  [0x3105, 0x318f, 'odd'],
  [0xac00, 0xd7a3, 'odd'],
  [0xd800, 0xdbff, 'high'],
  [0xdc00, 0xdfff, 'low'],
];

/** Level 1 of the national standards, as spans of pairs that the Encoding Standard decodes. */
const levels: readonly (readonly [charset: string, first: number, last: number, kind: Kind])[] = [
  ['gbk', 0xb0a1, 0xd7f9, 'han'],
  ['shift_jis', 0x889f, 0x9872, 'han'],
  ['big5', 0xa440, 0xc67e, 'han'],
  ['euc-kr', 0xb0a1, 0xc8fe, 'syllable'],
];

const alphabets: readonly Kind[] = [
  'latin',
  'greek',
  'cyrillic',
  'hebrew',
  'arabic',
  'indic',
  'thai',
  'other',
];
const eastern: Weights = {
  ascii: 0.1,
  han: 0.56,
  kana: 0.18,
  wide: 0.1,
  rare: 0.012,
  syllable: 0.005,
  symbol: 0.02,
};
const korean: Weights = { ascii: 0.25, syllable: 0.68, odd: 0.02, han: 0.01, wide: 0.02, symbol: 0.02 };
const neutral: Weights = {
  ...{
    ascii: 0.5,
    latin: 0.03,
    greek: 0.03,
    cyrillic: 0.05,
    hebrew: 0.05,
    arabic: 0.05,
    indic: 0.05,
    thai: 0.05,
  },
  ...{
    other: 0.01,
    symbol: 0.06,
    han: 0.05,
    kana: 0.02,
    syllable: 0.03,
    wide: 0.02,
    rare: 0.002,
    odd: 0.001,
  },
};
type Weights = Partial<Record<Kind, number>>;

function weightsAfter(kind: Kind): Weights {
  if (kind === 'ascii') return { ...neutral, ascii: 0.9, latin: 0.04 };
  if (kind === 'high') return { low: 1 };
  if (alphabets.includes(kind))
    return { ascii: 0.22, [kind]: kind === 'latin' ? 0.1 : 0.7, mark: 0.01, symbol: 0.02 };
  if (kind === 'han' || kind === 'kana' || kind === 'wide' || kind === 'rare') return eastern;
  if (kind === 'syllable' || kind === 'odd') return korean;
  return neutral;
}

/** Shares of kinds that a row doesn't name; a low half never stands alone. */
const UNNAMED: Weights = {
  wrong: 0.0001,
  low: 0.00002,
  private: 0.0001,
  rare: 0.0004,
  odd: 0.0002,
  high: 0.002,
};
const ELSE = 0.0005;

interface Model {
  readonly kinds: Uint8Array;
  /** A row of `kindCount` costs after each kind. */
  readonly costs: Int16Array;
}

let shared: Model | null = null;

function model(): Model {
  shared ??= buildModel();
  return shared;
}

function buildModel(): Model {
  const ofUnit = new Uint8Array(65536);
  for (const [first, last, kind] of blocks) ofUnit.fill(kindNames.indexOf(kind), first, last + 1);
  for (const [charset, first, last, kind] of levels) {
    for (const unit of decodePairs(charset, first, last)) ofUnit[unit] = kindNames.indexOf(kind);
  }
  const counts = new Array<number>(kindCount).fill(0);
  for (const kind of ofUnit) counts[kind]!++;
  const costs = new Int16Array(kindCount * kindCount);
  kindNames.forEach((before, row) => {
    costs.set(costsAfter(weightsAfter(before), counts), row * kindCount);
  });
  return { kinds: ofUnit, costs };
}

/** True likelihood ratios: the probabilities of all 65,536 units after one add up to 1. */
function costsAfter(weights: Weights, counts: readonly number[]): number[] {
  const shares = kindNames.map((kind) => weights[kind] ?? UNNAMED[kind] ?? ELSE);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, i) => Math.round(BIT * Math.log2((counts[i]! / 65536) * (total / share))));
}

function* decodePairs(charset: string, first: number, last: number): Generator<number> {
  const pairs: number[] = [];
  for (let pair = first; pair <= last; pair++) {
    const trail = pair & 0xff;
    if (trail >= 0x40 && trail !== 0x7f && trail !== 0xff) pairs.push(pair >> 8, trail, 0x0a);
  }
  const text = new TextDecoder(charset).decode(Uint8Array.from(pairs));
  for (const line of text.split('\n')) {
    const unit = line.charCodeAt(0);
    if (line.length === 1 && unit >= 0x3000 && unit < 0xd800) yield unit;
  }
}

const LONE_ZERO = 8 * BIT;

class WideScanner implements Scanner {
  readonly width: 2 | 4;
  readonly #low: number;
  readonly #step: number;
  #before = kindNames.indexOf('ascii');
  #unitBefore = -1;

  /** `isBig`: the most significant byte comes first. */
  constructor(width: 2 | 4, isBig: boolean) {
    this.width = width;
    this.#low = isBig ? width - 1 : 0;
    this.#step = isBig ? -1 : 1;
  }

  scan(bytes: Uint8Array, _last: boolean, costs: Int16Array): number {
    const { kinds: ofUnit, costs: table } = model();
    const { width } = this;
    const count = Math.floor(bytes.length / width);
    let before = this.#before;
    for (let i = 0; i < count; i++) {
      const at = i * width + this.#low;
      const unit = bytes[at]! | (bytes[at + this.#step]! << 8);
      const kind = ofUnit[unit]!;
      // Zeros in a row are no random bytes; `ZeroRuns` looks after them.
      costs[i] = table[before * kindCount + kind]!;
      if (width === 4) costs[i] = this.#costOfUpper(bytes, at, costs[i]!);
      if (unit === 0) costs[i] = this.#unitBefore === 0 ? 0 : LONE_ZERO;
      this.#unitBefore = unit;
      before = kind;
    }
    this.#before = before;
    return count;
  }

  /** UTF-32: the upper half is 0, or 1–16 beyond the Basic Multilingual Plane. */
  #costOfUpper(bytes: Uint8Array, at: number, lower: number): number {
    const plane = bytes[at + 2 * this.#step]! | (bytes[at + 3 * this.#step]! << 8);
    if (plane === 0) return lower - 14 * BIT;
    return plane <= 16 ? -2 * BIT : 8 * BIT;
  }
}

function wide(name: string, width: 2 | 4, isBig: boolean, floor: number): Encoding {
  return { name, floor, mark: 0, scanner: () => new WideScanner(width, isBig) };
}

export const utf16le = wide('utf-16le', 2, false, 32);
export const utf16be = wide('utf-16be', 2, true, 32);
export const utf32le = wide('utf-32le', 4, false, 16);
export const utf32be = wide('utf-32be', 4, true, 16);
