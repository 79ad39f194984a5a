import { CONTROL, costOfControl, isControl } from './controls.ts';
import { BIT } from './odd-runs.ts';
import type { Encoding, Scanner } from './scanner.ts';

type Span = readonly [first: number, last: number];

/** A set of one and two bytes a character, by ranges of its bytes. */
interface PairSet {
  readonly name: string;
  readonly leads: readonly Span[];
  readonly trails: readonly Span[];
  /** The first second byte of common pairs and symbols: extensions of a standard use lower ones. */
  readonly standardFrom: number;
  /** First and last pair (two bytes, big-endian) of what fills texts: level 1 characters, kana, syllables. */
  readonly common: readonly Span[];
  readonly symbols: readonly Span[];
  /** Single bytes beyond ASCII: half-width kana. */
  readonly singles: readonly Span[];
  /** Whether a lead, digit, lead, digit make one character (GB 18030). */
  readonly fours: boolean;
}

/** Level 1 of each standard holds what 99 % of texts are made of. Spans run over leads, within the trails. */
const sets: readonly PairSet[] = [
  {
    name: 'gb18030',
    leads: [[0x81, 0xfe]],
    trails: [
      [0x40, 0x7e],
      [0x80, 0xfe],
    ],
    // GB 2312 §5: rows 16–55 are level 1.
    common: [[0xb0a1, 0xd7f9]],
    symbols: [[0xa1a1, 0xa9fe]],
    singles: [],
    standardFrom: 0xa1,
    fours: true,
  },
  {
    name: 'shift_jis',
    leads: [
      [0x81, 0x9f],
      [0xe0, 0xfc],
    ],
    trails: [
      [0x40, 0x7e],
      [0x80, 0xfc],
    ],
    // JIS X 0208: kana, and rows 16–47, level 1.
    common: [
      [0x829f, 0x8396],
      [0x889f, 0x9872],
    ],
    symbols: [
      [0x8140, 0x829e],
      [0x839f, 0x84be],
    ],
    singles: [[0xa1, 0xdf]],
    standardFrom: 0x40,
    fours: false,
  },
  {
    name: 'euc-jp',
    leads: [
      [0xa1, 0xf4],
      [0x8e, 0x8e],
    ],
    trails: [[0xa1, 0xfe]],
    common: [
      [0xa4a1, 0xa5f6],
      [0xb0a1, 0xcfd3],
    ],
    symbols: [
      [0xa1a1, 0xa3fa],
      [0x8ea1, 0x8edf],
    ],
    singles: [],
    standardFrom: 0xa1,
    fours: false,
  },
  {
    name: 'euc-kr',
    leads: [[0x81, 0xfe]],
    trails: [
      [0x41, 0x5a],
      [0x61, 0x7a],
      [0x81, 0xfe],
    ],
    // KS X 1001: the 2,350 syllables.
    common: [[0xb0a1, 0xc8fe]],
    symbols: [[0xa1a1, 0xacfe]],
    singles: [],
    standardFrom: 0xa1,
    fours: false,
  },
  {
    name: 'big5',
    leads: [[0x81, 0xfe]],
    trails: [
      [0x40, 0x7e],
      [0xa1, 0xfe],
    ],
    common: [[0xa440, 0xc67e]],
    symbols: [[0xa140, 0xa3bf]],
    singles: [],
    standardFrom: 0x40,
    fours: false,
  },
];

/** 0 no pair, 1 common, 2 symbol, 3 rare. */
const COMMON = 1;
const SYMBOL = 2;
const RARE = 3;

/** How likely a kind follows ASCII, and a pair; the share of ASCII is spread over its 98 bytes alike. */
const after = {
  ascii: { ascii: 0.8, common: 0.13, symbol: 0.05, rare: 0.004, single: 0.004, four: 0.004, wrong: 0.0001 },
  pair: { ascii: 0.1, common: 0.76, symbol: 0.11, rare: 0.012, single: 0.005, four: 0.006, wrong: 0.0001 },
} as const;
type Kind = keyof (typeof after)['ascii'];

interface Model {
  readonly kinds: Uint8Array;
  readonly single: Uint8Array;
  readonly costs: readonly [ascii: Readonly<Record<Kind, number>>, pair: Readonly<Record<Kind, number>>];
  readonly fours: boolean;
}

