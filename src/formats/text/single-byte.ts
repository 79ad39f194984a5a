import { type Charset, charsets, type Script } from './charsets.ts';
import { costOfControl, isControl } from './controls.ts';
import { BIT } from './odd-runs.ts';
import type { Encoding, Scanner } from './scanner.ts';

/**
 * Characters by their part in a word. `white`, `sign`, `lower` and `upper` are those of ASCII; `small`, `capital`,
 * `letter`, `accent` and `symbol` those beyond; `wrong` no text has.
 */
const parts = [
  'white',
  'sign',
  'lower',
  'upper',
  'small',
  'capital',
  'letter',
  'accent',
  'symbol',
  'wrong',
] as const;
type Part = (typeof parts)[number];
const ascii: readonly Part[] = ['white', 'sign', 'lower', 'upper'];
const partCount = parts.length;
const WRONG_PART = parts.indexOf('wrong');

type Weights = Partial<Record<Part | 'ascii', number>>;
type Transitions = Readonly<Record<Exclude<Part, 'wrong'>, Weights>>;

/**
 * How likely a part follows another, from the spelling of the scripts, not from any text at hand; weights of a row
 * need not add up to 1. `ascii` is spread over all of ASCII alike, as tables and source code aren't prose.
 */
const transitions: Readonly<Record<Exclude<Script, 'thai'>, Transitions>> = {
  latin: {
    white: { ascii: 0.9, small: 0.03, capital: 0.02, letter: 0.004, symbol: 0.03 },
    sign: { ascii: 0.94, small: 0.015, capital: 0.015, letter: 0.002, symbol: 0.025 },
    lower: { ascii: 0.9, small: 0.07, capital: 0.0005, letter: 0.003, symbol: 0.02 },
    upper: { ascii: 0.93, small: 0.03, capital: 0.03, letter: 0.002, symbol: 0.01 },
    small: { white: 0.2, sign: 0.1, lower: 0.6, upper: 0.002, small: 0.06, capital: 0.001, symbol: 0.02 },
    capital: { white: 0.08, sign: 0.06, lower: 0.55, upper: 0.2, small: 0.04, capital: 0.05, symbol: 0.01 },
    letter: { white: 0.4, sign: 0.3, lower: 0.2, upper: 0.02, letter: 0.02, symbol: 0.02 },
    accent: { white: 0.2, sign: 0.1, lower: 0.6, upper: 0.02, small: 0.03 },
    symbol: { white: 0.3, sign: 0.2, lower: 0.12, upper: 0.12, small: 0.02, capital: 0.02, symbol: 0.2 },
  },
  cased: {
    white: { ascii: 0.35, small: 0.4, capital: 0.2, symbol: 0.03 },
    sign: { ascii: 0.65, small: 0.15, capital: 0.15, symbol: 0.03 },
    lower: { ascii: 0.97, small: 0.004, capital: 0.004, symbol: 0.01 },
    upper: { ascii: 0.96, small: 0.006, capital: 0.006, symbol: 0.01 },
    small: {
      white: 0.16,
      sign: 0.07,
      lower: 0.001,
      upper: 0.001,
      small: 0.75,
      capital: 0.003,
      accent: 0.005,
      symbol: 0.01,
    },
    capital: {
      white: 0.05,
      sign: 0.07,
      lower: 0.002,
      upper: 0.003,
      small: 0.6,
      capital: 0.26,
      accent: 0.005,
      symbol: 0.01,
    },
    letter: { white: 0.4, sign: 0.3, small: 0.1, capital: 0.1, letter: 0.02, symbol: 0.02 },
    accent: { white: 0.1, sign: 0.1, small: 0.7, capital: 0.1, symbol: 0.02 },
    symbol: { white: 0.35, sign: 0.2, lower: 0.03, upper: 0.05, small: 0.12, capital: 0.12, symbol: 0.12 },
  },
  caseless: {
    white: { ascii: 0.35, letter: 0.6, symbol: 0.04 },
    sign: { ascii: 0.65, letter: 0.3, symbol: 0.04 },
    lower: { ascii: 0.97, letter: 0.006, symbol: 0.01 },
    upper: { ascii: 0.97, letter: 0.006, symbol: 0.01 },
    small: { white: 0.3, sign: 0.2, small: 0.1, letter: 0.3 },
    capital: { white: 0.3, sign: 0.2, small: 0.1, letter: 0.3 },
    letter: { white: 0.14, sign: 0.06, lower: 0.001, upper: 0.001, letter: 0.68, accent: 0.1, symbol: 0.015 },
    accent: { white: 0.08, sign: 0.04, letter: 0.75, accent: 0.12, symbol: 0.01 },
    symbol: { white: 0.35, sign: 0.2, lower: 0.03, upper: 0.03, letter: 0.25, symbol: 0.12 },
  },
};