function modelOf(set: PairSet): Model {
  const kinds = new Uint8Array(65536);
  for (let lead = 0x81; lead < 0xff; lead++) {
    if (!within(set.leads, lead)) continue;
    for (let trail = 0x30; trail < 0xff; trail++) {
      if (within(set.trails, trail)) kinds[(lead << 8) | trail] = kindOf(set, (lead << 8) | trail);
    }
  }
  const single = Uint8Array.from({ length: 256 }, (_, byte) => (within(set.singles, byte) ? 1 : 0));
  const share = (wanted: number) => kinds.reduce((sum, kind) => sum + (kind === wanted ? 1 : 0), 0) / 65536;
  const chance: Record<Kind, number> = {
    ascii: 98 / 256,
    common: share(COMMON),
    symbol: share(SYMBOL),
    rare: share(RARE),
    single: single.reduce((sum, is) => sum + is, 0) / 256,
    four: (126 * 10 * 126 * 10) / 2 ** 32,
    wrong: 158 / 256,
  };
  const costs = (shares: Readonly<Record<Kind, number>>) => {
    const of = (kind: Kind) => Math.round(BIT * Math.log2(chance[kind] / shares[kind] || 1));
    return {
      ascii: of('ascii'),
      common: of('common'),
      symbol: of('symbol'),
      rare: of('rare'),
      single: of('single'),
      four: of('four'),
      wrong: of('wrong'),
    };
  };
  return { kinds, single, costs: [costs(after.ascii), costs(after.pair)], fours: set.fours };
}

function kindOf(set: PairSet, pair: number): number {
  if ((pair & 0xff) < set.standardFrom) return RARE;
  if (within(set.common, pair)) return COMMON;
  return within(set.symbols, pair) ? SYMBOL : RARE;
}

function within(spans: readonly Span[], value: number): boolean {
  return spans.some(([first, last]) => value >= first && value <= last);
}

class DoubleByteScanner implements Scanner {
  readonly width = 1;
  readonly #model: Model;
  readonly #habits: ReadonlySet<number>;
  #afterPair = 0;
  #byteBefore = -1;

  constructor(model: Model, habits: ReadonlySet<number>) {
    this.#model = model;
    this.#habits = habits;
  }

  scan(bytes: Uint8Array, last: boolean, costs: Int16Array): number {
    let at = 0;
    while (at < bytes.length) {
      const byte = bytes[at]!;
      if (byte >= 0x80 && !last && at + 4 > bytes.length) break;
      at += byte < 0x80 ? this.#low(bytes, at, costs) : this.#high(bytes, at, costs);
      this.#byteBefore = byte;
    }
    return at;
  }

  #low(bytes: Uint8Array, at: number, costs: Int16Array): number {
    const row = this.#model.costs[this.#afterPair as 0 | 1];
    const byte = bytes[at]!;
    if (isControl(byte)) costs[at] = costOfControl(byte, this.#byteBefore, bytes[at + 1] ?? 0, this.#habits);
    else costs[at] = byte === 0x7f ? CONTROL : row.ascii;
    this.#afterPair = 0;
    return 1;
  }

  /** The cost of a pair stands at its second byte, so that a run's start keeps to characters. */
  #high(bytes: Uint8Array, at: number, costs: Int16Array): number {
    const { kinds, single, costs: rows, fours } = this.#model;
    const row = rows[this.#afterPair as 0 | 1];
    const kind = kinds[(bytes[at]! << 8) | (bytes[at + 1] ?? 0)]!;
    if (kind !== 0) {
      costs[at] = 0;
      costs[at + 1] = kind === COMMON ? row.common : kind === SYMBOL ? row.symbol : row.rare;
      this.#afterPair = 1;
      return 2;
    }
    if (fours && isFour(bytes, at)) {
      costs.fill(row.four >> 2, at, at + 4);
      this.#afterPair = 1;
      return 4;
    }
    costs[at] = single[bytes[at]!] === 1 ? row.single : row.wrong;
    this.#afterPair = single[bytes[at]!]!;
    return 1;
  }
}

/** GB 18030-2022 §6: 81–FE, 30–39, 81–FE, 30–39. */
function isFour(bytes: Uint8Array, at: number): boolean {
  const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;
  const third = bytes[at + 2] ?? 0;
  return isDigit(bytes[at + 1]) && third >= 0x81 && third < 0xff && isDigit(bytes[at + 3]);
}

/** Encodings of one and two bytes a character, their models built when first asked for. */
export const doubleByte: readonly Encoding[] = sets.map((set) => {
  let model: Model | null = null;
  return {
    name: set.name,
    floor: 64,
    mark: 0,
    scanner: (habits) => {
      model ??= modelOf(set);
      return new DoubleByteScanner(model, habits);
    },
  };
});