/** Share of bytes that no text has; of parts that a row doesn't name. */
const WRONG = 0.000006;
const UNNAMED = 0.0002;

/** Thai letters take nearly all high bytes, so that Chinese and Korean pass for Thai: it gets less than its due. */
const DOUBT = 0.65;

/** What a set makes of its 256 bytes: their parts, and their costs after each part. */
interface Model {
  readonly parts: Uint8Array;
  /** `partCount` rows of 256 costs. */
  readonly costs: Int16Array;
}

export function modelOf(charset: Charset): Model {
  const high = charset.characters();
  const characters = high.length === 256 ? high : String.fromCharCode(...Array(128).keys()) + high;
  const ofByte = Uint8Array.from({ length: 256 }, (_, byte) =>
    parts.indexOf(partOf(characters[byte] ?? '\ufffd')),
  );
  const counts = new Array<number>(partCount).fill(0);
  for (const part of ofByte) counts[part]!++;
  const rows = transitions[charset.script === 'thai' ? 'caseless' : charset.script];
  const costs = new Int16Array(partCount * 256);
  for (let before = 0; before < partCount; before++) {
    const row = costsAfter(parts[before]!, rows, counts, charset.script === 'thai' ? DOUBT : 1);
    for (let byte = 0; byte < 256; byte++) costs[before * 256 + byte] = row[ofByte[byte]!]!;
  }
  return { parts: ofByte, costs };
}

function partOf(character: string): Part {
  if (/[\t\n\r ]/.test(character)) return 'white';
  if (/[a-z]/.test(character)) return 'lower';
  if (/[A-Z]/.test(character)) return 'upper';
  if (/[!-~]/.test(character)) return 'sign';
  if (/\p{Ll}/u.test(character)) return 'small';
  if (/\p{Lu}/u.test(character)) return 'capital';
  if (/\p{L}/u.test(character)) return 'letter';
  if (/\p{M}/u.test(character)) return 'accent';
  if (character === '\ufffd' || /\p{Cc}/u.test(character)) return 'wrong';
  return 'symbol';
}

/** True likelihood ratios: the probabilities of all 256 bytes after `before` add up to `doubt`, at most 1. */
function costsAfter(before: Part, rows: Transitions, counts: readonly number[], doubt: number): number[] {
  const weights = rows[before === 'wrong' ? 'sign' : before];
  const asciiCount = ascii.reduce((sum, part) => sum + counts[parts.indexOf(part)]!, 0);
  const shares = parts.map((part, i) => {
    if (counts[i] === 0) return 0;
    if (part === 'wrong') return WRONG;
    if (weights.ascii !== undefined && ascii.includes(part)) return (weights.ascii * counts[i]!) / asciiCount;
    return weights[part] ?? UNNAMED;
  });
  const total = shares.reduce((sum, share) => sum + share, 0) / doubt;
  return shares.map((share, i) => Math.round(BIT * Math.log2((counts[i]! / 256) * (total / (share || 1)))));
}

/** A sign repeated, or every other byte, is a ruler or a column, seldom chance. */
const REPEATED = -BIT;

class SingleByteScanner implements Scanner {
  readonly width = 1;
  readonly #model: Model;
  readonly #habits: ReadonlySet<number>;
  #before = 0;
  #byteBefore = -1;
  #byteBeforeThat = -1;

  constructor(model: Model, habits: ReadonlySet<number>) {
    this.#model = model;
    this.#habits = habits;
  }

  scan(bytes: Uint8Array, _last: boolean, costs: Int16Array): number {
    const { parts: ofByte, costs: table } = this.#model;
    let before = this.#before;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      costs[i] = table[before * 256 + byte]!;
      before = ofByte[byte]!;
      if (isControl(byte) && ofByte[byte] === WRONG_PART) {
        costs[i] = costOfControl(byte, this.#byteBefore, bytes[i + 1] ?? 0, this.#habits);
      } else if (byte >= 0x80 && (byte === this.#byteBefore || byte === this.#byteBeforeThat)) {
        costs[i] = Math.min(costs[i]!, REPEATED);
      }
      this.#byteBeforeThat = this.#byteBefore;
      this.#byteBefore = byte;
    }
    this.#before = before;
    return bytes.length;
  }
}

/** Single-byte encodings, their models built when first asked for. */
export const singleByte: readonly Encoding[] = charsets.map((charset) => {
  let model: Model | null = null;
  return {
    name: charset.name,
    floor: 64,
    mark: 0,
    scanner: (habits) => {
      model ??= modelOf(charset);
      return new SingleByteScanner(model, habits);
    },
  };
});
